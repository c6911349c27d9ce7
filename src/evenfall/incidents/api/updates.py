"""What people are told of incidents and promised to hear, over the API."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Status
from pydantic import AwareDatetime

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, queries
from evenfall.incidents.actions import Wording
from evenfall.incidents.api import update_schemas as schemas
from evenfall.incidents.api.routing import router
from evenfall.incidents.contexts import decider, responder_of
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.kept import Score
from evenfall.incidents.queries import (
    BoardLine,
    PromiseDesk,
    PromiseReport,
    ProposedView,
    UpdateView,
)
from evenfall.platform.clock import utc_now

_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_USUAL = timedelta(days=30)
_HEADER = ("audience", "severity", "kept", "late", "broken", "percent_kept", "median_late_minutes")


@router.get("/incidents/{int:incident_id}/updates", response=schemas.IncidentUpdatesOut, auth=_VIEW)
def list_incident_updates(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What people were told, newest first; the last hundred updates."""
    queries.incident(incident_id)
    return {"items": queries.updates(incident_id)}


@router.post(
    "/incidents/{int:incident_id}/updates",
    response={201: schemas.IncidentUpdateOut, 202: schemas.ProposedUpdateOut},
    auth=_RESPOND,
)
def tell_incident_update(
    request: HttpRequest, incident_id: int, body: schemas.TellUpdateIn
) -> Status[UpdateView] | Status[ProposedView]:
    """Tell the audiences that are named; the others keep waiting.

    202: the text for the public waits for a second person, the other audiences are told.
    """
    viewer = responder_of(request, incident_id)
    said = actions.say_update(
        incident_id=incident_id,
        draft=body.draft,
        wordings={
            audience: Wording(text=one.text, next_update_at=one.next_update_at)
            for audience, one in body.audiences.items()
        },
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    if said.proposed_id is not None:
        return Status(202, queries.proposed(incident_id, said.proposed_id))
    return Status(201, queries.update(incident_id, said.update_id or 0))


@router.get(
    "/incidents/{int:incident_id}/proposed-updates",
    response=schemas.ProposedUpdatesOut,
    auth=_VIEW,
)
def list_proposed_updates(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What was written for the public and waits for a second person, or did; newest first."""
    queries.incident(incident_id)
    return {"items": queries.proposed_of(incident_id)}


@router.post(
    "/incidents/{int:incident_id}/proposed-updates/{int:proposed_id}/approve",
    response=schemas.IncidentUpdateOut,
    auth=_RESPOND,
)
def approve_proposed_update(request: HttpRequest, incident_id: int, proposed_id: int) -> UpdateView:
    """Tell the public what waits: whoever commands, the deputy or an administrator."""
    viewer = responder_of(request, incident_id)
    number = actions.approve_proposed(
        incident_id=incident_id, proposed_id=proposed_id, by=decider(viewer), now=utc_now()
    )
    return queries.update(incident_id, number)


@router.post(
    "/incidents/{int:incident_id}/proposed-updates/{int:proposed_id}/send-back",
    response=schemas.ProposedUpdateOut,
    auth=_RESPOND,
)
def send_back_proposed_update(
    request: HttpRequest, incident_id: int, proposed_id: int, body: schemas.SendBackIn
) -> ProposedView:
    """Tell the public nothing, and its author why."""
    viewer = responder_of(request, incident_id)
    actions.send_back_proposed(
        incident_id=incident_id,
        proposed_id=proposed_id,
        reason=body.reason,
        by=decider(viewer),
        now=utc_now(),
    )
    return queries.proposed(incident_id, proposed_id)


@router.get(
    "/incidents/{int:incident_id}/promises", response=schemas.IncidentPromisesOut, auth=_VIEW
)
def get_incident_promises(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Who waits for a word until when, and when the next one would be due by the table."""
    return _desk(incident_id)


@router.put(
    "/incidents/{int:incident_id}/promises/{audience}",
    response=schemas.IncidentPromisesOut,
    auth=_RESPOND,
)
def name_next_update(
    request: HttpRequest, incident_id: int, audience: Audience, body: schemas.NextUpdateIn
) -> dict[str, Any]:
    """Promise an audience its next word until this time; later only while it is not due."""
    viewer = responder_of(request, incident_id)
    actions.name_next_update(
        incident_id=incident_id,
        audience=audience,
        due_at=body.due_at,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _desk(incident_id)


@router.put(
    "/incidents/{int:incident_id}/long", response=schemas.IncidentPromisesOut, auth=_RESPOND
)
def set_long_incident(
    request: HttpRequest, incident_id: int, body: schemas.LongIncidentIn
) -> dict[str, Any]:
    """Say that it takes long, so that updates come slower; or that it does not after all."""
    viewer = responder_of(request, incident_id)
    act = actions.declare_long if body.is_long else actions.take_back_long
    act(incident_id=incident_id, now=utc_now(), actor=viewer.actor)
    return _desk(incident_id)


@router.get("/promises", response=schemas.PromiseBoardOut, auth=_VIEW)
def list_promises_due(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    audience: Audience | None = None,
    cursor: str | None = None,
) -> dict[str, Any]:
    """The open promises of all incidents, the late ones first."""
    page = queries.promise_board(now=utc_now(), audience=audience, cursor=cursor)
    return {"items": [_line(one) for one in page.items], "next": page.next_cursor}


@router.get("/reports/promises", response=schemas.PromiseReportOut, auth=_VIEW)
def get_promise_report(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    audience: Audience | None = None,
) -> PromiseReport:
    """How promises that were due in this time were kept; the last 30 days without a time."""
    return _report(since, until, audience)


@router.get("/reports/promises.csv", auth=_VIEW)
def get_promise_report_as_csv(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    audience: Audience | None = None,
) -> HttpResponse:
    """The same as a table: a line for each audience and severity."""
    found = io.StringIO()
    writer = csv.writer(found)
    writer.writerow(_HEADER)
    writer.writerows(_rows(_report(since, until, audience).scores))
    answer = HttpResponse(found.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="promises.csv"'
    return answer


def _rows(scores: Iterable[Score]) -> Iterable[tuple[object, ...]]:
    for one in scores:
        yield (
            one.audience.value if one.audience else "",
            one.severity,
            one.kept,
            one.late,
            one.broken,
            one.percent_kept,
            one.late_minutes,
        )


def _report(
    since: datetime | None, until: datetime | None, audience: Audience | None
) -> PromiseReport:
    now = utc_now()
    return queries.promise_report(
        since=since or now - _USUAL, until=until or now, now=now, audience=audience
    )


def _desk(incident_id: int) -> dict[str, Any]:
    found: PromiseDesk = queries.promise_desk(queries.incident(incident_id), now=utc_now())
    return {
        "items": found.promises,
        "suggested": {audience.value: at for audience, at in found.suggested.items()},
        "is_long": found.is_long,
    }


def _line(one: BoardLine) -> dict[str, Any]:
    return {
        "promise": one.promise,
        "incident_id": one.incident.id,
        "title": one.incident.headline,
        "severity": one.incident.severity.value,
        "state": one.incident.state.value,
        "speaker": one.speaker,
        "waits_for_approval": one.waits_for_approval,
    }
