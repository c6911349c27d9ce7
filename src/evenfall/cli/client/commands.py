"""The commands: ask the API, return what it said and how to show it."""

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

from evenfall.cli.client import reports
from evenfall.cli.client.api import Api
from evenfall.cli.client.errors import ClientError, NotSetUp
from evenfall.cli.client.tables import ago, local, table

_SLUG: Final = re.compile(r"[-\w]+", re.ASCII)

type Answer = tuple[object, str]
"""What the API said, and the same in words."""

type Command = Callable[[Api, argparse.Namespace, datetime], Answer]


def oncall(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Show who is on call by each rota."""
    team_id = _team_id(api, arguments.team) if arguments.team else None
    found = api.get("/oncall", at=_time(arguments.at), team_id=team_id)
    rows = [
        [
            one["rota"]["name"],
            one["primary"]["name"] if one["primary"] else f"nobody ({one['why_nobody']})",
            local(_at(one["primary"]["ends_at"])) if one["primary"] else "",
            _name(one["lieutenant"]),
            _name(one["next_primary"]),
        ]
        for one in found["items"]
    ]
    head = ["ROTA", "ON CALL", "UNTIL", "LIEUTENANT", "NEXT"]
    return found, table(head, rows) if rows else "There is no rota yet."


def alerts(api: Api, arguments: argparse.Namespace, now: datetime) -> Answer:
    """List alerts, newest first."""
    found = api.get(
        "/alerts",
        state=arguments.state,
        severity=arguments.severity,
        service=arguments.service,
        text=arguments.text,
        limit=arguments.limit,
    )
    rows = [
        [
            str(one["id"]),
            one["severity"],
            one["state"],
            one["service_slug"],
            ago(_at(one["opened_at"]), now=now),
            one["title"],
        ]
        for one in found["items"]
    ]
    head = ["ID", "SEVERITY", "STATE", "SERVICE", "SINCE", "ALERT"]
    return found, table(head, rows) if rows else "No alert like that."


def incidents(api: Api, arguments: argparse.Namespace, now: datetime) -> Answer:
    """List incidents, newest first."""
    service_id = _service_id(api, arguments.service) if arguments.service else None
    found = api.get(
        "/incidents",
        state=arguments.state,
        severity=arguments.severity,
        service_id=service_id,
        q=arguments.text,
        limit=arguments.limit,
    )
    rows = [_incident_row(one, now) for one in found["items"]]
    return found, table(_INCIDENT_HEAD, rows) if rows else "No incident like that."


def ack(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Acknowledge each of the incidents, or take them on."""
    act, done = ("on-it", "You are on it") if arguments.on_it else ("acknowledge", "Acknowledged")
    return _each(arguments.ids, lambda number: api.post(f"/incidents/{number}/{act}", {}), done)


def resolve(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Resolve each of the incidents."""
    body = {"not_actionable": arguments.not_actionable}
    return _each(
        arguments.ids, lambda number: api.post(f"/incidents/{number}/resolve", body), "Resolved"
    )


def page(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Declare an incident of a service and page for it, or page one person."""
    kind, found = _target(api, arguments.target)
    urgency = "low" if arguments.low else "high"
    if kind == "user":
        body = {"message": arguments.text, "user_id": found["id"], "urgency": urgency}
        made = api.post("/pages", body)
        return made, f"Paging {found['name']}: {api.url}/pages/{made['id']}/"
    made = api.post(
        "/incidents",
        {
            "title": arguments.text,
            "service_id": found["id"],
            "severity": arguments.severity,
            "urgency": urgency,
        },
    )
    where = f"{api.url}/incidents/{made['id']}/"
    return made, f"Incident #{made['id']} declared, paging for {found['name']}: {where}"


def declare(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Declare an incident once, and name what it may be the same as."""
    service_id = _service_id(api, arguments.service) if arguments.service else None
    alike = api.get("/incidents/similar", title=arguments.title, service_id=service_id)["items"]
    made = api.post(
        "/incidents",
        {
            "title": arguments.title,
            "description": arguments.text,
            "severity": arguments.severity,
            "urgency": "low" if arguments.low else "high",
            "environment": arguments.environment,
            "service_id": service_id,
            "team_id": _team_id(api, arguments.team) if arguments.team else None,
            "page": not arguments.no_page,
            "is_private": arguments.private,
        },
        key=arguments.key or uuid4().hex,
    )
    lines = [f"Incident #{made['id']} declared: {api.url}/incidents/{made['id']}/"]
    lines += [_alike(one) for one in alike if one["incident"]["id"] != made["id"]]
    return made, "\n".join(lines)


def rollback(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Take back what is under way at a service, or what runs; traffic moves after the answer."""
    wish = {
        "service": arguments.service,
        "environment": arguments.environment,
        "reason": arguments.reason,
    }
    made = api.post("/rollouts/rollback", wish)
    where = f"{api.url}/rollouts/{made['id']}/"
    stable = made["stable_version"]
    # where nothing was under way, the version before the one that runs is brought back
    left, back_to = (stable, made["version"]) if made["is_return"] else (made["version"], stable)
    return made, f"{left} goes back to {back_to or 'the stable side'}: {where}"


def _alike(one: dict[str, Any]) -> str:
    incident = one["incident"]
    why = "; ".join(one["reasons"])
    return f"Perhaps the same: #{incident['id']} {incident['title']} ({incident['state']}; {why})"


COMMANDS: Final[Mapping[str, Command]] = {
    "oncall": oncall,
    "alerts": alerts,
    "incidents": incidents,
    "ack": ack,
    "resolve": resolve,
    "page": page,
    "declare": declare,
    "backup-report": reports.backup_report,
    "drift-report": reports.drift_report,
    "rollback": rollback,
}
_INCIDENT_HEAD: Final = ["ID", "SEVERITY", "STATE", "WHO", "SERVICE", "ALERTS", "SINCE", "INCIDENT"]


def _incident_row(one: dict[str, Any], now: datetime) -> list[str]:
    who = one["mobilised_by"] or one["acknowledged_by"]
    return [
        f"#{one['id']}",
        one["severity"],
        one["state"],
        _name(who),
        _name(one["service"]),
        str(one["alert_count"]),
        ago(_at(one["opened_at"]), now=now),
        one["title"],
    ]


def _each(ids: Sequence[str], act: Callable[[int], dict[str, Any]], done: str) -> Answer:
    """Act on each; the first that fails ends it, those before stay done."""
    answers = [act(number) for number in [_number(text) for text in ids]]
    lines = [f"{done}: #{one['id']} {one['title']}" for one in answers]
    return answers, "\n".join(lines)


def _number(text: str) -> int:
    number = text.removeprefix("#")
    if not number.isdecimal():
        raise NotSetUp(f"{text} is not the number of an incident. See `evenfall incidents`.")
    return int(number)


def _target(api: Api, text: str) -> tuple[str, dict[str, Any]]:
    """Find whom to page: a service by its slug before a person by address or name."""
    kind, _, rest = text.partition(":")
    if kind == "user" and rest:
        return "user", _person(api, rest)
    slug = rest if kind == "service" and rest else text
    service = api.find(f"/services/{slug}") if _SLUG.fullmatch(slug) else None
    if service is not None:
        return "service", service
    if slug != text:
        raise ClientError(f"There is no service {slug}.")
    return "user", _person(api, text)


def _person(api: Api, text: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = api.get("/people", q=text)["items"]
    exact = [one for one in found if text.casefold() in {one["email"], one["name"].casefold()}]
    likely = exact or found
    if len(likely) == 1:
        return likely[0]
    if not likely:
        raise ClientError(f"There is no service and no person {text}.")
    names = ", ".join(one["email"] for one in likely[:5])
    raise ClientError(f"{text} could be several people: {names}. Name the address.")


def _service_id(api: Api, slug: str) -> int:
    return int(api.get(f"/services/{quote(slug, safe='')}")["id"])


def _team_id(api: Api, slug: str) -> int:
    for team in api.get("/teams")["items"]:
        if team["slug"] == slug:
            return int(team["id"])
    raise ClientError(f"There is no team {slug}.")


def _time(text: str | None) -> str | None:
    """Return the time with a zone; one without is meant in the zone of this machine."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone().isoformat()
    except ValueError as error:
        raise NotSetUp(f"{text} is not a time. Write it like 2027-03-01T18:00.") from error


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _name(who: dict[str, Any] | None) -> str:
    return str(who["name"]) if who else ""
