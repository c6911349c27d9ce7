"""What a team leaves behind after an evening: a runbook, what readers were told, what it taught."""

from datetime import timedelta
from typing import Any

from tests.e2e.evening import Evening
from tests.factories.pictures import png
from tests.scenarios.installation import eventually

RUNBOOK = """Orders fail when payments wait for the card vault.

- [ ] Look at the **dashboard** of the vault
- [ ] Turn the retries off

```sh
vaultctl retries off
```
"""


def pages_after(evening: Evening) -> list[str]:
    """Make one of everything that outlives an incident; the addresses of its pages."""
    return [
        *_runbook(evening),
        *_status_page(evening),
        *_item_to_review(evening),
        *_postmortem(evening),
    ]


def _runbook(evening: Evening) -> list[str]:
    made = evening.api.post(
        "/runbooks",
        title="Orders fail: payments wait",
        text=RUNBOOK,
        tags=["payments"],
        owner={"team_id": evening.teams["Payments"]},
    )
    slug = made["slug"]
    evening.api.put(f"/runbooks/{slug}/links", services=["checkout-api"], alerts=[])
    evening.api.post("/runbooks/missing", text="What to do when thumbnails are slow")
    incident = evening.incident("Checkout API")["id"]
    return [
        f"/runbooks/{slug}/",
        f"/runbooks/{slug}/edit/",
        f"/runbooks/{slug}/links/",
        f"/runbooks/{slug}/versions/",
        f"/incidents/{incident}/runbooks/{slug}/",
    ]


def _status_page(evening: Evening) -> list[str]:
    api = evening.api
    page = api.post("/status-pages", title="Evening shop", description="Everything you can buy")
    one = f"/status-pages/{page['id']}"
    services = [evening.services["Checkout API"]]
    part = api.post(f"{one}/components", name="Payments", service_ids=services)
    api.post(f"{one}/components", name="Search")
    post = api.post(
        f"{one}/posts",
        title="Some payments fail",
        text="Every tenth payment times out. **Try again**: nothing is taken twice.",
        statuses={part["id"]: "partial_outage"},
        incident_id=evening.incident("Checkout API")["id"],
    )
    starts = evening.installation.now() + timedelta(days=3)
    work = api.post(
        f"{one}/maintenance",
        title="New disks",
        starts_at=starts.isoformat(),
        ends_at=(starts + timedelta(hours=2)).isoformat(),
        component_ids=[part["id"]],
    )
    public = f"/status/{page['slug']}/"
    return [
        public,
        f"{public}history.html",
        f"{one}/",
        f"{one}/edit/",
        f"{one}/components/new/",
        f"{one}/posts/",
        f"{one}/posts/new/",
        f"{one}/posts/{post['id']}/",
        f"{one}/maintenance/{work['id']}/",
        f"{one}/maintenance/new/",
        f"{one}/look/",
        f"{one}/copies/",
        f"{one}/subscribers/",
        f"{one}/subscribers/import/",
    ]


def _item_to_review(evening: Evening) -> list[str]:
    made = evening.api.post(
        "/triage/items",
        title="The total is rounded the wrong way",
        description="Seen on two receipts.",
        team_id=evening.teams["Payments"],
        impact="low",
        urgency="medium",
        users_affected=40,
    )
    item = f"/triage/{made['id']}/"
    team = f"/triage/teams/{evening.teams['Payments']}/"
    return [item, f"{item}edit/", team, f"{team}skills/"]


def _postmortem(evening: Evening) -> list[str]:
    """The draft about the search, which ended: its owner, one section and one action."""
    api = evening.api
    items = api.get("/incidents", state="all")["items"]
    ended = next(one for one in items if "read-only" in one["title"] and one["resolved_at"])
    evening.ada.post(f"/incidents/{ended['id']}/postmortem/")
    found = eventually(lambda: _about(evening, ended["id"]), what="the draft")
    one = f"/postmortems/{found['id']}"
    dana = evening.ids["Dana"]
    api.put(f"{one}/people", owner_id=dana, reviewer_ids=[evening.ids["Ben"]])
    api.put(f"{one}/words", tags=["disk"], factors=["No alert at 80 %", "Old shards stay"])
    sections = api.get(f"{one}/sections")["items"]
    first = next(section for section in sections if not section["text"])
    shown = _attach(evening, one, "disk.png", png(1200, 400))
    _attach(evening, one, "elastic.log", b"[WARN] flood stage disk watermark exceeded\n")
    text = f"Search was read-only: it should have been noticed.\n\n{shown}"
    api.put(f"{one}/sections/{first['id']}", text=text, version=first["version"])
    action = api.post(
        f"{one}/actions", title="Shards older than a week go by themselves", owner_id=dana
    )
    api.post(f"{one}/comments", text="Who is told at 80 % now?")
    return [
        f"{one}/",
        f"{one}/attachments/",
        f"{one}/people/",
        f"{one}/words/",
        f"{one}/sections/{first['id']}/",
        f"{one}/sections/{first['id']}/versions/",
        f"{one}/actions/",
        f"/actions/{action['id']}/",
        f"/actions/{action['id']}/edit/",
    ]


def _attach(evening: Evening, one: str, name: str, body: bytes) -> str:
    """Attach a file, and return what shows it in a text."""
    answer = evening.api.http.post(f"{one}/attachments", params={"name": name}, content=body)
    return str(answer.raise_for_status().json()["mark"])


def _about(evening: Evening, incident_id: int) -> dict[str, Any]:
    items = evening.api.get("/postmortems")["items"]
    return next((one for one in items if one["incident_id"] == incident_id), {})
