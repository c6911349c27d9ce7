"""Runbooks of an incident over the API: which fit, their tasks, how it went."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.incidents import queries
from evenfall.incidents.api.routing import router
from evenfall.incidents.contexts import responder_of
from evenfall.incidents.queries.runbooks import RunbookLine, incident_runbooks
from evenfall.platform.clock import utc_now
from evenfall.runbooks import actions as runbooks_actions
from evenfall.runbooks import queries as runbooks_queries
from evenfall.runbooks.ports import Outcome


class IncidentTaskOut(Schema):
    """`done_by` and `done_at` are null until somebody ticks it."""

    key: str
    text: str
    done_by: str | None
    done_at: datetime | None


class IncidentRunbookOut(Schema):
    """`why` says what it is tied to: "its service" or conditions on labels."""

    slug: str
    title: str
    freshness: str
    why: str
    tasks: list[IncidentTaskOut]


class IncidentRunbooksOut(Schema):
    """`elsewhere` are addresses that services or alerts carry."""

    items: list[IncidentRunbookOut]
    elsewhere: list[str]


class TickIn(Schema):
    key: str = Field(max_length=12)
    is_done: bool = True


class RunbookUseIn(Schema):
    """`text` says what is wrong; it is needed when `helped` is false."""

    helped: bool
    text: str = Field("", max_length=2000)


class RunbookMissedIn(Schema):
    text: str = Field(max_length=2000)


@router.get(
    "/incidents/{int:incident_id}/runbooks",
    response=IncidentRunbooksOut,
    auth=api_auth(Permission.VIEW),
)
def list_incident_runbooks(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The runbooks that fit, and how far each was worked through."""
    return _shown(incident_id)


@router.post(
    "/incidents/{int:incident_id}/runbooks/missing",
    response=IncidentRunbooksOut,
    auth=api_auth(Permission.RESPOND),
)
def miss_incident_runbook(
    request: HttpRequest, incident_id: int, body: RunbookMissedIn
) -> dict[str, Any]:
    """Say that there should have been one; it stands in the list of missing runbooks."""
    viewer, view = responder_of(request, incident_id), queries.incident(incident_id)
    runbooks_actions.report_missing(
        text=body.text,
        service_id=view.service_id,
        subject=view.subject,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _shown(incident_id)


@router.post(
    "/incidents/{int:incident_id}/runbooks/{slug:runbook}/ticks",
    response=IncidentRunbooksOut,
    auth=api_auth(Permission.RESPOND),
)
def tick_incident_task(
    request: HttpRequest, incident_id: int, runbook: str, body: TickIn
) -> dict[str, Any]:
    """Tick a task of a check list, or take the tick back; it appears in the timeline."""
    viewer, now = responder_of(request, incident_id), utc_now()
    runbooks_actions.tick(
        runbook_id=runbooks_queries.runbook_by_slug(runbook, now=now).id,
        subject=f"incident:{incident_id}",
        key=body.key,
        is_done=body.is_done,
        now=now,
        actor=viewer.actor,
    )
    return _shown(incident_id)


@router.post(
    "/incidents/{int:incident_id}/runbooks/{slug:runbook}/uses",
    response=IncidentRunbooksOut,
    auth=api_auth(Permission.RESPOND),
)
def use_incident_runbook(
    request: HttpRequest, incident_id: int, runbook: str, body: RunbookUseIn
) -> dict[str, Any]:
    """Say that it helped, or what is wrong in it."""
    viewer, now = responder_of(request, incident_id), utc_now()
    runbooks_actions.record_use(
        runbook_id=runbooks_queries.runbook_by_slug(runbook, now=now).id,
        outcome=Outcome.HELPED if body.helped else Outcome.WRONG,
        text=body.text,
        subject=f"incident:{incident_id}",
        now=now,
        actor=viewer.actor,
    )
    return _shown(incident_id)


def _shown(incident_id: int) -> dict[str, Any]:
    found = incident_runbooks(queries.incident(incident_id), now=utc_now())
    return {"items": [_line(one) for one in found.lines], "elsewhere": found.elsewhere}


def _line(one: RunbookLine) -> dict[str, Any]:
    ticked = one.checklist.ticked
    return {
        "slug": one.runbook.slug,
        "title": one.runbook.title,
        "freshness": one.runbook.freshness.value,
        "why": one.why,
        "tasks": [
            {
                "key": task.key,
                "text": task.text,
                "done_by": ticked[task.key].by if task.key in ticked else None,
                "done_at": ticked[task.key].at if task.key in ticked else None,
            }
            for task in one.checklist.tasks
        ],
    }
