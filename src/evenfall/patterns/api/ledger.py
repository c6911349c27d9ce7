"""Patterns over the API: the ledger, changes, the report."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from evenfall.catalog.ports import Environment
from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.incidents import queries as incidents_queries
from evenfall.patterns import actions, queries
from evenfall.patterns.api import schemas
from evenfall.patterns.api.routing import router
from evenfall.patterns.contexts import judge_of, keeper_of, taker_of
from evenfall.patterns.logic.quarters import quarter_of, read_quarter
from evenfall.patterns.logic.states import State
from evenfall.patterns.queries import MemberView, PatternFilters, TopPattern
from evenfall.platform.clock import utc_now

_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_ONE = "/patterns/{int:pattern_id}"


@router.get("/patterns", response=schemas.PatternsOut, auth=_VIEW)
def list_patterns(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    q: str = "",
    state: State | None = None,
    team_id: int | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Patterns, what changed its state last first."""
    filters = PatternFilters(text=q, state=state, team_id=team_id)
    page = queries.patterns_page(filters, cursor=cursor, size=limit)
    return {"items": page.items, "next": page.next_cursor}


@router.get("/patterns/top", response=schemas.TopPatternsOut, auth=_VIEW)
def top_patterns(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    quarter: str = "",
    release: str = "",
    team_id: int | None = None,
) -> dict[str, Any]:
    """The patterns that came most often in a quarter (2026-Q4; else this one).

    With `release` (checkout 1.4.2) those whose incidents came while it ran.
    """
    if release:
        found = queries.top_of_release(release, team_id=team_id)
    else:
        asked = read_quarter(quarter) or quarter_of(utc_now())
        found = queries.top_of_quarter(asked, team_id=team_id)
    return {"items": [_top(one) for one in found]}


@router.get(_ONE, response=schemas.PatternWholeOut, auth=_VIEW)
def get_pattern(request: HttpRequest, pattern_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """One pattern with its incidents and what raised it."""
    return _whole(pattern_id)


@router.put(_ONE, response=schemas.PatternWholeOut, auth=_RESPOND)
def change_pattern(
    request: HttpRequest, pattern_id: int, body: schemas.PatternIn
) -> dict[str, Any]:
    """Its title, owner, team and note."""
    viewer = taker_of(request, pattern_id, body.team_id)
    actions.change_pattern(
        pattern_id=pattern_id, wish=body.wish(), now=utc_now(), actor=viewer.actor
    )
    return _whole(pattern_id)


@router.post(f"{_ONE}/steps", response=schemas.PatternWholeOut, auth=_RESPOND)
def move_pattern(
    request: HttpRequest, pattern_id: int, body: schemas.PatternStepIn
) -> dict[str, Any]:
    """Say how far it is; to live with it wants a reason."""
    viewer = keeper_of(request, pattern_id)
    actions.move_pattern(
        pattern_id=pattern_id,
        state=body.state,
        reason=body.reason,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _whole(pattern_id)


@router.post(f"{_ONE}/incidents", response=schemas.PatternWholeOut, auth=_RESPOND)
def add_pattern_incident(
    request: HttpRequest, pattern_id: int, body: schemas.PatternMemberIn
) -> dict[str, Any]:
    """Say that an incident is of this problem too."""
    viewer = keeper_of(request, pattern_id)
    judge_of(request, body.incident_id)
    actions.add_member(
        pattern_id=pattern_id, incident_id=body.incident_id, now=utc_now(), actor=viewer.actor
    )
    return _whole(pattern_id)


@router.delete(f"{_ONE}/incidents/{{int:incident_id}}", response={204: None}, auth=_RESPOND)
def remove_pattern_incident(
    request: HttpRequest, pattern_id: int, incident_id: int
) -> HttpResponse:
    """Say that an incident is a different problem; a pattern left with one is gone."""
    viewer = keeper_of(request, pattern_id)
    incidents_queries.incident(incident_id)
    actions.remove_member(
        pattern_id=pattern_id, incident_id=incident_id, now=utc_now(), actor=viewer.actor
    )
    return HttpResponse(status=204)


@router.post(f"{_ONE}/dismiss", response={204: None}, auth=_RESPOND)
def dismiss_pattern(
    request: HttpRequest, pattern_id: int, body: schemas.PatternDismissalIn
) -> HttpResponse:
    """Its incidents are different problems, and never offered together again."""
    viewer = keeper_of(request, pattern_id)
    actions.dismiss_pattern(
        pattern_id=pattern_id, reason=body.reason, now=utc_now(), actor=viewer.actor
    )
    return HttpResponse(status=204)


def _whole(pattern_id: int) -> dict[str, Any]:
    view = queries.pattern(pattern_id)
    known = {name: getattr(view, name) for name in schemas.PatternOut.model_fields}
    return {
        **known,
        "members": [_member(one) for one in queries.members(pattern_id)],
        "signs": queries.signs_of(pattern_id),
    }


def _member(one: MemberView) -> dict[str, Any]:
    return {
        "incident_id": one.incident.id,
        "title": one.incident.title,
        "environment": one.incident.environment,
        "opened_at": one.incident.opened_at,
        "is_confirmed": one.is_confirmed,
        "releases": one.releases,
    }


def _top(one: TopPattern) -> dict[str, Any]:
    where = one.in_environment
    return {
        "pattern": one.pattern,
        "incidents": one.incidents,
        "prod": where[Environment.PROD],
        "uat": where[Environment.UAT],
        "dev": where[Environment.DEV],
    }
