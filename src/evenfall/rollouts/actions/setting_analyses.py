"""Saying what is measured of the rollouts of a target."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from msgspec import Struct
from msgspec.structs import replace

from evenfall.platform.errors import Conflict
from evenfall.platform.events import publish
from evenfall.platform.journal import changed_fields
from evenfall.rollouts import errors, events
from evenfall.rollouts.actions.targets import locked_target
from evenfall.rollouts.logic.analysis import settings
from evenfall.rollouts.logic.analysis.settings import Metric, Settings, SettingsUnclear
from evenfall.rollouts.models import Analysis, Target
from evenfall.telemetry import actions as telemetry

FRESH: Final = 0
"""The version of what is not there yet."""


class Which(Struct, frozen=True, kw_only=True):
    """An analysis of a target; `version` is the one that was read, FRESH where there is none."""

    target_id: int
    name: str = ""
    version: int = FRESH


def checked(said: Mapping[str, Any]) -> Settings:
    """Read a document and check its queries. Raises AnalysisUnclear, QueryInvalid."""
    try:
        found = settings.read(said)
    except SettingsUnclear as error:
        raise errors.AnalysisUnclear(field=error.field, reason=error.reason) from error
    for metric in found.metrics:
        _check_queries(metric)
    return found


def checked_metric(said: Mapping[str, Any]) -> Metric:
    """Read one metric and check its queries. Raises AnalysisUnclear, QueryInvalid."""
    try:
        metric = settings.read_metric(said)
    except SettingsUnclear as error:
        raise errors.AnalysisUnclear(field=error.field, reason=error.reason) from error
    _check_queries(metric)
    return metric


@transaction.atomic
def set_analysis(*, which: Which, wish: Mapping[str, Any], now: datetime, actor: str) -> int:
    """Say what is measured; returns the new version. Rollouts under way keep what they began with.

    Raises TargetNotFound, AnalysisUnclear, QueryInvalid, and Conflict where it was changed since.
    """
    return _set(which, checked(wish), now=now, actor=actor)


@transaction.atomic
def set_metric(
    *, which: Which, known_as: str, wish: Mapping[str, Any], now: datetime, actor: str
) -> int:
    """Put a metric in the place of the one `known_as`, or at the end where that is "".

    Raises what `set_analysis` raises, and MetricNameTaken.
    """
    metric, before = checked_metric(wish), settings_of(which)
    others = [one for one in before.metrics if one.name != known_as]
    if any(one.name == metric.name for one in others):
        raise errors.MetricNameTaken(name=metric.name)
    metrics = [metric if one.name == known_as else one for one in before.metrics]
    if metric not in metrics:
        metrics.append(metric)
    return _set(which, replace(before, metrics=tuple(metrics)), now=now, actor=actor)


@transaction.atomic
def remove_metric(*, which: Which, name: str, now: datetime, actor: str) -> int:
    """Measure it no more. Raises TargetNotFound, Conflict."""
    before = settings_of(which)
    metrics = tuple(one for one in before.metrics if one.name != name)
    return _set(which, replace(before, metrics=metrics), now=now, actor=actor)


@transaction.atomic
def remove_analysis(*, which: Which, now: datetime, actor: str) -> None:
    """Forget it. Raises TargetNotFound, AnalysisNotFound, Conflict."""
    target, row = _locked(which)
    if row is None:
        raise errors.AnalysisNotFound
    before = row.settings
    row.delete()
    _tell(target, which, before, {}, now=now, actor=actor)


def settings_of(which: Which) -> Settings:
    """As it is kept now, or what every rollout has."""
    row = Analysis.objects.filter(target_id=which.target_id, name=which.name).first()
    return settings.read(row.settings) if row else settings.read({})


def version_of(target_id: int, name: str) -> int:
    """The version that is there now, FRESH where there is none."""
    rows = Analysis.objects.filter(target_id=target_id, name=name)
    return rows.values_list("version", flat=True).first() or FRESH


def _set(which: Which, wish: Settings, *, now: datetime, actor: str) -> int:
    target, row = _locked(which)
    row = row or Analysis(target=target, name=which.name[:60], version=FRESH)
    before, row.settings = row.settings, settings.written(wish)
    row.version, row.changed_at, row.changed_by = row.version + 1, now, actor
    row.save()
    _tell(target, which, before, row.settings, now=now, actor=actor)
    return row.version


def _locked(which: Which) -> tuple[Target, Analysis | None]:
    """Lock the target, so that one at a time changes it; raises TargetNotFound, Conflict."""
    target = locked_target(which.target_id)
    row = Analysis.objects.filter(target=target, name=which.name).first()
    if (row.version if row else FRESH) != which.version:
        raise Conflict
    return target, row


def _check_queries(metric: Metric) -> None:
    if not metric.source_id:
        return
    for text in (metric.query, metric.stable_query):
        if text:
            telemetry.check_query(metric.source_id, text)


def _tell(
    target: Target,
    which: Which,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    now: datetime,
    actor: str,
) -> None:
    changed = changed_fields(before, after) if before and after else {}
    publish(
        events.AnalysisChanged(
            target_id=target.pk,
            service_id=target.service_id,
            name=which.name,
            before={name: pair[0] for name, pair in changed.items()} if changed else before,
            after={name: pair[1] for name, pair in changed.items()} if changed else after,
            at=now,
            actor=actor,
        )
    )
