"""Who had the shift before a shift, so that they can rest: by what really was, with all overrides.

It depends on the shift alone and never on the stretch that is looked at, so that two neighbouring
stretches agree.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from evenfall.oncall.logic import layers, shifts
from evenfall.oncall.logic.spec import LayerSpec, PlanSpec
from evenfall.oncall.logic.tiles import Paving, Tile
from evenfall.platform.wall_clock import instant

MOST_BACK = 8
"""So many shifts back one that is worked is looked for."""

type Primaries = Callable[[datetime, datetime], Paving]
"""Who really was primary between two instants."""
type Tired = Callable[[Tile], int | None]
"""Who had the shift before that of a tile of the planned primary; None for nobody."""


def tired(plan: PlanSpec, primaries: Primaries) -> Tired:
    """Whoever had most of the shift before, also by another plan."""
    known: dict[str, int | None] = {}

    def find(tile: Tile) -> int | None:
        if tile.turn is None:
            return None
        label = tile.turn.shift
        if label not in known:
            before = _before(plan, tile)
            known[label] = _most(primaries(*before)) if before else None
        return known[label]

    return find


def look_back(plan: PlanSpec) -> timedelta:
    """How far before a shift its predecessor may begin; nothing where nobody rests."""
    if not plan.lieutenant.spares_previous:
        return timedelta()
    hours = max((hours for layer in plan.layers for hours in layer.pattern.hours), default=0)
    return timedelta(hours=hours * (MOST_BACK + 1) + 24)


def _before(plan: PlanSpec, tile: Tile) -> tuple[datetime, datetime] | None:
    """The worked shift before that of the tile, in its layer."""
    for layer in plan.layers:
        number = layers.number_at(layer, tile.starts_at)
        if number < 0 or tile.turn is None or layers.label(layer, number) != tile.turn.shift:
            continue
        for earlier in range(number - 1, number - 1 - MOST_BACK, -1):
            if found := _worked(layer, earlier):
                return found
    return None


def _worked(layer: LayerSpec, number: int) -> tuple[datetime, datetime] | None:
    """The shift with this number from its first worked instant to its last."""
    start, end = (shifts.shift_start(layer.pattern, one) for one in (number, number + 1))
    parts = shifts.worked_parts(layer.windows, start, end)
    if not parts:
        return None
    low, high = instant(parts[0][0], layer.zone), instant(parts[-1][1], layer.zone)
    return (low, high) if low < high else None


def _most(paving: Paving) -> int | None:
    """Who has most of the paving; of two with the same part the one with the lower id."""
    held: dict[int, timedelta] = defaultdict(timedelta)
    for tile in paving:
        if tile.user_id is not None:
            held[tile.user_id] += tile.ends_at - tile.starts_at
    return min(held, key=lambda user_id: (-held[user_id], user_id)) if held else None
