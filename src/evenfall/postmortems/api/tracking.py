"""Issue trackers over the API: their settings, and the issue of an action."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Schema, Status
from pydantic import Field

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.postmortems import actions, errors, queries
from evenfall.postmortems.api.routing import router
from evenfall.postmortems.contexts import promiser_of
from evenfall.postmortems.logic.action_life import Asker
from evenfall.postmortems.logic.mirroring import Clash
from evenfall.postmortems.queries import ActionView, IssueView, TrackerView

_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_ADMINISTER = api_auth(Permission.ADMINISTER)
_TRACKER = "/issue-trackers/{int:tracker_id}"
_ISSUE = "/postmortem-actions/{int:action_id}/issue"


class IssueTrackerOut(Schema):
    id: int
    type: str
    label: str
    name: str
    settings: dict[str, str]
    """Without the secrets, which are never shown again."""
    is_on: bool
    webhook_url: str
    has_webhook: bool
    links: int
    waiting: int
    worked_at: datetime | None
    heard_at: datetime | None
    quiet_until: datetime | None
    last_error: str


class IssueTrackersOut(Schema):
    items: list[IssueTrackerOut]
    next: str | None = None


class IssueTrackerIn(Schema):
    name: str
    values: dict[str, str]
    """By the names of the fields of its type. A secret that is left out stays as it is."""


class NewIssueTrackerIn(IssueTrackerIn):
    type: str
    """github, gitlab or jira."""


class IssueTrackerSwitchIn(Schema):
    is_on: bool


class ActionIssueOut(Schema):
    action_id: int
    tracker_id: int
    tracker: str
    key: str
    """Empty until the tracker has made it."""
    url: str
    title: str
    is_open: bool | None
    is_dropped: bool
    clash: Clash | None
    """Why a person has to choose; null while both say the same."""
    last_error: str
    seen_at: datetime | None
    due_at: datetime | None


class ActionIssueIn(Schema):
    """One of the two: a tracker makes a new issue, an address links one that exists."""

    tracker_id: int | None = Field(default=None, ge=1, le=2**63 - 1)
    url: str = ""


class ActionIssueChoiceIn(Schema):
    keep: str = Field(pattern="^(action|issue)$")
    reason: str = ""
    """Wanted where the action is rejected or opened again."""


@router.get("/issue-trackers", response=IssueTrackersOut, auth=_ADMINISTER)
def list_trackers(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """All accounts at issue trackers, by name."""
    return {"items": queries.trackers()}


@router.post("/issue-trackers", response={201: IssueTrackerOut}, auth=_ADMINISTER)
def add_tracker(request: HttpRequest, body: NewIssueTrackerIn) -> Status[TrackerView]:
    """Add an account; its secrets are stored encrypted."""
    number = actions.add_tracker(
        type_name=body.type,
        name=body.name,
        values=body.values,
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return Status(201, queries.tracker(number))


@router.put(_TRACKER, response=IssueTrackerOut, auth=_ADMINISTER)
def change_tracker(request: HttpRequest, tracker_id: int, body: IssueTrackerIn) -> TrackerView:
    """Change an account; what failed is tried again at once."""
    actions.change_tracker(
        tracker_id=tracker_id,
        name=body.name,
        values=body.values,
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return queries.tracker(tracker_id)


@router.put(f"{_TRACKER}/switch", response=IssueTrackerOut, auth=_ADMINISTER)
def switch_tracker(
    request: HttpRequest, tracker_id: int, body: IssueTrackerSwitchIn
) -> TrackerView:
    """Speak with it, or stop; what waits goes on waiting."""
    actions.switch_tracker(
        tracker_id=tracker_id, is_on=body.is_on, now=utc_now(), actor=viewer_of(request).actor
    )
    return queries.tracker(tracker_id)


@router.delete(_TRACKER, response={204: None}, auth=_ADMINISTER)
def remove_tracker(request: HttpRequest, tracker_id: int) -> Status[None]:
    """Forget an account and its secrets; 409 while actions are linked to issues there."""
    actions.remove_tracker(tracker_id=tracker_id, now=utc_now(), actor=viewer_of(request).actor)
    return Status(204, None)


@router.get(_ISSUE, response=ActionIssueOut, auth=_VIEW)
def get_issue(request: HttpRequest, action_id: int) -> IssueView:  # noqa: ARG001 - ninja passes it
    """The issue of an action, as it was seen last."""
    queries.action(action_id, now=utc_now())
    return _issue(action_id)


@router.post(_ISSUE, response={201: ActionIssueOut}, auth=_RESPOND)
def add_issue(request: HttpRequest, action_id: int, body: ActionIssueIn) -> Status[IssueView]:
    """Create an issue, or link one by its address. It is made a moment later."""
    viewer, _ = _allowed(request, action_id)
    now = utc_now()
    if body.tracker_id is not None:
        actions.create_issue(
            action_id=action_id, tracker_id=body.tracker_id, now=now, actor=viewer.actor
        )
    else:
        actions.link_issue(action_id=action_id, url=body.url, now=now, actor=viewer.actor)
    return Status(201, _issue(action_id))


@router.delete(_ISSUE, response={204: None}, auth=_RESPOND)
def remove_issue(request: HttpRequest, action_id: int) -> Status[None]:
    """Unlink it; the issue itself stays as it is."""
    viewer, _ = _allowed(request, action_id)
    actions.unlink_issue(action_id=action_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.post(f"{_ISSUE}/look", response=ActionIssueOut, auth=_RESPOND)
def look_at_issue(request: HttpRequest, action_id: int) -> IssueView:
    """Look at the issue now, or try again what failed."""
    _allowed(request, action_id)
    actions.look_at_issue(action_id=action_id, now=utc_now())
    return _issue(action_id)


@router.post(f"{_ISSUE}/choice", response=ActionIssueOut, auth=_RESPOND)
def choose(request: HttpRequest, action_id: int, body: ActionIssueChoiceIn) -> IssueView:
    """Say which side is right where action and issue differ."""
    viewer, view = _allowed(request, action_id)
    now = utc_now()
    if body.keep == "action":
        actions.keep_action(action_id=action_id, now=now, actor=viewer.actor)
    else:
        manages = viewer.can(Permission.MANAGE, team_id=view.team_id)
        actions.keep_issue(
            action_id=action_id,
            reason=body.reason,
            asker=Asker(user_id=viewer.user_id, manages=manages),
            now=now,
            actor=viewer.actor,
        )
    return _issue(action_id)


def _allowed(request: HttpRequest, action_id: int) -> tuple[Viewer, ActionView]:
    view = queries.action(action_id, now=utc_now())
    return promiser_of(request, view), view


def _issue(action_id: int) -> IssueView:
    found = queries.issue_of(action_id)
    if found is None:
        raise errors.NoIssue(action_id=action_id)
    return found
