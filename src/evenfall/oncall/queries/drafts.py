"""Rotas that nobody saved yet: who would be on call by them, and how that looks."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from evenfall.oncall.logic import picture, schedule
from evenfall.oncall.logic.spec import (
    LayerSpec,
    OverrideSpec,
    PlanSpec,
    RotaSpec,
    Span,
    WeeklyWindow,
)
from evenfall.oncall.queries.duties import check_stretch


def draft_rota(
    layers: Sequence[LayerSpec],
    overrides: Sequence[OverrideSpec],
    coverage: Sequence[WeeklyWindow] = (),
    *,
    since: datetime,
) -> RotaSpec:
    """A rota with one plan from an aware instant on, in the zone of its lowest layer."""
    plan = PlanSpec(starts_at=since, layers=tuple(layers))
    return RotaSpec(
        zone=layers[0].zone,
        plans=(plan,),
        overrides=tuple(overrides),
        coverage=tuple(coverage),
    )


def draft_picture(
    spec: RotaSpec, names: Mapping[int, str], *, now: datetime
) -> tuple[picture.Week, ...]:
    """The running week and the three after it; `names` are those of the people in the spec."""
    return picture.weeks(spec, names, now=now)


def draft_schedule(spec: RotaSpec, *, starts_at: datetime, ends_at: datetime) -> list[Span]:
    """The spans between two aware instants. Raises `StretchTooLong`, `TimeOutOfRange`."""
    check_stretch(starts_at, ends_at)
    return list(schedule.final_schedule(spec, starts_at, ends_at))
