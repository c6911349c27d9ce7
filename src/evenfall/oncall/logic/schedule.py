"""The one function that says who is on call, and the questions answered from it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby

from msgspec import Struct

from evenfall.oncall.logic import layers, lieutenant, overrides, rest, shadow, shifts
from evenfall.oncall.logic.spec import Gap, PlanSpec, Role, RotaSpec, Span
from evenfall.oncall.logic.tiles import Paving, Tile
from evenfall.platform.wall_clock import instant, reading

NOT_WANTED = "The rota asks for nobody at this time."
ROLES = tuple(Role)
LOOK_AHEAD_DAYS = (2, 15, 92, 366)
"""Nearly always the next primary begins at once; looking far ahead costs more and is seldom due."""


class OnCall(Struct, frozen=True):
    """Who is on call at an instant, with the whole of each duty, and the next other primary."""

    primary: Span | None
    lieutenant: Span | None
    next_primary: Span | None
    why_nobody: str = ""
    """Why there is no primary; empty when there is one."""
    shadow: Span | None = None
    """Who learns; never somebody to page."""


def final_schedule(spec: RotaSpec, starts_at: datetime, ends_at: datetime) -> tuple[Span, ...]:
    """Who has which role between two aware instants, by start, primaries first, shadows last.

    Spans are cut at the two instants. Two neighbouring stretches give together what the whole
    gives, except that a span over the seam comes in two parts.
    """
    starts_at, ends_at = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    learners = _learners(spec, starts_at, ends_at)
    return _schedule(*_pavings(spec, starts_at, ends_at), learners)


def gaps(spec: RotaSpec, starts_at: datetime, ends_at: datetime) -> tuple[Gap, ...]:
    """When nobody is primary although the coverage of the rota asks for somebody."""
    return _gaps(spec, _primary(spec, starts_at.astimezone(UTC), ends_at.astimezone(UTC)))


def schedule_and_gaps(
    spec: RotaSpec, starts_at: datetime, ends_at: datetime
) -> tuple[tuple[Span, ...], tuple[Gap, ...]]:
    """`final_schedule` and `gaps` of the same stretch, for the price of the first."""
    starts_at, ends_at = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    primary, lieutenants = _pavings(spec, starts_at, ends_at)
    learners = _learners(spec, starts_at, ends_at)
    return _schedule(primary, lieutenants, learners), _gaps(spec, primary)


def on_call_at(spec: RotaSpec, at: datetime, *, with_next: bool = True) -> OnCall:
    """Who is on call at the aware instant; the duties are whole, not cut at any window.

    The next primary costs more than all the rest: those who do not need it leave it out.
    """
    at = at.astimezone(UTC)
    running = _running(spec, at)
    primary = running.get(Role.PRIMARY)
    after = primary.ends_at if primary else at
    following = _next_primary(spec, primary, after) if with_next else None
    why_nobody = "" if primary else _why_nobody(spec, at)
    second, learner = running.get(Role.LIEUTENANT), running.get(Role.SHADOW)
    return OnCall(primary, second, following, why_nobody, learner)


def coming_primaries(spec: RotaSpec, now: datetime, until: datetime) -> list[Span]:
    """The primary duties that run at `now` or begin before `until`, each whole."""
    _, ends_at = _surroundings(spec, until)
    spans = final_schedule(spec, now, ends_at)
    primary = [s for s in spans if s.role is Role.PRIMARY and s.starts_at < until]
    running = _running(spec, now).get(Role.PRIMARY)
    return [running, *primary[1:]] if running else primary


def named(spec: RotaSpec, starts_at: datetime, ends_at: datetime) -> tuple[Paving, Paving]:
    """Primary, and the lieutenants as rule and overrides name them: that may be the primary too.

    Every instant of the stretch is in exactly one tile of each.
    """
    planned: Paving = []
    seconds: Paving = []
    for plan, low, high in reigns(spec, starts_at, ends_at):
        stacked = layers.stack(plan.layers, low, high)
        planned += stacked
        tired = rest.tired(plan, partial(_primary, spec))
        seconds += lieutenant.planned(plan.lieutenant, stacked, low, high, tired)
    primary = overrides.apply(planned, spec.overrides, Role.PRIMARY, spec.zone)
    return primary, overrides.apply(seconds, spec.overrides, Role.LIEUTENANT, spec.zone)


def _primary(spec: RotaSpec, starts_at: datetime, ends_at: datetime) -> Paving:
    planned: Paving = []
    for plan, low, high in reigns(spec, starts_at, ends_at):
        planned += layers.stack(plan.layers, low, high)
    return overrides.apply(planned, spec.overrides, Role.PRIMARY, spec.zone)


def _pavings(spec: RotaSpec, starts_at: datetime, ends_at: datetime) -> tuple[Paving, Paving]:
    """Primary and lieutenants, who are never the same person."""
    primary, seconds = named(spec, starts_at, ends_at)
    return primary, lieutenant.beside_primary(seconds, primary)


def _schedule(primary: Paving, lieutenants: Paving, learners: Paving) -> tuple[Span, ...]:
    shadows = shadow.beside(learners, primary, lieutenants)
    pavings = zip(Role, (primary, lieutenants, shadows), strict=True)
    spans = [span for role, paving in pavings for span in _spans(paving, role)]
    return tuple(sorted(spans, key=lambda span: (span.starts_at, ROLES.index(span.role))))


def _gaps(spec: RotaSpec, primary: Paving) -> tuple[Gap, ...]:
    return tuple(
        Gap(*stretch, tile.why)
        for tile in _joined(primary)
        if tile.user_id is None
        for stretch in _wanted(spec, tile)
    )


def _learners(spec: RotaSpec, starts_at: datetime, ends_at: datetime) -> Paving:
    """The shadows as layers and overrides name them."""
    planned: Paving = []
    for plan, low, high in reigns(spec, starts_at, ends_at):
        planned += shadow.planned(plan.shadows, low, high)
    return overrides.apply(planned, spec.overrides, Role.SHADOW, spec.zone)


def reigns(
    spec: RotaSpec, starts_at: datetime, ends_at: datetime
) -> Iterator[tuple[PlanSpec, datetime, datetime]]:
    """Which plan holds when; before the first one a plan without layers does."""
    plans = [PlanSpec(starts_at=starts_at, layers=()), *spec.plans]
    for plan, following in zip(plans, [*plans[1:], None], strict=True):
        low = max(plan.starts_at, starts_at)
        high = min(following.starts_at, ends_at) if following else ends_at
        if low < high:
            yield plan, low, high


def _joined(paving: Paving) -> Iterator[Tile]:
    """The paving with neighbours joined that give the same person for the same reason."""
    for _, same in groupby(paving, key=lambda tile: (tile.user_id, tile.why)):
        first, *rest = same
        yield first._replace(ends_at=rest[-1].ends_at) if rest else first


def _spans(paving: Paving, role: Role) -> Iterator[Span]:
    for tile in _joined(paving):
        if tile.user_id is not None:
            yield Span(tile.user_id, role, tile.starts_at, tile.ends_at, tile.why)


def _wanted(spec: RotaSpec, tile: Tile) -> Iterator[tuple[datetime, datetime]]:
    """The parts of the tile inside the coverage of the rota.

    The wall is read a day wider, because around a change of the clocks it may show an earlier time
    at the end of the tile than at its start.
    """
    start = reading(tile.starts_at, spec.zone) - timedelta(days=1)
    end = reading(tile.ends_at, spec.zone) + timedelta(days=1)
    for opens, closes in shifts.worked_parts(spec.coverage, start, end):
        low = max(instant(opens, spec.zone), tile.starts_at)
        high = min(instant(closes, spec.zone), tile.ends_at)
        if low < high:
            yield low, high


def _running(spec: RotaSpec, at: datetime) -> dict[Role, Span]:
    starts_at, ends_at = _surroundings(spec, at)
    spans = final_schedule(spec, starts_at, ends_at)
    return {span.role: span for span in spans if span.starts_at <= at < span.ends_at}


def _why_nobody(spec: RotaSpec, at: datetime) -> str:
    missing = gaps(spec, at, at + timedelta.resolution)
    return missing[0].why if missing else NOT_WANTED


def _surroundings(spec: RotaSpec, at: datetime) -> tuple[datetime, datetime]:
    """A stretch that holds every shift and override which runs at the instant, whole."""
    stacked = [layer for plan in spec.plans for layer in plan.all_layers]
    running = [shift for layer in stacked if (shift := layers.shift_at(layer, at))]
    running += [(o.starts_at, o.ends_at) for o in spec.overrides if o.starts_at <= at < o.ends_at]
    starts, ends = zip((at, at + timedelta.resolution), *running, strict=True)
    return min(starts), max(ends)


def _people(spec: RotaSpec) -> set[int | None]:
    """Everybody who may ever be primary; None is nobody."""
    layers_of_all = (layer for plan in spec.plans for layer in plan.layers)
    members = {slot.user_id for layer in layers_of_all for slot in layer.members}
    return (members | {override.user_id for override in spec.overrides}) - {None}


def _next_primary(spec: RotaSpec, current: Span | None, after: datetime) -> Span | None:
    if not _people(spec) - {current.user_id if current else None}:
        return None  # a rota of one person: no need to look a year ahead
    for days in LOOK_AHEAD_DAYS:
        for span in final_schedule(spec, after, after + timedelta(days=days)):
            if span.role is Role.PRIMARY and (not current or span.user_id != current.user_id):
                return _running(spec, span.starts_at)[Role.PRIMARY]
    return None
