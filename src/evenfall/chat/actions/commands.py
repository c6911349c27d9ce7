"""The command that people type in a chat tool, such as ``/evenfall oncall``."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.chat import queries
from evenfall.chat.actions.answering import answer_incident, politely, stranger
from evenfall.chat.logic import commands
from evenfall.chat.logic.commands import Verb
from evenfall.chat.ports import Reply
from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Viewer, asked_by
from evenfall.incidents import actions as incidents_actions
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.ports import Sev
from evenfall.incidents.queries import IncidentView
from evenfall.notifications import queries as notifications_queries
from evenfall.oncall import queries as oncall_queries
from evenfall.oncall.queries import RotaNow
from evenfall.paging import actions as paging_actions
from evenfall.paging.ports import Response

MOST_LINES: Final = 20


class _Asked(Struct, frozen=True, kw_only=True):
    viewer: Viewer
    rest: str
    via: str
    now: datetime


def run_command(*, kind: str, address: str, text: str, now: datetime) -> Reply:
    """Run one line, without the name of the command, as the person of this contact method.

    ``oncall [team]``, ``page <service or team> <what>``, ``incidents``, ``ack <number>``,
    ``resolve <number>``, ``incident <title>``, ``help``. Never raises for what people type.
    """
    command = commands.parse(text)
    if command.verb is Verb.HELP:
        return Reply(text=commands.HELP)
    if command.verb is None:
        return Reply(text=f"There is no command {command.word!r}.\n{commands.HELP}", ok=False)
    viewer = queries.viewer_by(kind, address)
    if viewer is None:
        return stranger(kind)
    asked = _Asked(viewer=viewer, rest=command.rest, via=kind, now=now)
    with asked_by(viewer):
        return politely(partial(_VERBS[command.verb], asked))


def _oncall(asked: _Asked) -> Reply:
    asked.viewer.check_somewhere(Permission.VIEW)
    teams = {team.id: team.name for team in identity_queries.teams()}
    wanted = set(teams)
    if asked.rest:
        named = commands.split_target(asked.rest, _team_names())
        if named is None:
            return Reply(text=f"There is no team {asked.rest!r}.", ok=False)
        wanted = {named[0][1]}
    shown = oncall_queries.rotas_of_teams(wanted)
    if not shown:
        return Reply(text="There is no rota yet.", ok=False)
    now_on = oncall_queries.rotas_now(shown[:MOST_LINES], at=asked.now)
    return Reply(text="\n".join(_duty_line(line, teams) for line in now_on))


def _duty_line(line: RotaNow, teams: Mapping[int, str]) -> str:
    team, rota = teams.get(line.rota.team_id, ""), line.rota.name
    name = rota if team in {"", rota} else f"{team}, {rota}"
    if line.primary is None:
        return f"{name}: nobody. {line.why_nobody}".strip()
    deputy = f", lieutenant {line.lieutenant.name}" if line.lieutenant else ""
    return f"{name}: {line.primary.name}{deputy}"


def _page(asked: _Asked) -> Reply:
    found = commands.split_target(asked.rest, {**_team_names(), **_service_names()})
    if found is None:
        return Reply(
            text="Say whom to page and why: page <service or team> <what>. Use a name or a slug "
            "that Evenfall knows.",
            ok=False,
        )
    (noun, number), what = found
    if not what:
        return Reply(text="Say also what it is about.", ok=False)
    service = catalog_queries.service(number) if noun == "service" else None
    team_id = number if service is None else service.team_id
    asked.viewer.check(Permission.RESPOND, team_id=team_id)
    page_id = paging_actions.page_by_hand(
        message=what,
        service_id=None if service is None else service.id,
        team_id=team_id,
        now=asked.now,
        actor=asked.viewer.actor,
    )
    where = notifications_queries.absolute(f"/pages/{page_id}/")
    return Reply(text=f"Paging now: {what}\n{where}")


def _incidents(asked: _Asked) -> Reply:
    asked.viewer.check_somewhere(Permission.VIEW)
    live = incidents_queries.live_incidents(limit=MOST_LINES)
    if not live:
        return Reply(text="Nothing is open.")
    return Reply(text="\n".join(map(_incident_line, live)))


def _incident_line(view: IncidentView) -> str:
    by = f" by {view.acknowledged_by.name}" if view.acknowledged_by else ""
    return f"#{view.id} {view.headline} ({view.severity.value}, {view.state.value}{by})"


def _answer(response: Response, asked: _Asked) -> Reply:
    number = commands.number_in(asked.rest)
    if number is None:
        return Reply(text="Give the number of the incident, such as 17.", ok=False)
    return answer_incident(number, response, asked.viewer, asked.via, asked.now)


def _declare(asked: _Asked) -> Reply:
    """Declare it for a team in which the person may, so that its people are called."""
    team_id = next(
        (
            number
            for number in identity_queries.team_ids_of(asked.viewer.user_id)
            if asked.viewer.can(Permission.RESPOND, team_id=number)
        ),
        None,
    )
    asked.viewer.check(Permission.RESPOND, team_id=team_id)
    number = incidents_actions.declare_incident(
        title=asked.rest,
        severity=Sev.SEV3,
        team_id=team_id,
        now=asked.now,
        actor=asked.viewer.actor,
    )
    where = notifications_queries.absolute(f"/incidents/{number}/")
    return Reply(text=f"Incident #{number} is declared, people are called.\n{where}")


def _team_names() -> dict[str, tuple[str, int]]:
    teams = identity_queries.teams()
    return {name.lower(): ("team", team.id) for team in teams for name in (team.name, team.slug)}


def _service_names() -> dict[str, tuple[str, int]]:
    services = catalog_queries.services().values()
    return {
        name.lower(): ("service", service.id)
        for service in services
        for name in (service.name, service.slug)
    }


_VERBS: Final[Mapping[Verb, Callable[[_Asked], Reply]]] = MappingProxyType(
    {
        Verb.ONCALL: _oncall,
        Verb.PAGE: _page,
        Verb.INCIDENTS: _incidents,
        Verb.ACK: partial(_answer, Response.ACKNOWLEDGE),
        Verb.RESOLVE: partial(_answer, Response.RESOLVE),
        Verb.INCIDENT: _declare,
    }
)
