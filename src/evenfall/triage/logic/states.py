"""What an item may become, and what each thing that happens to it does to its clocks."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from evenfall.triage.logic.clocks import Happened, Kind, Mark
from evenfall.triage.logic.priority import Priority


class State(StrEnum):
    """Where an item is. `ACCEPTED` ones are ready; `VERIFYING` ones are fixed, if that is so."""

    NEW = "new"
    NEEDS_INFO = "needs_info"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    WAITING = "waiting"
    VERIFYING = "verifying"
    DONE = "done"
    DECLINED = "declined"
    DUPLICATE = "duplicate"
    RISK_ACCEPTED = "risk_accepted"
    PROMOTED = "promoted"


EXITS = (State.DECLINED, State.DUPLICATE, State.RISK_ACCEPTED, State.PROMOTED)
"""The ways out at the side: nobody works on the item as such."""
OPEN = frozenset(State) - {State.DONE, *EXITS}
PAUSED = frozenset({State.NEEDS_INFO, State.WAITING})
PLANNED = frozenset({State.ACCEPTED, State.SCHEDULED, State.ACTIVE})
"""What takes hours of a week."""


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
    SCHEDULED = "scheduled"
    FIXED = "fixed"
    NOT_FIXED = "not_fixed"
    DONE = "done"
    DUPLICATE = "duplicate"
    RISK_TAKEN = "risk_taken"
    PROMOTED = "promoted"
    REOPENED = "reopened"
    RETURNED = "returned"
    INCIDENT_OVER = "resolved"
    PRIORITISED = "prioritised"
    CHANGED = "changed"
    OVERRIDDEN = "overridden"
    COMMENTED = "commented"


class Reason(StrEnum):
    """What may be waited for; nothing else stops a clock."""

    REPORTER = "reporter"
    VENDOR = "vendor"
    CHANGE = "change"


_UNTOUCHED = OPEN - {State.ACTIVE, State.VERIFYING}
MOVES: dict[What, tuple[frozenset[State], State]] = {
    What.ACCEPTED: (frozenset({State.NEW}), State.ACCEPTED),
    What.SCHEDULED: (frozenset({State.ACCEPTED, State.SCHEDULED}), State.SCHEDULED),
    What.PULLED: (frozenset({State.ACCEPTED, State.SCHEDULED}), State.ACTIVE),
    What.PUT_BACK: (frozenset({State.ACTIVE, State.SCHEDULED}), State.ACCEPTED),
    What.PAUSED: (OPEN - PAUSED, State.WAITING),
    What.ASKED: (OPEN - PAUSED, State.NEEDS_INFO),
    What.FIXED: (frozenset({State.ACTIVE}), State.VERIFYING),
    What.NOT_FIXED: (frozenset({State.VERIFYING}), State.ACCEPTED),
    What.DONE: (OPEN - {State.NEW}, State.DONE),
    What.DECLINED: (_UNTOUCHED, State.DECLINED),
    What.DUPLICATE: (OPEN, State.DUPLICATE),
    What.RISK_TAKEN: (_UNTOUCHED, State.RISK_ACCEPTED),
    What.PROMOTED: (OPEN, State.PROMOTED),
    What.RETURNED: (frozenset({State.RISK_ACCEPTED}), State.NEW),
}
_ENDED = frozenset(State) - OPEN
_FROM: dict[What, frozenset[State]] = {
    What.COMMENTED: frozenset(State),
    What.RESUMED: PAUSED,
    What.REOPENED: _ENDED,
    What.INCIDENT_OVER: frozenset({State.PROMOTED}),
}
"""What leads to no state of its own, where it may not happen in all that are open."""


def may(what: What, state: State) -> bool:
    """Whether this can happen to an item in that state; people write whenever they like."""
    return state in (MOVES[what][0] if what in MOVES else _FROM.get(what, OPEN))


class Event(Struct, frozen=True, kw_only=True):
    """One thing that happened to an item, as the clocks read it."""

    what: What
    at: datetime
    priority: Priority | None = None
    reason: str = ""


_OUT = frozenset({What.DECLINED, What.DUPLICATE, What.RISK_TAKEN, What.PROMOTED})
_END = _OUT | {What.DONE}
_DECISIONS = _END | {What.ACCEPTED}
_CONTACTS = frozenset({What.ANSWERED, What.ASKED})
_PAUSES = frozenset({What.PAUSED, What.ASKED, What.FIXED})
"""Whoever says that it is fixed waits for the reporter to see that it is."""
_GOES_ON = frozenset({What.RESUMED, What.NOT_FIXED})
_ENDS: dict[Kind, dict[What, Mark]] = {
    Kind.FIRST_RESPONSE: dict.fromkeys(_DECISIONS | _CONTACTS, Mark.STOP),
    Kind.DECISION: dict.fromkeys(_DECISIONS, Mark.STOP),
    Kind.NEXT_CONTACT: dict.fromkeys(_END, Mark.CANCEL),
    Kind.RESOLUTION: {**dict.fromkeys(_OUT, Mark.CANCEL), What.DONE: Mark.STOP},
}


def happened(kind: Kind, events: Iterable[Event]) -> list[Happened]:
    """What these events do to the clock of this kind, in their order."""
    found = list[Happened]()
    priority: Priority | None = None
    ended_at: datetime | None = None
    for event in events:
        priority = event.priority or priority
        ended_at = event.at if event.what in _END else ended_at
        found.extend(
            Happened(
                mark=mark, at=event.at, priority=priority, reason=event.reason, ended_at=ended_at
            )
            for mark in _marks(kind, event.what)
        )
    return found


def _marks(kind: Kind, what: What) -> Iterator[Mark]:
    """A contact keeps the promise of the next one and starts it anew.

    What comes back on its day is promised anew. Whoever was answered stays answered.
    """
    if what is What.REPORTED or (what is What.RETURNED and kind is not Kind.FIRST_RESPONSE):
        yield Mark.START
    elif what is What.REOPENED and kind is not Kind.FIRST_RESPONSE:
        yield Mark.REOPEN
    elif what is What.PRIORITISED:
        yield Mark.PRIORITY
    elif kind is Kind.NEXT_CONTACT and what in _CONTACTS:
        yield Mark.STOP
        yield Mark.START
    elif what in _ENDS[kind]:
        yield _ENDS[kind][what]
    if what in _PAUSES:
        yield Mark.PAUSE
    elif what in _GOES_ON:
        yield Mark.RESUME


def waits_for(events: Iterable[Event]) -> str:
    """The reason of the last pause, "" without any."""
    return next((one.reason for one in reversed(list(events)) if one.what in _PAUSES), "")


def state_before(events: Iterable[Event]) -> State:
    """The state that an item was in before it waited, or ended."""
    state = State.NEW
    for event in events:
        move = MOVES.get(event.what)
        if move is not None and move[1] in OPEN - PAUSED:
            state = move[1]
    return state
