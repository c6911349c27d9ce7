"""What a change would change, before it is saved."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from evenfall.identity import queries as identity_queries
from evenfall.oncall import errors
from evenfall.oncall.logic import compared, diff, picture
from evenfall.oncall.logic.diff import Change
from evenfall.oncall.logic.schedule import final_schedule
from evenfall.oncall.logic.shifts import WEEK
from evenfall.oncall.logic.spec import (
    LayerSpec,
    LieutenantRule,
    OverrideKind,
    OverrideSpec,
    PlanSpec,
    Role,
    RotaSpec,
)
from evenfall.oncall.models import Override
from evenfall.oncall.queries.duties import check_stretch, check_times
from evenfall.oncall.queries.specs import override_spec, specs
from evenfall.platform.wall_clock import instant

WHOEVER = 0
"""Stands for the person who will say yes; nobody has this id."""
WHOEVER_NAME = "Whoever says yes"
MOST_WEEKS_DRAWN = 6


class ChangeView(Struct, frozen=True, kw_only=True):
    """From `starts_at` until `ends_at` (UTC) `after` has the role and not `before`.

    None is nobody; the names are for people to read.
    """

    starts_at: datetime
    ends_at: datetime
    role: Role
    before_id: int | None
    before: str
    after_id: int | None
    after: str


class ScheduleDiff(Struct, frozen=True, kw_only=True):
    """The changes by start, and the weeks they touch with a row before and a row after."""

    changes: list[ChangeView]
    weeks: tuple[picture.Week, ...]


def schedule_diff(
    rota_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime,
    overrides: Sequence[OverrideSpec] = (),
    plan: PlanSpec | None = None,
) -> ScheduleDiff:
    """What these overrides and this plan would change between two aware instants.

    The plan replaces those that would begin with it or later, as `replan_rota` does. Nothing is
    saved. Raises `RotaNotFound`, `StretchTooLong`, `OverrideEmpty`, `OverridePerson`.
    """
    check_stretch(starts_at, ends_at)
    for one in overrides:
        _check_override(one)
    before = specs([rota_id], since=starts_at, until=ends_at).get(rota_id)
    if before is None:
        raise errors.RotaNotFound(rota_id=rota_id)
    after = replace(before, plans=_plans(before, plan), overrides=(*before.overrides, *overrides))
    return diff_views(before, after, starts_at=starts_at, ends_at=ends_at)


def coming_plan(
    layers: Sequence[LayerSpec], lieutenant: LieutenantRule, *, now: datetime
) -> PlanSpec:
    """The plan that `replan_rota` would make of these: it holds from its first shift."""
    first = min(instant(layer.pattern.starts_at, layer.zone) for layer in layers)
    return PlanSpec(starts_at=max(first, now), layers=tuple(layers), lieutenant=lieutenant)


def diff_views(
    before: RotaSpec, after: RotaSpec, *, starts_at: datetime, ends_at: datetime
) -> ScheduleDiff:
    """The difference of two values of a rota, with names and drawn."""
    changes = diff.diff(before, after, starts_at, ends_at)
    names = _names(before, after, starts_at, ends_at)
    return ScheduleDiff(
        changes=[_view(change, names) for change in changes],
        weeks=compared.weeks(before, after, changes, names, most=MOST_WEEKS_DRAWN),
    )


def ineffective(rota_id: int, *, now: datetime) -> set[int]:
    """The ids of the overrides that run or will run and change nothing, in one place to look."""
    coming = Override.objects.filter(rota_id=rota_id, cancelled_at=None, ends_at__gt=now)
    rows = list(coming.order_by("id"))
    if not rows:
        return set()
    since = min(row.starts_at for row in rows)
    spec = specs([rota_id], since=since, until=max(row.ends_at for row in rows))[rota_id]
    return {row.id for row in rows if diff.is_without_effect(spec, override_spec(row))}


def _check_override(one: OverrideSpec) -> None:
    check_times(one.starts_at, one.ends_at)
    if one.ends_at <= one.starts_at:
        raise errors.OverrideEmpty(field="ends_at")
    if (one.kind is OverrideKind.REMOVE) != (one.user_id is None):
        raise errors.OverridePerson(field="user_id")


def _plans(spec: RotaSpec, plan: PlanSpec | None) -> tuple[PlanSpec, ...]:
    if plan is None:
        return spec.plans
    return (*(held for held in spec.plans if held.starts_at < plan.starts_at), plan)


def _names(
    before: RotaSpec, after: RotaSpec, starts_at: datetime, ends_at: datetime
) -> dict[int, str]:
    """Of everybody who may be drawn: a week is drawn whole."""
    stretch = (starts_at - WEEK, ends_at + WEEK)
    spans = (*final_schedule(before, *stretch), *final_schedule(after, *stretch))
    people = {span.user_id for span in spans} - {WHOEVER}
    return identity_queries.names(people) | {WHOEVER: WHOEVER_NAME}


def _view(change: Change, names: Mapping[int, str]) -> ChangeView:
    return ChangeView(
        starts_at=change.starts_at,
        ends_at=change.ends_at,
        role=change.role,
        before_id=change.before,
        before=_name(change.before, names),
        after_id=change.after,
        after=_name(change.after, names),
    )


def _name(user_id: int | None, names: Mapping[int, str]) -> str:
    return picture.NOBODY if user_id is None else names.get(user_id, "?")
