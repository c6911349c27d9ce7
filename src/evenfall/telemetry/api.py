"""Metric sources over the API. Secrets go in and never come out."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.telemetry import actions, queries
from evenfall.telemetry.actions import SourceWish
from evenfall.telemetry.queries import SourceView

router = Router(tags=["metric sources"])
_ALL = "/metric-sources"
_ONE = f"{_ALL}/{{int:source_id}}"


class MetricSourceIn(Schema):
    """A `secret` that is null or left out keeps the known one, for the same address."""

    name: str = Field(max_length=80)
    kind: str = Field("prometheus", max_length=40)
    url: str = Field(max_length=500)
    user_name: str = Field("", max_length=100)
    secret: str | None = Field(None, max_length=4_000)
    tenant: str = Field("", max_length=100)
    authority: str = Field("", max_length=100_000)

    def wish(self) -> SourceWish:
        return SourceWish(**self.dict())


class MetricSourceOut(Schema):
    """`problem` is empty while it answers."""

    id: int
    name: str
    kind: str
    url: str
    user_name: str
    tenant: str
    has_secret: bool
    asked_at: datetime | None
    problem: str
    problem_since: datetime | None


class MetricSourcesOut(Schema):
    items: list[MetricSourceOut]


@router.get(_ALL, response=MetricSourcesOut, auth=api_auth(Permission.VIEW))
def list_metric_sources(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """All sources by name, and how they stand."""
    return {"items": queries.sources()}


@router.post(_ALL, response={201: MetricSourceOut}, auth=api_auth(Permission.MANAGE))
def add_metric_source(request: HttpRequest, body: MetricSourceIn) -> Status[SourceView]:
    """Add a server that objectives, watchers and rollouts ask."""
    viewer = _manager(request)
    number = actions.add_source(wish=body.wish(), now=utc_now(), actor=viewer.actor)
    return Status(201, queries.source(number))


@router.get(_ONE, response=MetricSourceOut, auth=api_auth(Permission.VIEW))
def get_metric_source(request: HttpRequest, source_id: int) -> SourceView:  # noqa: ARG001 - ninja passes it
    """How it stands."""
    return queries.source(source_id)


@router.put(_ONE, response=MetricSourceOut, auth=api_auth(Permission.MANAGE))
def change_metric_source(request: HttpRequest, source_id: int, body: MetricSourceIn) -> SourceView:
    """Say something else about it."""
    viewer = _manager(request)
    actions.change_source(source_id=source_id, wish=body.wish(), now=utc_now(), actor=viewer.actor)
    return queries.source(source_id)


@router.delete(_ONE, response={204: None}, auth=api_auth(Permission.MANAGE))
def remove_metric_source(request: HttpRequest, source_id: int) -> Status[None]:
    """Forget it and its secret; what asks it is unknown from then on."""
    viewer = _manager(request)
    actions.remove_source(source_id=source_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


def _manager(request: HttpRequest) -> Viewer:
    """Whoever asks, who must manage the site: a source belongs to no team."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    return viewer
