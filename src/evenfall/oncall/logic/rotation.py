"""Which member has which turn.

The turn goes to the next active place in the order. While the same places are active that is
plain counting; where somebody joins or leaves, the count goes on after the last place that had a
turn. So a turn depends only on what was true up to its own day, and never on the future.
"""

from bisect import bisect_right
from datetime import date, datetime, time
from functools import lru_cache
from typing import NamedTuple

from evenfall.oncall.logic import shifts
from evenfall.oncall.logic.spec import LayerSpec, MemberSlot


class Turn(NamedTuple):
    """A place in the order of the people who were active when the shift `shift` began."""

    people: tuple[int | None, ...]
    place: int
    shift: str = ""

    @property
    def user_id(self) -> int | None:
        return self.people[self.place] if self.people else None

    def others(self, step: int) -> tuple[int, ...]:
        """Everybody else once, walking away from this place: forwards (1) or backwards (-1)."""
        return _others(self.people, self.place, step)


class Era(NamedTuple):
    """A run of turns with the same active places; the first turn goes to people[offset].

    `places` are where these people stand in the whole line of members, `resumes` is where the
    search for the first of them began.
    """

    first_turn: int
    people: tuple[int | None, ...]
    offset: int
    places: tuple[int, ...] = ()
    resumes: int = 0


@lru_cache(maxsize=1024)
def eras(layer: LayerSpec) -> tuple[Era, ...]:
    found: list[Era] = []
    last_place = -1
    starts = _era_starts(layer)
    for (first_turn, day), following in zip(starts, [*starts[1:], None], strict=True):
        places = [i for i, slot in enumerate(layer.members) if _is_active(slot, day)]
        offset = bisect_right(places, last_place) % max(len(places), 1)
        people = tuple(layer.members[i].user_id for i in places)
        found.append(Era(first_turn, people, offset, tuple(places), last_place + 1))
        if places and following and following[0] > first_turn:
            taken = following[0] - first_turn
            last_place = places[(offset + taken - 1) % len(places)]
    return tuple(found)


def slot_of(layer: LayerSpec, number: int) -> int:
    """Where in the line of members the turn with this number is, or would be if all are away."""
    era = _era_of(eras(layer), number)
    if not era.places:
        return era.resumes % len(layer.members)
    return era.places[(era.offset + number - era.first_turn) % len(era.places)]


def turn_of(eras: tuple[Era, ...], number: int, shift: str = "") -> Turn:
    """The turn with this number, counted from 0; `shift` names it in reasons."""
    era = _era_of(eras, number)
    place = (era.offset + number - era.first_turn) % max(len(era.people), 1)
    return Turn(era.people, place, shift)


def _era_of(eras: tuple[Era, ...], number: int) -> Era:
    return eras[bisect_right(eras, number, key=lambda era: era.first_turn) - 1]


@lru_cache(maxsize=4096)
def _others(people: tuple[int | None, ...], place: int, step: int) -> tuple[int, ...]:
    walk = (people[(place + step * i) % len(people)] for i in range(1, len(people)))
    return tuple(dict.fromkeys(p for p in walk if p is not None and p != people[place]))


def _era_starts(layer: LayerSpec) -> list[tuple[int, date]]:
    """(first turn, day from which it counts) of every run with the same active places."""
    counted = shifts.turns(layer.pattern, layer.windows)
    first_day = layer.pattern.starts_at.date()
    days = {day for slot in layer.members for day in (slot.joins_on, slot.leaves_on) if day}
    later = sorted(day for day in days if day > first_day)
    numbers = [
        shifts.first_shift_from(layer.pattern, datetime.combine(day, time.min)) for day in later
    ]
    return [(0, first_day), *zip(map(counted.before, numbers), later, strict=True)]


def _is_active(slot: MemberSlot, day: date) -> bool:
    return (slot.joins_on is None or slot.joins_on <= day) and (
        slot.leaves_on is None or day < slot.leaves_on
    )
