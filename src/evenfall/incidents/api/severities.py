"""What severities mean, and how long an incident had each, over the API."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Schema

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.incidents import queries
from evenfall.incidents.api.routing import router
from evenfall.incidents.logic.duties import DUTIES, Duty, Review
from evenfall.incidents.logic.roles import CrewRole
from evenfall.incidents.logic.severity import Sev
from evenfall.platform.clock import utc_now

_VIEW = api_auth(Permission.VIEW)


class SeverityDutyOut(Schema):
    """`review_days` after its end somebody has written a review; None: nobody has to."""

    severity: Sev
    test: str
    response: str
    roles: list[CrewRole]
    review: Review
    review_days: int | None
    working_days: bool


class DutiesOut(Schema):
    items: list[SeverityDutyOut]


class SeverityTimeOut(Schema):
    severity: Sev
    seconds: float


class SeverityTimesOut(Schema):
    """How bad it was at first, how bad in the end (or now), and how long it had each severity."""

    declared: Sev
    final: Sev
    times: list[SeverityTimeOut]


@router.get("/severities", response=DutiesOut, auth=_VIEW)
def list_severities(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What each severity means and asks for, the worst first."""
    return {"items": [_duty(duty) for duty in DUTIES.values()]}


@router.get("/incidents/{int:incident_id}/severity", response=SeverityTimesOut, auth=_VIEW)
def get_severity(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """How bad an incident was, and for how long."""
    view = queries.incident(incident_id)
    times = queries.severity_times(view, now=utc_now())
    return {
        "declared": view.declared_severity,
        "final": view.severity,
        "times": [_time(sev, length) for sev, length in times.items()],
    }


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "severity": duty.sev,
        "test": duty.test,
        "response": duty.response,
        "roles": duty.roles,
        "review": duty.review,
        "review_days": duty.review_days,
        "working_days": duty.working_days,
    }


def _time(sev: Sev, length: timedelta) -> dict[str, Any]:
    return {"severity": sev, "seconds": length.total_seconds()}
