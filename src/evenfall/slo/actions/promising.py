"""Objectives: added, changed, archived."""

from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from msgspec import Struct, field
from msgspec.structs import replace

from evenfall.alerting import actions as alerting
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake
from evenfall.slo import errors, events
from evenfall.slo.actions.evaluating import EVALUATE
from evenfall.slo.actions.indicators import (
    IndicatorWish,
    add_indicator,
    name_of,
    read_back,
    slug_for,
)
from evenfall.slo.actions.loading import about, locked, text_of
from evenfall.slo.actions.reading import BACK_FILL, READ
from evenfall.slo.actions.telling import SOURCE, end_firings, own_alert
from evenfall.slo.logic.checks import objective_flaws
from evenfall.slo.logic.spec import Method, ObjectiveSpec
from evenfall.slo.logic.windows import bounds, floor_minute
from evenfall.slo.models import (
    Firing,
    Indicator,
    Objective,
    ObjectiveMember,
    ObjectiveVersion,
    Series,
)
from evenfall.slo.queries.objectives import promise_of, spec_of


class ObjectiveWish(Struct, frozen=True, kw_only=True):
    """What is said about an objective; `slug` "" makes one of the name.

    With `indicator` a new one is added, which the objective then is about.
    """

    spec: ObjectiveSpec
    slug: str = ""
    indicator: IndicatorWish | None = None
    labels: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def add_objective(*, wish: ObjectiveWish, by: int | None, now: datetime, actor: str) -> int:
    """Return the id of a new objective; the past of its window is read, as far as there is one.

    Raises ObjectiveUnclear that names the field, IndicatorNotFound, ServiceNotFound, SlugTaken
    and what `add_indicator` does.
    """
    spec = _with_indicator(wish, now, actor)
    _check(spec)
    row = Objective(created_at=now)
    row.slug = slug_for(wish.slug, spec.name, taken=Objective.objects.all())
    _fill(row, spec, wish.labels)
    _start_slices(row, now)
    _save(row)
    _set_members(row, spec)
    _read_back(row, spec, now)
    _keep(row, spec, by, now)
    _tell(row, {}, spec, now, actor)
    return row.pk


@transaction.atomic
def change_objective(
    *,
    objective_id: int,
    wish: ObjectiveWish,
    version: int,
    by: int | None,
    now: datetime,
    actor: str,
) -> None:
    """Promise something else; the whole window is reckoned again by the new words.

    Raises ObjectiveNotFound, SomebodyChanged and what `add_objective` does.
    """
    row = locked(objective_id)
    if row.version != version:
        raise errors.SomebodyChanged
    before = spec_of(row)
    spec = _with_indicator(wish, now, actor)
    _check(spec)
    _fill(row, spec, wish.labels)
    row.version += 1
    if _slices_differ(before, spec):
        _start_slices(row, now)
    _save(row)
    if spec.members != before.members:
        row.members.all().delete()
        _set_members(row, spec)
    if _counts_differ(before, spec):
        _read_back(row, spec, now)
    _keep(row, spec, by, now)
    _tell(row, _words(before), spec, now, actor)


@transaction.atomic
def archive_objective(*, objective_id: int, now: datetime, actor: str) -> None:
    """Promise it no more: its alerts are over. Raises ObjectiveNotFound."""
    row = locked(objective_id)
    row.archived_at = now
    row.save(update_fields=["archived_at"])
    rows = Firing.objects.filter(objective=row, ended_at=None)
    firings = list(rows.select_related("objective__service"))
    end_firings(firings, now=now)
    over = [own_alert(firing, now=now, is_over=True) for firing in firings]
    alerting.raise_own_alerts(source=SOURCE, alerts=over, now=now)
    publish(events.ObjectiveArchived(**about(row, now=now, actor=actor)))


def _with_indicator(wish: ObjectiveWish, now: datetime, actor: str) -> ObjectiveSpec:
    if wish.indicator is None:
        return wish.spec
    number = add_indicator(wish=wish.indicator, now=now, actor=actor)
    return replace(wish.spec, indicator_id=number)


