"""A small team to page, made through the API as its lead would."""

from typing import Any

from msgspec import Struct
from tests.scenarios.installation import Api, eventually


class Team(Struct, frozen=True, kw_only=True):
    """A team of one with a rota, a service and an integration key for it."""

    user_id: int
    team_id: int
    service_id: int
    key: str


def make_team(api: Api, *, kind: str, name: str = "Checkout") -> Team:
    """Make a team with one responder on call, a service, and an integration of this kind.

    It ends when they were told that they are on call: that message must not come between those
    that a test waits for.
    """
    user_id = int(api.get("/me")["person"]["id"])
    team = api.post("/teams", name=name, description="")
    api.put(f"/teams/{team['id']}/members/{user_id}", role="manager")
    service = make_service(api, team_id=team["id"], name=name)
    api.post(
        "/rotas",
        name=name,
        team_id=team["id"],
        time_zone="Europe/Berlin",
        layers=[_weekly(user_id)],
    )
    told = f"You are on call now: {name}"
    eventually(
        lambda: [one for one in api.get("/inbox")["items"] if told in one["title"]], what=told
    )
    key = make_key(api, kind=kind, service_id=service["id"])
    return Team(user_id=user_id, team_id=team["id"], service_id=service["id"], key=key)


def make_service(api: Api, *, team_id: int, name: str) -> Any:
    return api.post(
        "/services",
        name=name,
        team_id=team_id,
        tier=1,
        criticality="high",
        environments=["PROD"],
    )


def make_key(api: Api, *, kind: str, service_id: int) -> str:
    made = api.post("/integrations", name=f"{kind} tool", kind=kind, service_id=service_id)
    return str(made["key"])


def _weekly(user_id: int) -> dict[str, object]:
    return {
        "name": "Weekly",
        "time_zone": "Europe/Berlin",
        "starts_on": "2026-01-05",
        "hands_over_at": "09:00",
        "members": [{"user_id": user_id}],
    }
