"""Alerts that wait for the problem of a service that theirs needs."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from evenfall.alerting import actions, queries
from evenfall.alerting.actions import Dependence
from evenfall.alerting.api.alerts import AlertOut
from evenfall.alerting.logic.causes import LONGEST_WAY, LONGEST_WINDOW, Holding
from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

router = Router()
_LONGEST = int(LONGEST_WINDOW.total_seconds() // 60)


class ServiceHoldingOut(Schema):
    """`needs` are the names of the services without which it stops."""

    service_id: int
    service: str
    slug: str
    holding: Holding
    needs: list[str]


class DependenceOut(Schema):
    """Cause and symptom begin at most `window_minutes` apart, `most_steps` away in the graph."""

    is_on: bool
    most_steps: int
    window_minutes: int
    services: list[ServiceHoldingOut]


class DependenceIn(Schema):
    is_on: bool
    most_steps: int = Field(ge=1, le=LONGEST_WAY)
    window_minutes: int = Field(ge=1, le=_LONGEST)


class HoldingIn(Schema):
    """*auto*: all alerts may wait, but critical ones of a service of tier 1."""

    holding: Holding


@router.get("/dependence", response=DependenceOut, auth=api_auth(Permission.VIEW))
def dependence(request: HttpRequest) -> queries.DependenceView:  # noqa: ARG001 - ninja passes it
    """When alerts wait for what their service needs."""
    return queries.dependence()


@router.put("/dependence", response=DependenceOut, auth=api_auth(Permission.ADMINISTER))
def set_dependence(request: HttpRequest, body: DependenceIn) -> queries.DependenceView:
    """Change it for all services; what waits already is decided again."""
    viewer = viewer_of(request)
    viewer.check(Permission.ADMINISTER)
    wanted = Dependence(
        is_on=body.is_on,
        most_steps=body.most_steps,
        window=timedelta(minutes=body.window_minutes),
    )
    actions.set_dependence(wanted=wanted, now=utc_now(), actor=viewer.actor)
    return queries.dependence()


@router.put(
    "/dependence/services/{int:service_id}",
    response=DependenceOut,
    auth=api_auth(Permission.MANAGE),
)
def set_holding(request: HttpRequest, service_id: int, body: HoldingIn) -> queries.DependenceView:
    """Say whether alerts of a service may wait: *auto*, *always* or *never*."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=catalog_queries.service(service_id).team_id)
    actions.set_holding(
        service_id=service_id, holding=body.holding, now=utc_now(), actor=viewer.actor
    )
    return queries.dependence()


@router.post("/alerts/{int:alert_id}/split", response=AlertOut, auth=api_auth(Permission.RESPOND))
def split_off(request: HttpRequest, alert_id: int) -> Any:  # noqa: ANN401 - ninja reads the schema
    """Say that an alert is a problem of its own: it waits for no other service any more."""
    viewer = viewer_of(request)
    viewer.check(Permission.RESPOND, team_id=queries.alert(alert_id).row.team_id)
    actions.split_off(alert_id=alert_id, now=utc_now(), actor=viewer.actor)
    return queries.alert(alert_id).row
