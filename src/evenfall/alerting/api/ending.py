"""Alerts that end by policy."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from evenfall.alerting import actions, queries
from evenfall.alerting.actions import AutoEndDraft
from evenfall.alerting.api.alerts import AlertOut
from evenfall.alerting.logic.ending import LONGEST, SHORTEST
from evenfall.alerting.queries import AutoEndView
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

router = Router()
_LEAST = int(SHORTEST.total_seconds() // 60)
_MOST = int(LONGEST.total_seconds() // 60)


class AutoEndOut(Schema):
    """`kind` is rule, service or integration; `scope` its name. Times are in minutes."""

    id: int
    kind: str
    scope: str
    scope_id: int
    quiet_minutes: int | None
    age_minutes: int | None
    also_paging: bool


class AutoEndIn(Schema):
    """Of exactly one rule, service or integration, with one of the times at least."""

    rule_id: int | None = None
    service_id: int | None = None
    integration_id: int | None = None
    quiet_minutes: int | None = Field(default=None, ge=_LEAST, le=_MOST)
    age_minutes: int | None = Field(default=None, ge=_LEAST, le=_MOST)
    also_paging: bool = False


@router.get("/alert-endings", response=list[AutoEndOut], auth=api_auth(Permission.VIEW))
def list_auto_ends(request: HttpRequest) -> list[AutoEndView]:  # noqa: ARG001 - ninja passes it
    """By which policies alerts end."""
    return queries.auto_ends()


@router.post("/alert-endings", response={201: AutoEndOut}, auth=api_auth(Permission.ADMINISTER))
def set_auto_end(request: HttpRequest, body: AutoEndIn) -> Status[AutoEndView]:
    """Set or change the one policy of a rule, a service or an integration."""
    viewer = viewer_of(request)
    viewer.check(Permission.ADMINISTER)
    draft = AutoEndDraft(
        rule_id=body.rule_id,
        service_id=body.service_id,
        integration_id=body.integration_id,
        quiet=_span(body.quiet_minutes),
        age=_span(body.age_minutes),
        also_paging=body.also_paging,
    )
    number = actions.set_auto_end(draft=draft, now=utc_now(), actor=viewer.actor)
    return Status(201, queries.auto_end(number))


def _span(minutes: int | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)


@router.delete(
    "/alert-endings/{int:auto_end_id}",
    response={204: None},
    auth=api_auth(Permission.ADMINISTER),
)
def delete_auto_end(request: HttpRequest, auto_end_id: int) -> Status[None]:
    """Let alerts stay open until somebody or their sender ends them."""
    viewer = viewer_of(request)
    viewer.check(Permission.ADMINISTER)
    actions.delete_auto_end(policy_id=auto_end_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.post("/alerts/{int:alert_id}/keep", response=AlertOut, auth=api_auth(Permission.RESPOND))
def keep_open(request: HttpRequest, alert_id: int) -> Any:  # noqa: ANN401 - ninja reads the schema
    """Let no policy end this alert."""
    viewer = viewer_of(request)
    viewer.check(Permission.RESPOND, team_id=queries.alert(alert_id).row.team_id)
    actions.keep_open(alert_id=alert_id, now=utc_now(), actor=viewer.actor)
    return queries.alert(alert_id).row
