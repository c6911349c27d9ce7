"""Analyses over the API: what was found in a rollout, and what is measured at a target."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Schema, Status
from pydantic import Field

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.rollouts import actions, queries
from evenfall.rollouts.actions import Which
from evenfall.rollouts.api.routing import router
from evenfall.rollouts.contexts import managed_target
from evenfall.rollouts.logic.analysis.settings import written, written_metric
from evenfall.rollouts.queries import AnalysisView, MetricView, RunView

_TARGET = "/rollout-targets/{int:target_id}/analysis"


class AnalysisFindingOut(Schema):
    """What one test says; `numbers` are those that it went by."""

    lane: str
    outcome: str
    reason: str
    what_would_change: str
    numbers: dict[str, float]


class MeasuredPointOut(Schema):
    """null is no value."""

    at: datetime
    new: float | None
    stable: float | None


class AnalysedMetricOut(Schema):
    """`metric` is what was to be measured, the queries are as they were asked."""

    metric: dict[str, Any]
    source: str
    query: str
    stable_query: str
    label: str
    finding: AnalysisFindingOut | None
    problem: str
    measured_at: datetime | None
    points: list[MeasuredPointOut]


class GroupScoreOut(Schema):
    name: str
    score: float
    weight: float
    points: float
    passed: int
    judged: int


class AnalysisScoreOut(Schema):
    value: float
    outcome: str
    reason: str
    what_would_change: str
    groups: list[GroupScoreOut]


class AnalysisRunOut(Schema):
    """`outcome` is what the metrics say together, null before they were judged."""

    name: str
    outcome: str | None
    reason: str
    score: AnalysisScoreOut | None
    fast: list[AnalysisFindingOut]
    metrics: list[AnalysedMetricOut]
    started_at: datetime
    judged_at: datetime | None
    ended_at: datetime | None


class AnalysisRunsOut(Schema):
    items: list[AnalysisRunOut]


class AnalysisIn(Schema):
    """`version` is the one that was read, 0 where there is none. `settings` as they are shown."""

    version: int = Field(ge=0, lt=2**31)
    settings: dict[str, Any]


class AnalysisOut(Schema):
    version: int
    settings: dict[str, Any]
    changed_at: datetime | None
    changed_by: str


class MetricTryIn(Schema):
    """One metric, as in the settings."""

    metric: dict[str, Any]


class TriedSideOut(Schema):
    """`points` are pairs of time and value; `problem` says why these would be no value."""

    side: str
    query: str
    points: list[tuple[datetime, float | None]]
    problem: str


class TriedSidesOut(Schema):
    items: list[TriedSideOut]


@router.get(
    "/rollouts/{int:rollout_id}/analyses",
    response=AnalysisRunsOut,
    auth=api_auth(Permission.VIEW),
)
def rollout_analyses(request: HttpRequest, rollout_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What was measured in a rollout, what it says, and what would change it."""
    queries.rollout(rollout_id)
    return {"items": [_run(one) for one in queries.runs(rollout_id)]}


@router.get(_TARGET, response=AnalysisOut, auth=api_auth(Permission.VIEW))
def get_analysis(request: HttpRequest, target_id: int, name: str = "") -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What is measured when a version comes to this target; `name` is what a step asks for."""
    queries.target(target_id)
    return _analysis(queries.analysis(target_id, name))


@router.put(_TARGET, response=AnalysisOut, auth=api_auth(Permission.MANAGE))
def set_analysis(
    request: HttpRequest,
    target_id: int,
    body: AnalysisIn,
    name: str = Query("", max_length=60),  # type: ignore[type-arg] # ninja types it so
) -> dict[str, Any]:
    """Say what is measured; it counts from the next rollout on."""
    viewer, _ = managed_target(request, target_id)
    which = Which(target_id=target_id, name=name, version=body.version)
    actions.set_analysis(which=which, wish=body.settings, now=utc_now(), actor=viewer.actor)
    return _analysis(queries.analysis(target_id, name))


@router.delete(_TARGET, response={204: None}, auth=api_auth(Permission.MANAGE))
def remove_analysis(
    request: HttpRequest, target_id: int, version: int, name: str = ""
) -> Status[None]:
    """Measure only what every rollout has."""
    viewer, _ = managed_target(request, target_id)
    which = Which(target_id=target_id, name=name, version=version)
    actions.remove_analysis(which=which, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.post(f"{_TARGET}/try", response=TriedSidesOut, auth=api_auth(Permission.MANAGE))
def try_metric(request: HttpRequest, target_id: int, body: MetricTryIn) -> dict[str, Any]:
    """Ask for a metric of both sides as they run now; nothing is kept."""
    managed_target(request, target_id)
    tried = actions.try_metric(target_id=target_id, wish=body.metric, now=utc_now())
    return {"items": tried}


def _analysis(view: AnalysisView) -> dict[str, Any]:
    return {
        "version": view.version,
        "settings": written(view.settings),
        "changed_at": view.changed_at,
        "changed_by": view.changed_by,
    }


def _run(view: RunView) -> dict[str, Any]:
    names = ("name", "outcome", "reason", "score", "fast", "started_at", "judged_at", "ended_at")
    return {
        **{name: getattr(view, name) for name in names},
        "metrics": [_metric(one) for one in view.metrics],
    }


def _metric(view: MetricView) -> dict[str, Any]:
    names = ("source", "query", "stable_query", "label", "finding", "problem", "measured_at")
    return {
        **{name: getattr(view, name) for name in names},
        "metric": written_metric(view.metric),
        "points": view.points,
    }
