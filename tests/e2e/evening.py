"""An evening of a small shop: three teams, their services, and what went wrong so far.

All of it is said through the API and the front door, as tools and people would.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

import httpx
from msgspec import Struct, field
from tests.scenarios.installation import PASSWORD, Api, Installation, Person, eventually
from tests.scenarios.tools import Mailbox, text_of

ZONE = "Europe/Berlin"
PEOPLE = {"Ben": "manager", "Chidi": "responder", "Dana": "responder", "Emil": "stakeholder"}
TEAMS = {"Payments": ("Ben", "Ada", "Chidi"), "Storefront": ("Dana", "Chidi", "Ada")}
SERVICES = (
    ("Payments", "Checkout API", 1, "high", "Takes the order and the money."),
    ("Payments", "Card Vault", 1, "high", "Keeps card numbers so that nobody else has to."),
    ("Storefront", "Product Search", 2, "medium", "Finds things to buy."),
    ("Storefront", "Image Resizer", 3, "low", "Makes pictures small enough for phones."),
)


def member(name: str) -> str:
    return f"{name.lower()}@example.org"


def phone_mail(name: str) -> str:
    """Return where the person is paged by mail."""
    return f"{name.lower()}.phone@example.org"


class Evening(Struct, kw_only=True):
    """An installation full of life; ids by name."""

    installation: Installation
    mailbox: Mailbox
    ada: Person
    api: Api
    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    services: dict[str, int] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    rotas: dict[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.installation.url

    def close(self) -> None:
        """Close the connections of everybody."""
        self.api.http.close()
        for person in self.people.values():
            person.browser.close()

    def send(self, service: str, summary: str, **more: Any) -> None:
        """Send an alert about a service in plain JSON."""
        body = {"summary": summary, "dedup_key": summary, "severity": "critical", **more}
        answer = httpx.post(f"{self.url}/in/{self.keys[service]}", json=body, timeout=30)
        assert answer.is_success, answer.text

    def incident(self, service: str) -> dict[str, Any]:
        """Return the live incident of a service as soon as there is one."""
        service_id = self.services[service]
        return eventually(
            lambda: next(
                (
                    one
                    for one in self.api.get("/incidents", state="live")["items"]
                    if one["service"] and one["service"]["id"] == service_id
                ),
                {},
            ),
            what=f"an incident of {service}",
        )

    def page(self, service: str) -> dict[str, Any]:
        """Return the page of the live incident of a service as soon as there is one."""
        subject = f"incident:{self.incident(service)['id']}"
        return eventually(
            lambda: next(
                (one for one in self.api.get("/pages")["items"] if one["subject"] == subject), {}
            ),
            what=f"a page about {subject}",
        )

    def break_new_service(self, name: str, *, team: str = "Payments") -> dict[str, Any]:
        """Make a service that nobody else uses, break it, and return its page.

        A minute passes first: who was paged often in the last one would get a digest instead.
        """
        self.installation.move_clock(minutes=1.1)
        add_service(self, team, name, 2, "medium", "")
        self.send(name, f"{name} does not answer")
        return self.page(name)


def add_service(
    evening: Evening, team: str, name: str, tier: int, criticality: str, description: str
) -> None:
    slug = name.lower().replace(" ", "-")
    made = evening.api.post(
        "/services",
        name=name,
        team_id=evening.teams[team],
        tier=tier,
        criticality=criticality,
        description=description,
        environments=["PROD"],
        runbook_url=f"https://wiki.example.org/runbooks/{slug}",
        dashboard_url=f"https://grafana.example.org/d/{slug}",
        repository_url=f"https://git.example.org/{slug}",
    )
    evening.services[name] = made["id"]
    key = evening.api.post(
        "/integrations", name=f"{name} checks", kind="json", service_id=made["id"]
    )
    evening.keys[name] = key["key"]


def begin(installation: Installation, mailbox: Mailbox) -> Evening:
    """Fill a new installation: people, teams, services, rotas."""
    ada = installation.first_admin()
    evening = Evening(installation=installation, mailbox=mailbox, ada=ada, api=ada.api())
    evening.people["Ada"] = ada
    evening.ids["Ada"] = evening.api.get("/me")["person"]["id"]
    for name, role in PEOPLE.items():
        _invite(evening, name, role)
    for name, members in TEAMS.items():
        _add_team(evening, name, members)
    for service in SERVICES:
        add_service(evening, *service)
    _add_mail(evening, {name for names in TEAMS.values() for name in names})
    return evening


def _invite(evening: Evening, name: str, role: str) -> None:
    link = evening.api.post("/invitations", email=member(name), role=role)["link"]
    person = Person(evening.url, member(name))
    person.post(link, name=name, password=PASSWORD, time_zone=ZONE, language="en")
    evening.people[name] = person
    evening.ids[name] = person.browser.get("/api/v1/me").json()["person"]["id"]


def _add_team(evening: Evening, name: str, members: tuple[str, ...]) -> None:
    api = evening.api
    team_id = evening.teams[name] = api.post("/teams", name=name, description="")["id"]
    for place, one in enumerate(members):
        role = "manager" if place == 0 else "responder"
        api.put(f"/teams/{team_id}/members/{evening.ids[one]}", role=role)
    rota = api.post(
        "/rotas",
        name=name,
        team_id=team_id,
        time_zone=ZONE,
        lieutenant={"kind": "previous"},
        layers=[
            {
                "name": "Weekly",
                "time_zone": ZONE,
                # Ben, then Ada, …: the first is on call in the first week of 2026
                "starts_on": "2026-01-05",
                "hands_over_at": "09:00",
                "members": [{"user_id": evening.ids[one]} for one in members],
            }
        ],
    )
    evening.rotas[name] = rota["id"]


def on_call(evening: Evening, rota: str) -> str:
    """Return the name of who is on call now."""
    items = evening.api.get("/oncall")["items"]
    (now,) = [one for one in items if one["rota"]["id"] == evening.rotas[rota]]
    names = {number: name for name, number in evening.ids.items()}
    return names[now["primary"]["user_id"]]


def _add_mail(evening: Evening, names: Iterable[str]) -> None:
    """Give everybody a proven mail address to be paged at."""
    apis = {name: evening.people[name].api("view", "respond", "own") for name in names}
    methods = {
        name: api.post("/contact-methods", kind="email", address=phone_mail(name))["id"]
        for name, api in apis.items()
    }
    for name, api in apis.items():
        api.post(f"/contact-methods/{methods[name]}/verify", code=_code(evening, phone_mail(name)))
        api.http.close()


def _code(evening: Evening, address: str) -> str:
    mails = eventually(lambda: evening.mailbox.to(address), what=f"the code for {address}")
    code = re.search(r"\b(\d{6})\b", text_of(mails[0]))
    assert code, text_of(mails[0])
    return code[1]


def tell_the_story(evening: Evening, pass_time: Callable[[float], None] = lambda _: None) -> None:
    """What went wrong tonight: something over, something in hand, something waiting.

    `pass_time` moves the clock by that many minutes between the chapters.
    """
    api = evening.api
    evening.send("Image Resizer", "Thumbnails take 4 s (p95)", severity="warning", source="grafana")
    evening.send("Product Search", "Index is read-only: disk 96 % full", severity="error")
    search = evening.incident("Product Search")
    pass_time(9)
    api.post(f"/incidents/{search['id']}/resolve", comment="Old shards removed.")
    pass_time(52)
    evening.send("Card Vault", "Replica is 90 s behind", severity="error", source="vault-db-2")
    vault = evening.incident("Card Vault")
    pass_time(2)
    api.post(f"/incidents/{vault['id']}/on-it")
    api.post(
        f"/incidents/{vault['id']}/notes",
        text="The nightly **export** holds a lock. It ends by itself in ten minutes.",
    )
    pass_time(7)
    api.post(
        "/changes",
        summary="checkout-api 4.18.0: retry card payments once",
        service="checkout-api",
        kind="deploy",
        source="pipeline",
        environment="PROD",
    )
    pass_time(11)
    evening.send(
        "Checkout API",
        "Orders fail: 12 % of payments time out",
        source="prometheus",
        labels={"alertname": "CheckoutErrorRate", "region": "eu-central", "job": "checkout"},
        details={
            "description": "More than 5 % of orders failed over the last 5 minutes.",
            "log_lines": [
                "ERROR payment timeout after 5000 ms order=81322",
                "ERROR payment timeout after 5000 ms order=81325",
                "WARN  circuit to card-vault is half open",
            ],
        },
    )
    evening.page("Checkout API")
    pass_time(2)
