"""The further life of an incident over the API; the answer is always the incident afterwards."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import AwareDatetime

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, queries
from evenfall.incidents.api import schemas
from evenfall.incidents.api.routing import router
from evenfall.incidents.contexts import responder_of
from evenfall.incidents.logic.stamps import Stamp
from evenfall.incidents.logic.states import Act
from evenfall.incidents.queries import IncidentView
from evenfall.platform.clock import utc_now

_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_ONE = "/incidents/{int:incident_id}"


class PauseIn(Schema):
    """`resume_by` lies in the next thirty days."""

    reason: str
    resume_by: AwareDatetime


class DeclineIn(Schema):
    reason: str


class StampIn(Schema):
    """`at` None: it is not known; only for what a person may leave open."""

    at: AwareDatetime | None
    why: str


class RecurrenceIn(Schema):
    """None takes the link back."""

    incident_id: int | None


class StampOut(Schema):
    stamp: Stamp
    at: datetime | None


class StampCorrectionOut(Schema):
    """`at` and `who` are of the correction itself."""

    at: datetime
    who: str
    stamp: Stamp
    before: datetime | None
    after: datetime | None
    why: str


class StampsOut(Schema):
    items: list[StampOut]
    corrections: list[StampCorrectionOut]


@router.post(f"{_ONE}/investigate", response=schemas.IncidentOut, auth=_RESPOND)
def investigate(request: HttpRequest, incident_id: int) -> IncidentView:
    """Go back to investigating, or go on after a pause."""
    return _step(request, incident_id, Act.INVESTIGATE)


@router.post(f"{_ONE}/fix", response=schemas.IncidentOut, auth=_RESPOND)
def fix(request: HttpRequest, incident_id: int) -> IncidentView:
    """Say that a fix is being made."""
    return _step(request, incident_id, Act.FIX)


@router.post(f"{_ONE}/monitor", response=schemas.IncidentOut, auth=_RESPOND)
def monitor(request: HttpRequest, incident_id: int) -> IncidentView:
    """Say that a fix is in and is being watched; the harm has ended, as far as one knows."""
    return _step(request, incident_id, Act.MONITOR)


@router.post(f"{_ONE}/review", response=schemas.IncidentOut, auth=_RESPOND)
def review(request: HttpRequest, incident_id: int) -> IncidentView:
    """Send a resolved incident to review; never resolves one."""
    return _step(request, incident_id, Act.REVIEW)


@router.post(f"{_ONE}/close", response=schemas.IncidentOut, auth=_RESPOND)
def close(request: HttpRequest, incident_id: int) -> IncidentView:
    """Close a resolved incident for good, or one that is in review."""
    return _step(request, incident_id, Act.CLOSE)


@router.post(f"{_ONE}/pause", response=schemas.IncidentOut, auth=_RESPOND)
def pause(request: HttpRequest, incident_id: int, body: PauseIn) -> IncidentView:
    """Let it wait for something; at `resume_by` whoever acknowledged it is reminded, once."""
    viewer = responder_of(request, incident_id)
    actions.pause_incident(
        incident_id=incident_id,
        reason=body.reason,
        resume_by=body.resume_by,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.incident(incident_id)


@router.post(f"{_ONE}/decline", response=schemas.IncidentOut, auth=_RESPOND)
def decline(request: HttpRequest, incident_id: int, body: DeclineIn) -> IncidentView:
    """Say that it is no incident, and why; its page stops and its alerts end."""
    viewer = responder_of(request, incident_id)
    actions.decline_incident(
        incident_id=incident_id,
        reason=body.reason,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.incident(incident_id)


@router.put(f"{_ONE}/recurrence", response=schemas.IncidentOut, auth=_RESPOND)
def link_recurrence(request: HttpRequest, incident_id: int, body: RecurrenceIn) -> IncidentView:
    """Say which older incident came back as this one."""
    viewer = responder_of(request, incident_id)
    actions.link_recurrence(
        incident_id=incident_id, of_id=body.incident_id, now=utc_now(), actor=viewer.actor
    )
    return queries.incident(incident_id)


@router.get(f"{_ONE}/stamps", response=StampsOut, auth=_VIEW)
def list_stamps(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What happened when, and every correction of it, newest first."""
    view = queries.incident(incident_id)
    return {
        "items": [{"stamp": stamp, "at": at} for stamp, at in view.stamps.items()],
        "corrections": queries.corrections(incident_id),
    }


@router.put(f"{_ONE}/stamps/{{stamp}}", response=schemas.IncidentOut, auth=_RESPOND)
def correct_stamp(
    request: HttpRequest, incident_id: int, stamp: Stamp, body: StampIn
) -> IncidentView:
    """Say when it really was, and how you know; the old time stays in the story."""
    viewer = responder_of(request, incident_id)
    actions.correct_stamp(
        incident_id=incident_id,
        stamp=stamp,
        at=body.at,
        why=body.why,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.incident(incident_id)


def _step(request: HttpRequest, incident_id: int, act: Act) -> IncidentView:
    viewer = responder_of(request, incident_id)
    actions.advance_incident(
        incident_id=incident_id,
        act=act,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
        via="api",
    )
    return queries.incident(incident_id)
