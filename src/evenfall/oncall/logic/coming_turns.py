"""The turns of a rota that begin in a stretch of time, each whole, and whether they are settled."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from evenfall.oncall.logic import layers, schedule
from evenfall.oncall.logic.eligibility import joined
from evenfall.oncall.logic.spec import PlanSpec, Role, RotaSpec, Span
from evenfall.oncall.logic.tiles import Tile
from evenfall.oncall.logic.turns import Shift, Stretch


def coming_turns(spec: RotaSpec, now: datetime, until: datetime) -> list[Shift]:
    """The turns that run at `now` or begin before `until`, by start.

    Settled are those that have begun, and those an override of the primary touches: people decided.
    Two turns one after the other stay two, also when one person has both.
    """
    far = until + _longest(spec)
    spans = [s for s in schedule.final_schedule(spec, now, far) if s.role is Role.PRIMARY]
    found: list[Shift] = []
    lane = 0
    for plan, low, high in schedule.reigns(spec, now, far):
        found += _turns(spec, plan, (low, high), spans, lane=lane)
        lane += len(plan.layers)
    found = [shift for shift in found if shift.starts_at < until]
    return sorted(found, key=lambda shift: (shift.starts_at, shift.lane))


def second_turns(spec: RotaSpec, turns: Sequence[Shift], now: datetime) -> list[Shift]:
    """The same turns, with the lieutenants that the rota has beside them.

    Settled are those that have begun, and those an override of the lieutenant touches.
    """
    if not turns:
        return []
    far = max(turn.ends_at for turn in turns)
    spans = [s for s in schedule.final_schedule(spec, now, far) if s.role is Role.LIEUTENANT]
    return [
        Shift(
            lane=0,
            place=place,
            pieces=turn.pieces,
            user_id=_holder(spans, turn.pieces),
            is_settled=turn.starts_at <= now or _is_decided(spec, turn.pieces, Role.LIEUTENANT),
        )
        for place, turn in enumerate(turns)
    ]


def _turns(
    spec: RotaSpec, plan: PlanSpec, reign: Stretch, spans: Sequence[Span], *, lane: int
) -> Iterator[Shift]:
    """The turns of one plan; `lane` is a number from which its layers are counted."""
    places = {
        label: (lane + number, place)
        for number, layer in enumerate(plan.layers)
        for place, label in enumerate(_labels(layers.paving(layer, *reign)))
    }
    tiles: dict[str, list[Tile]] = defaultdict(list)
    for tile in layers.stack(plan.layers, *reign):
        if tile.turn is not None:
            tiles[tile.turn.shift].append(tile)
    for label, some in tiles.items():
        pieces = tuple(joined((tile.starts_at, tile.ends_at) for tile in some))
        is_settled = pieces[0][0] <= reign[0] or _is_decided(spec, pieces)
        yield Shift(
            lane=places[label][0],
            place=places[label][1],
            pieces=pieces,
            user_id=_holder(spans, pieces) if is_settled else some[0].user_id,
            is_settled=is_settled,
        )


def _labels(paving: Sequence[Tile]) -> list[str]:
    return list(dict.fromkeys(tile.turn.shift for tile in paving if tile.turn is not None))


def _is_decided(spec: RotaSpec, pieces: Sequence[Stretch], role: Role = Role.PRIMARY) -> bool:
    return any(
        override.starts_at < high and low < override.ends_at
        for override in spec.overrides
        if override.role is role
        for low, high in pieces
    )


def _holder(spans: Sequence[Span], pieces: Sequence[Stretch]) -> int | None:
    """Who has most of a settled turn; of two with the same part the one with the lower id."""
    parts: dict[int, timedelta] = defaultdict(timedelta)
    for span in spans:
        for low, high in pieces:
            parts[span.user_id] += max(
                timedelta(), min(span.ends_at, high) - max(span.starts_at, low)
            )
    held = {user_id: part for user_id, part in parts.items() if part}
    return min(held, key=lambda user_id: (-held[user_id], user_id)) if held else None


def _longest(spec: RotaSpec) -> timedelta:
    """As long as any shift may be; a stretch that much longer holds the last one whole."""
    hours = [max(layer.pattern.hours) for plan in spec.plans for layer in plan.layers]
    return timedelta(hours=max(hours, default=0) + 1)
