"""Actions over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.postmortems import actions, queries
from evenfall.postmortems.api import schemas
from evenfall.postmortems.api.routing import router
from evenfall.postmortems.contexts import promiser_of, team_ids, writer_of
from evenfall.postmortems.logic.action_life import Asker, Wish
from evenfall.postmortems.queries import ActionFilters, ActionReport, ActionView, Whose

_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_ONE = "/postmortems/{int:postmortem_id}"
_ACTION = "/postmortem-actions/{int:action_id}"


@router.post(f"{_ONE}/actions", response={201: schemas.PostmortemActionOut}, auth=_RESPOND)
def add_action(
    request: HttpRequest, postmortem_id: int, body: schemas.PostmortemActionIn
) -> Status[ActionView]:
    """Add an action: one owner, and a date by its class."""
    viewer, now = writer_of(request, postmortem_id), utc_now()
    number = actions.add_action(
        postmortem_id=postmortem_id, draft=body.draft(), now=now, actor=viewer.actor
    )
    return Status(201, queries.action(number, now=now))


@router.get("/postmortem-actions", response=schemas.PostmortemActionsOut, auth=_VIEW)
def list_actions(
    request: HttpRequest, whose: Whose = Whose.OPEN, cursor: str | None = None, limit: int = 50
) -> dict[str, Any]:
    """Actions, what is due first at the top."""
    viewer = viewer_of(request)
    teams = team_ids(viewer) if whose is Whose.TEAM else []
    filters = ActionFilters(whose=whose, user_id=viewer.user_id, team_ids=teams)
    page = queries.actions_page(filters, now=utc_now(), cursor=cursor, size=limit)
    return {"items": page.items, "next": page.next_cursor}


@router.get("/postmortem-actions/report", response=schemas.PostmortemActionReportOut, auth=_VIEW)
def report_actions(request: HttpRequest, team_id: int | None = None) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Share in time, and how old the open ones are."""
    found: ActionReport = queries.action_report(now=utc_now(), team_id=team_id)
    ages = {"median_age_s": found.median_age, "oldest_age_s": found.oldest_age}
    return {
        "finished": found.finished,
        "in_time": found.in_time,
        "open": found.open,
        "overdue": found.overdue,
        "moved": found.moved,
        **{name: None if age is None else age.total_seconds() for name, age in ages.items()},
    }


@router.get(_ACTION, response=schemas.PostmortemActionOut, auth=_VIEW)
def get_action(request: HttpRequest, action_id: int) -> ActionView:  # noqa: ARG001 - ninja passes it
    """One action."""
    return queries.action(action_id, now=utc_now())


@router.put(_ACTION, response=schemas.PostmortemActionOut, auth=_RESPOND)
def change_action(
    request: HttpRequest, action_id: int, body: schemas.PostmortemActionIn
) -> ActionView:
    """Change what it says; its date stays."""
    now = utc_now()
    viewer = promiser_of(request, queries.action(action_id, now=now))
    actions.change_action(action_id=action_id, draft=body.draft(), now=now, actor=viewer.actor)
    return queries.action(action_id, now=now)


@router.post(f"{_ACTION}/steps", response=schemas.PostmortemActionOut, auth=_RESPOND)
def move_action(
    request: HttpRequest, action_id: int, body: schemas.PostmortemActionStepIn
) -> ActionView:
    """Take a step: accept, start, finish with a proof, verify, reject, accept the risk, reopen."""
    now = utc_now()
    found = queries.action(action_id, now=now)
    viewer = promiser_of(request, found)
    manages = viewer.can(Permission.MANAGE, team_id=found.team_id)
    actions.move_action(
        action_id=action_id,
        wish=Wish(**dict(body)),
        asker=Asker(user_id=viewer.user_id, manages=manages),
        now=now,
        actor=viewer.actor,
    )
    return queries.action(action_id, now=now)


@router.post(f"{_ACTION}/date", response=schemas.PostmortemActionOut, auth=_RESPOND)
def extend_action(
    request: HttpRequest, action_id: int, body: schemas.PostmortemActionDateIn
) -> ActionView:
    """Move its date, at most twice."""
    now = utc_now()
    viewer = promiser_of(request, queries.action(action_id, now=now))
    actions.extend_action(
        action_id=action_id, due_at=body.due_at, reason=body.reason, now=now, actor=viewer.actor
    )
    return queries.action(action_id, now=now)
