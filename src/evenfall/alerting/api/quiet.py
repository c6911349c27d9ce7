"""Silences and maintenance windows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from evenfall.alerting import actions, queries
from evenfall.alerting.errors import MatchersNotValid
from evenfall.alerting.logic.matchers import Matcher, MatcherError, Operator, to_json
from evenfall.alerting.queries import MaintenanceView, SilenceView
from evenfall.catalog.ports import Environment
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

router = Router()


class MatcherSchema(Schema):
    name: str
    operator: Operator = Operator.EQUAL
    value: str


class SilenceOut(Schema):
    id: int
    public_id: UUID
    matchers: list[MatcherSchema]
    comment: str
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    created_by: str
    created_by_name: str
    state: str


class SilencesOut(Schema):
    items: list[SilenceOut]
    next: str | None


class SilenceIn(Schema):
    matchers: list[MatcherSchema] = Field(max_length=50)
    starts_at: AwareDatetime | None = None
    """Now when left out."""
    ends_at: AwareDatetime
    comment: str = Field(default="", max_length=500)


class MaintenanceOut(Schema):
    id: int
    name: str
    service_ids: list[int]
    environments: list[str]
    matchers: list[MatcherSchema]
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    created_by: str
    created_by_name: str
    state: str
    series_id: int | None
    """The recurring maintenance that this is one time of."""


class MaintenancesOut(Schema):
    items: list[MaintenanceOut]
    next: str | None


class MaintenanceIn(Schema):
    name: str = Field(max_length=120)
    service_ids: list[int] = Field(default_factory=list, max_length=500)
    environments: list[Environment] = Field(default_factory=list)
    matchers: list[MatcherSchema] = Field(default_factory=list, max_length=50)
    starts_at: AwareDatetime | None = None
    """Now when left out."""
    ends_at: AwareDatetime


def matchers_of(given: list[MatcherSchema]) -> tuple[Matcher, ...]:
    try:
        return tuple(Matcher(one.name, one.operator, one.value) for one in given)
    except MatcherError as error:
        raise MatchersNotValid(field="matchers", reason=str(error)) from None


def _silence(view: SilenceView) -> dict[str, Any]:
    shown = ("id", "public_id", "comment", "starts_at", "ends_at", "created_at", "created_by")
    return {
        **{name: getattr(view, name) for name in shown},
        "created_by_name": view.created_by_name,
        "state": view.state,
        "matchers": to_json(view.matchers),
    }


def _window(view: MaintenanceView) -> dict[str, Any]:
    shown = ("id", "name", "starts_at", "ends_at", "created_at", "created_by", "created_by_name")
    return {
        **{name: getattr(view, name) for name in shown},
        "service_ids": view.service_ids,
        "environments": view.environments,
        "series_id": view.series_id,
        "state": view.state,
        "matchers": to_json(view.matchers),
    }


@router.get("/silences", response=SilencesOut, auth=api_auth(Permission.VIEW))
def list_silences(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    expired: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    cursor: str | None = None,
) -> dict[str, Any]:
    """Silences that are not over, the next to end first; or those that are."""
    page = queries.silences_page(expired=expired, now=utc_now(), cursor=cursor)
    return {"items": [_silence(view) for view in page.items], "next": page.next_cursor}


@router.post("/silences", response={201: SilenceOut}, auth=api_auth(Permission.RESPOND))
def create_silence(request: HttpRequest, body: SilenceIn) -> Status[dict[str, Any]]:
    viewer, now = viewer_of(request), utc_now()
    matchers = matchers_of(body.matchers)
    queries.check_quiet(viewer, matchers=matchers)
    number = actions.create_silence(
        matchers=matchers,
        starts_at=body.starts_at or now,
        ends_at=body.ends_at,
        comment=body.comment,
        by_name=viewer.name,
        now=now,
        actor=viewer.actor,
    )
    return Status(201, _silence(queries.silence(number, now=now)))


@router.post(
    "/silences/{int:silence_id}/end", response=SilenceOut, auth=api_auth(Permission.RESPOND)
)
def end_silence(request: HttpRequest, silence_id: int) -> dict[str, Any]:
    viewer, now = viewer_of(request), utc_now()
    queries.check_quiet(viewer, matchers=queries.silence(silence_id, now=now).matchers)
    actions.end_silence(silence_id=silence_id, now=now, actor=viewer.actor)
    return _silence(queries.silence(silence_id, now=now))


@router.get("/maintenance", response=MaintenancesOut, auth=api_auth(Permission.VIEW))
def list_maintenance(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    expired: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    cursor: str | None = None,
) -> dict[str, Any]:
    """Windows that are not over, the next to end first; or those that are."""
    page = queries.maintenance_page(expired=expired, now=utc_now(), cursor=cursor)
    return {"items": [_window(view) for view in page.items], "next": page.next_cursor}


@router.post("/maintenance", response={201: MaintenanceOut}, auth=api_auth(Permission.RESPOND))
def create_maintenance(request: HttpRequest, body: MaintenanceIn) -> Status[dict[str, Any]]:
    viewer, now = viewer_of(request), utc_now()
    matchers = matchers_of(body.matchers)
    queries.check_quiet(viewer, matchers=matchers, service_ids=set(body.service_ids))
    number = actions.create_maintenance(
        name=body.name,
        starts_at=body.starts_at or now,
        ends_at=body.ends_at,
        service_ids=body.service_ids,
        environments=[environment.value for environment in body.environments],
        matchers=matchers,
        by_name=viewer.name,
        now=now,
        actor=viewer.actor,
    )
    return Status(201, _window(queries.maintenance(number, now=now)))


@router.post(
    "/maintenance/{int:maintenance_id}/end",
    response=MaintenanceOut,
    auth=api_auth(Permission.RESPOND),
)
def end_maintenance(request: HttpRequest, maintenance_id: int) -> dict[str, Any]:
    viewer, now = viewer_of(request), utc_now()
    window = queries.maintenance(maintenance_id, now=now)
    queries.check_quiet(viewer, matchers=window.matchers, service_ids=window.service_ids)
    actions.end_maintenance(maintenance_id=maintenance_id, now=now, actor=viewer.actor)
    return _window(queries.maintenance(maintenance_id, now=now))
