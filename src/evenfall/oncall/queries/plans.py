"""Plans before they are saved: as they go on, and what a change of them would give."""

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from evenfall.identity import queries as identity_queries
from evenfall.oncall.logic import picture, schedule
from evenfall.oncall.logic.layers import carried_on, next_cycle, same_parts
from evenfall.oncall.logic.spec import Gap, PlanSpec, Role, RotaSpec, Span, WeeklyWindow
from evenfall.oncall.queries.diffs import ScheduleDiff, schedule_diff
from evenfall.oncall.queries.specs import specs
from evenfall.oncall.queries.sun import NightWatchView, night_watches_of
from evenfall.platform.wall_clock import instant

WEEKS_AHEAD = 6
SHIFTS_SHOWN = 8


class ComingShift(Struct, frozen=True, kw_only=True):
    """A shift of one person; lieutenant and shadow are names or empty."""

    name: str
    starts_at: datetime
    ends_at: datetime
    lieutenant: str
    shadow: str


class NightsOf(Struct, frozen=True, kw_only=True):
    """How often somebody would be on call at night, the first time, and who has day then."""

    name: str
    time_zone: str
    count: int
    first: NightWatchView


class PlanPreview(Struct, frozen=True, kw_only=True):
    """The coming weeks by a plan, and what somebody should know before it is saved.

    `same_parts` are the layers in which everybody always has the same shifts of the cycle.
    """

    shifts: list[ComingShift]
    weeks: tuple[picture.Week, ...]
    gaps: tuple[Gap, ...]
    nights: list[NightsOf]
    same_parts: list[str]
    diff: ScheduleDiff | None
    time_zone: str


def plan_to_edit(rota_id: int, *, now: datetime) -> PlanSpec:
    """The newest plan as it goes on at the next hand-over of its lowest layer.

    Saved unchanged it changes nothing. A plan that has not begun is given from its begin.
    """
    plan = specs([rota_id], since=now)[rota_id].plans[-1]
    at = plan.starts_at
    if at <= now:
        lowest = plan.layers[0]
        at = instant(next_cycle(lowest, now), lowest.zone)
    rule = plan.lieutenant
    return PlanSpec(
        starts_at=at,
        layers=tuple(carried_on(layer, at) for layer in plan.layers),
        lieutenant=replace(rule, layers=tuple(carried_on(layer, at) for layer in rule.layers)),
        shadows=tuple(carried_on(layer, at) for layer in plan.shadows),
    )


def plan_preview(
    plan: PlanSpec,
    *,
    zone: str,
    coverage: tuple[WeeklyWindow, ...] = (),
    now: datetime,
    rota_id: int | None = None,
) -> PlanPreview:
    """What a plan that nobody saved yet would give, from now at the earliest.

    With `rota_id` it takes the place of that rota's plan, and the difference is told.
    """
    plan = replace(plan, starts_at=max(plan.starts_at, now))
    spec = RotaSpec(zone=ZoneInfo(zone), plans=(plan,), coverage=coverage)
    until = plan.starts_at + timedelta(weeks=WEEKS_AHEAD)
    diff = None
    if rota_id is not None:
        known = specs([rota_id], since=now, until=until)[rota_id]
        spec = replace(spec, overrides=known.overrides)
        diff = schedule_diff(rota_id, plan=plan, starts_at=plan.starts_at, ends_at=until)
    spans = schedule.final_schedule(spec, plan.starts_at, until)
    names = identity_queries.names({span.user_id for span in spans} | _members(plan))
    return PlanPreview(
        shifts=_shifts(spans, names),
        weeks=picture.weeks(spec, names, now=plan.starts_at),
        gaps=schedule.gaps(spec, plan.starts_at, until),
        nights=_nights(night_watches_of(spec, starts_at=plan.starts_at, ends_at=until)),
        same_parts=[layer.name for layer in plan.layers if same_parts(layer)],
        diff=diff,
        time_zone=zone,
    )


def _shifts(spans: Collection[Span], names: dict[int, str]) -> list[ComingShift]:
    primary = [span for span in spans if span.role is Role.PRIMARY][:SHIFTS_SHOWN]
    return [
        ComingShift(
            name=names[span.user_id],
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            lieutenant=_beside(span, spans, Role.LIEUTENANT, names),
            shadow=_beside(span, spans, Role.SHADOW, names),
        )
        for span in primary
    ]


def _beside(primary: Span, spans: Collection[Span], role: Role, names: dict[int, str]) -> str:
    """Who has the role when the shift begins."""
    return next(
        (
            names[span.user_id]
            for span in spans
            if span.role is role and span.starts_at <= primary.starts_at < span.ends_at
        ),
        "",
    )


def _nights(watches: list[NightWatchView]) -> list[NightsOf]:
    """By person; the two parts of a night in which another gets up are one night."""
    found = []
    by_person = sorted(watches, key=lambda watch: (watch.name, watch.user_id, watch.starts_at))
    for _, group in groupby(by_person, key=lambda watch: watch.user_id):
        first, *rest = group
        ends = [first.ends_at, *(watch.ends_at for watch in rest)]
        joined = sum(ends[n] == watch.starts_at for n, watch in enumerate(rest))
        count = 1 + len(rest) - joined
        found.append(NightsOf(name=first.name, time_zone=first.time_zone, count=count, first=first))
    return found


def _members(plan: PlanSpec) -> set[int]:
    found = {slot.user_id for layer in plan.all_layers for slot in layer.members}
    return {user_id for user_id in found if user_id is not None}
