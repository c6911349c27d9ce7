"""What becomes of a release on a train: gone, ready, held, or left behind and why."""

import enum
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from evenfall.releases.logic.states import RUNNING, WAITING, State


class Fate(enum.StrEnum):
    """Ready and held are said before the departure, left behind after it."""

    READY = "ready"
    HELD = "held"
    LEAVING = "leaving"
    GONE = "gone"
    CAME_BACK = "came_back"
    TAKEN_OFF = "taken_off"
    LEFT_BEHIND = "left_behind"


STAYED: Final = frozenset({Fate.CAME_BACK, Fate.TAKEN_OFF, Fate.LEFT_BEHIND})
"""These may go with a later train."""
MARKS: Final[Mapping[Fate, tuple[str, str]]] = {
    Fate.READY: ("pass", "ready"),
    Fate.HELD: ("warning", "held"),
    Fate.LEAVING: ("deploying", "leaving"),
    Fate.GONE: ("deployed", "gone"),
    Fate.CAME_BACK: ("failed", "came back"),
    Fate.TAKEN_OFF: ("cancelled", "taken off"),
    Fate.LEFT_BEHIND: ("fail", "left behind"),
}
"""The badge of each, and what it says."""
_ENDED: Final = {
    State.FAILED: (Fate.CAME_BACK, "It failed."),
    State.ROLLED_BACK: (Fate.CAME_BACK, "It was rolled back."),
    State.CANCELLED: (Fate.TAKEN_OFF, "Somebody took it off."),
}


class Seat(Struct, frozen=True, kw_only=True):
    """A release in the last stage of its way; `closed` says why each closed gate is closed."""

    state: State
    reason: str
    closed: tuple[str, ...]
    was_asked: bool


def fate(seat: Seat | None, *, departs_at: datetime | None, now: datetime) -> tuple[Fate, str]:
    """What becomes of it, and why; "" where there is nothing to explain."""
    is_over = departs_at is not None and now >= departs_at
    if seat is None:
        left = Fate.LEFT_BEHIND if is_over else Fate.HELD
        return left, "Its service has no stage to go to."
    if seat.state in RUNNING:
        return Fate.GONE, ""
    if seat.state is State.DEPLOYING:
        return Fate.LEAVING, ""
    if seat.state not in WAITING:
        word, why = _ENDED[seat.state]
        return word, seat.reason or why
    return _waiting(seat, is_over=is_over)


def _waiting(seat: Seat, *, is_over: bool) -> tuple[Fate, str]:
    held = Fate.LEFT_BEHIND if is_over else Fate.HELD
    if not seat.was_asked:
        return held, "Its gates were not asked yet."
    if seat.closed:
        return held, " ".join(seat.closed)
    return (held, "Its gates passed, but nobody began the deploy.") if is_over else (Fate.READY, "")


def closed_whys(answers: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Why each gate that does not pass says so, of answers as they are kept."""
    return tuple(
        str(one["why"]) for one in answers if one["verdict"] != "pass" and not one["exception"]
    )
