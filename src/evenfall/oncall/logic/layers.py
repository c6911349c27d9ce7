"""Layers: each gives its own paving; laid over one another they give the planned primary."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import reduce
from math import gcd

from msgspec.structs import replace

from evenfall.oncall.logic import rotation, shifts, tiles
from evenfall.oncall.logic.spec import LayerSpec
from evenfall.oncall.logic.tiles import Paving, Tile
from evenfall.platform.wall_clock import instant, reading, spoken


def stack(layers: tuple[LayerSpec, ...], starts_at: datetime, ends_at: datetime) -> Paving:
    """All layers together; a later one wins."""
    pavings = [paving(layer, starts_at, ends_at) for layer in layers]
    pavings = pavings or [tiles.bare(starts_at, ends_at)]
    return reduce(lambda below, above: tiles.combine(below, above, tiles.over), pavings)


def paving(layer: LayerSpec, starts_at: datetime, ends_at: datetime) -> Paving:
    return tiles.pave(_worked(layer, starts_at, ends_at), starts_at, ends_at)


def shift_at(layer: LayerSpec, at: datetime) -> tuple[datetime, datetime] | None:
    """The shift, worked or not, that runs at the instant; None before the first one."""
    number = number_at(layer, at)
    edges = (shifts.shift_start(layer.pattern, one) for one in (number, number + 1))
    starts_at, ends_at = (instant(edge, layer.zone) for edge in edges)
    return None if number < 0 else (starts_at, ends_at)


def number_at(layer: LayerSpec, at: datetime) -> int:
    """The number of the shift that runs at the instant; negative before the first one."""
    number = shifts.shift_number(layer.pattern, reading(at, layer.zone))
    while instant(shifts.shift_start(layer.pattern, number + 1), layer.zone) <= at:
        number += 1  # the wall shows an hour twice and the hand-over was in its first showing
    return number


def label(layer: LayerSpec, number: int) -> str:
    """What names the shift with this number in reasons."""
    return _label(layer, shifts.shift_start(layer.pattern, number))


def next_cycle(layer: LayerSpec, at: datetime) -> datetime:
    """The wall time of the next hand-over that begins a cycle: where a change fits best."""
    number = shifts.shift_number(layer.pattern, reading(at, layer.zone)) + 1
    number += -number % len(layer.pattern.hours)
    return shifts.shift_start(layer.pattern, max(number, 0))


def begins_at(layers: Iterable[LayerSpec], holds_from: datetime | None = None) -> datetime:
    """When a plan of these layers begins: with its first shift, or later with `holds_from`."""
    first = min(instant(layer.pattern.starts_at, layer.zone) for layer in layers)
    return max(first, holds_from or first)


def carried_on(layer: LayerSpec, at: datetime) -> LayerSpec:
    """The same layer, told from the cycle that runs at the instant: the first has its first turn.

    Whoever has left by then is left out. From the instant on it gives the same schedule; a layer
    that has not begun stays as it is.
    """
    number = shifts.shift_number(layer.pattern, reading(at, layer.zone))
    if number < 0 or not layer.members:
        return layer
    number -= number % len(layer.pattern.hours)
    counted = shifts.turns(layer.pattern, layer.windows)
    place = rotation.slot_of(layer, counted.before(number))
    start = shifts.shift_start(layer.pattern, number)
    line = (*layer.members[place:], *layer.members[:place])
    members = tuple(s for s in line if s.leaves_on is None or start.date() < s.leaves_on)
    return replace(layer, pattern=replace(layer.pattern, starts_at=start), members=members)


def same_parts(layer: LayerSpec) -> bool:
    """Whether everybody always has the same shifts of the cycle, such as all the weekends."""
    return gcd(len(layer.pattern.hours), len(layer.members)) > 1


def _worked(layer: LayerSpec, starts_at: datetime, ends_at: datetime) -> Iterator[Tile]:
    """The worked parts of all shifts that may touch the stretch, in order."""
    eras = rotation.eras(layer)
    counted = shifts.turns(layer.pattern, layer.windows)
    number = max(0, shifts.shift_number(layer.pattern, reading(starts_at, layer.zone)))
    start = shifts.shift_start(layer.pattern, number)
    while instant(start, layer.zone) < ends_at:
        end = shifts.shift_start(layer.pattern, number + 1)
        if parts := shifts.worked_parts(layer.windows, start, end):
            turn = rotation.turn_of(eras, counted.before(number), _label(layer, start))
            for low, high in parts:
                opens, closes = instant(low, layer.zone), instant(high, layer.zone)
                yield Tile(opens, closes, turn.user_id, _reason(turn), turn)
        number, start = number + 1, end


def _label(layer: LayerSpec, start: datetime) -> str:
    return f"layer {layer.name}, shift from {spoken(start)} {layer.zone}"


def _reason(turn: rotation.Turn) -> str:
    return f"{'Empty place' if turn.user_id is None else 'Turn'} in {turn.shift}."