def _check(spec: ObjectiveSpec) -> None:
    for name, reason in objective_flaws(spec):
        raise errors.ObjectiveUnclear(field=name, reason=reason)
    catalog_queries.service(spec.service_id)
    wanted = _indicator_ids(spec)
    known = set(
        Indicator.objects.filter(id__in=wanted, archived_at=None).values_list("id", flat=True)
    )
    for number in wanted:
        if number not in known:
            raise errors.IndicatorNotFound(indicator=number)


def _indicator_ids(spec: ObjectiveSpec) -> list[int]:
    single = [] if spec.indicator_id is None else [spec.indicator_id]
    return single or [member.indicator_id for member in spec.members]


def _fill(row: Objective, spec: ObjectiveSpec, labels: dict[str, Any]) -> None:
    promise = spec.promise
    row.name, row.description = name_of(spec.name), text_of(spec.description)
    row.service_id, row.environment = spec.service_id, Environment(spec.environment).value
    row.indicator_id = spec.indicator_id
    row.target, row.method = promise.target, promise.method.value
    row.slice_target, row.slice_minutes = promise.slice_target, promise.slice_minutes
    row.no_data = promise.no_data.value
    row.span_number, row.span_unit = promise.window.span.number, promise.window.span.unit.value
    starts = promise.window.starts
    row.zone = promise.window.zone
    row.starts = starts.isoformat(" ", "seconds") if starts else ""
    row.alerts = msgspec.to_builtins(spec.alerts)
    row.warn_below, row.thaw_from = spec.policy.warn_below, spec.policy.thaw_from
    row.labels = labels


def _slices_differ(before: ObjectiveSpec, after: ObjectiveSpec) -> bool:
    def about_slices(spec: ObjectiveSpec) -> tuple[object, ...]:
        promise = spec.promise
        return (
            promise.method,
            promise.slice_target,
            promise.slice_minutes,
            promise.no_data,
            spec.indicator_id,
            spec.members,
        )

    return about_slices(before) != about_slices(after)


def _counts_differ(before: ObjectiveSpec, after: ObjectiveSpec) -> bool:
    return (before.promise.window, _indicator_ids(before)) != (
        after.promise.window,
        _indicator_ids(after),
    )


def _start_slices(row: Objective, now: datetime) -> None:
    """A series of its own where slices are counted, made from the beginning of the window on."""
    row.slices, row.sliced_until = None, None
    if Method(row.method).has_slices:
        row.slices = Series.objects.create()
        row.sliced_until = _start(row, now)


def _start(row: Objective, now: datetime) -> datetime:
    since = bounds(promise_of(row).window, at=now).since
    return floor_minute(max(since, now - BACK_FILL))


def _save(row: Objective) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise errors.SlugTaken(slug=row.slug) from error


def _set_members(row: Objective, spec: ObjectiveSpec) -> None:
    ObjectiveMember.objects.bulk_create(
        ObjectiveMember(
            objective=row,
            indicator_id=member.indicator_id,
            position=position,
            weight=member.weight,
            target=member.target,
            slice_target=member.slice_target,
        )
        for position, member in enumerate(spec.members)
    )


def _read_back(row: Objective, spec: ObjectiveSpec, now: datetime) -> None:
    read_back(_indicator_ids(spec), since=_start(row, now), now=now)
    wake(READ, EVALUATE)


def _keep(row: Objective, spec: ObjectiveSpec, by: int | None, now: datetime) -> None:
    ObjectiveVersion.objects.create(
        objective=row, version=row.version, said=_words(spec), by_id=by, at=now
    )


def _words(spec: ObjectiveSpec) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(spec)
    return found


def _tell(
    row: Objective, before: dict[str, Any], spec: ObjectiveSpec, now: datetime, actor: str
) -> None:
    after = _words(spec)
    changed = {name for name in after if before.get(name) != after[name]}
    publish(
        events.ObjectiveSaved(
            **about(row, now=now, actor=actor),
            before={name: before[name] for name in before if name in changed},
            after={name: after[name] for name in after if name in changed},
        )
    )
