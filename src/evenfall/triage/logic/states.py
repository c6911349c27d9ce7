"""What an item may become, and what each thing that happens to it does to its clocks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from evenfall.triage.logic.clocks import Happened, Kind, Mark
from evenfall.triage.logic.priority import Priority


class State(StrEnum):
    """A lane of the board; `DECLINED` leaves it."""

    NEW = "new"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    WAITING = "waiting"
    DONE = "done"
    DECLINED = "declined"


LANES = (State.NEW, State.ACCEPTED, State.ACTIVE, State.WAITING, State.DONE)
OPEN = frozenset({State.NEW, State.ACCEPTED, State.ACTIVE, State.WAITING})


class What(StrEnum):
    """What happens to an item; the values are stored."""

    REPORTED = "reported"
    ANSWERED = "answered"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    PULLED = "pulled"
    PUT_BACK = "put_back"
    PAUSED = "paused"
    RESUMED = "resumed"
    DONE = "done"
    PRIORITISED = "prioritised"
    CHANGED = "changed"
    OVERRIDDEN = "overridden"
    COMMENTED = "commented"


class Reason(StrEnum):
    """What may be waited for; nothing else stops a clock."""

    REPORTER = "reporter"
    VENDOR = "vendor"
    CHANGE = "change"


MOVES: dict[What, tuple[frozenset[State], State]] = {
    What.ACCEPTED: (frozenset({State.NEW}), State.ACCEPTED),
    What.DECLINED: (frozenset({State.NEW, State.ACCEPTED, State.WAITING}), State.DECLINED),
    What.PULLED: (frozenset({State.ACCEPTED}), State.ACTIVE),
    What.PUT_BACK: (frozenset({State.ACTIVE}), State.ACCEPTED),
    What.PAUSED: (OPEN - {State.WAITING}, State.WAITING),
    What.ASKED: (OPEN - {State.WAITING}, State.WAITING),
    What.DONE: (OPEN - {State.NEW}, State.DONE),
}


def may(what: What, state: State) -> bool:
    """Whether this can happen to an item in that state; people write whenever they like."""
    if what is What.COMMENTED:
        return True
    if what is What.RESUMED:
        return state is State.WAITING
    return state in MOVES[what][0] if what in MOVES else state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to an item, as the clocks read it."""

    what: What
    at: datetime
    priority: Priority | None = None
    reason: str = ""


_RESPONSES = frozenset({What.ANSWERED, What.ASKED, What.ACCEPTED, What.DECLINED, What.DONE})
_CONTACTS = frozenset({What.ANSWERED, What.ASKED})
_PAUSES = frozenset({What.PAUSED, What.ASKED})
_ENDS: dict[Kind, dict[What, Mark]] = {
    Kind.FIRST_RESPONSE: dict.fromkeys(_RESPONSES, Mark.STOP),
    Kind.DECISION: dict.fromkeys((What.ACCEPTED, What.DECLINED, What.DONE), Mark.STOP),
    Kind.NEXT_CONTACT: dict.fromkeys((What.DECLINED, What.DONE), Mark.CANCEL),
    Kind.RESOLUTION: {What.DONE: Mark.STOP, What.DECLINED: Mark.CANCEL},
}


def happened(kind: Kind, events: Iterable[Event]) -> list[Happened]:
    """What these events do to the clock of this kind, in their order."""
    found = list[Happened]()
    priority: Priority | None = None
    for event in events:
        priority = event.priority or priority
        found.extend(_happened(kind, event, priority))
    return found


def _happened(kind: Kind, event: Event, priority: Priority | None) -> Iterator[Happened]:
    for mark in _marks(kind, event.what):
        yield Happened(mark=mark, at=event.at, priority=priority, reason=event.reason)


def _marks(kind: Kind, what: What) -> Iterator[Mark]:
    """A contact keeps the promise of the next one and starts it anew."""
    if what is What.REPORTED:
        yield Mark.START
    elif what is What.PRIORITISED:
        yield Mark.PRIORITY
    elif kind is Kind.NEXT_CONTACT and what in _CONTACTS:
        yield Mark.STOP
        yield Mark.START
    elif what in _ENDS[kind]:
        yield _ENDS[kind][what]
    if what in _PAUSES:
        yield Mark.PAUSE
    elif what is What.RESUMED:
        yield Mark.RESUME


def waits_for(events: Iterable[Event]) -> str:
    """The reason of the last pause, "" without any."""
    return next((one.reason for one in reversed(list(events)) if one.what in _PAUSES), "")


def state_before_pause(events: Iterable[Event]) -> State:
    """The state to which an item that waits goes back."""
    state = State.NEW
    for event in events:
        move = MOVES.get(event.what)
        if move is not None and move[1] is not State.WAITING:
            state = move[1]
    return state
