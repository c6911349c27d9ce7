"""What happened to items, and the clocks that it moved."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.triage.logic.clocks import Clock, Kind, Promise, measure
from evenfall.triage.logic.priority import Priority
from evenfall.triage.logic.states import Event, What, happened
from evenfall.triage.models import Item, ItemEvent
from evenfall.triage.queries.settings import Book, calendars_by_id


class Past(Struct, frozen=True):
    """What happened to items, and what was promised at any time."""

    events: dict[int, list[Event]]
    book: Book


def past_of(item_ids: Sequence[int]) -> Past:
    """Two queries."""
    return Past(events_of(item_ids), Book())


def clocks_of(
    rows: Iterable[Item], *, now: datetime, past: Past | None = None
) -> dict[int, tuple[Clock, ...]]:
    """The clocks of each item that ever started, computed from all that happened to it.

    Whoever has read its `past` already hands it in.
    """
    rows = list(rows)
    past = past or past_of([row.pk for row in rows])
    events, book = past.events, past.book
    calendars = calendars_by_id({row.calendar_id for row in rows})
    found = dict[int, tuple[Clock, ...]]()
    for row in rows:
        targets = book.at(row.reported_at)
        measured = (
            measure(
                Promise(kind=kind, targets=targets, calendar=calendars[row.calendar_id]),
                happened(kind, events[row.pk]),
                now=now,
            )
            for kind in Kind
        )
        found[row.pk] = tuple(clock for clock in measured if clock is not None)
    return found


def events_of(item_ids: Sequence[int]) -> dict[int, list[Event]]:
    """What happened to each of these items, in order, as the clocks read it."""
    found = defaultdict[int, list[Event]](list)
    rows = ItemEvent.objects.filter(item_id__in=item_ids).order_by("id")
    for item_id, what, at, priority, reason in rows.values_list(
        "item_id", "what", "at", "priority", "reason"
    ):
        event = Event(
            what=What(what),
            at=at,
            priority=Priority(priority) if priority else None,
            reason=reason,
        )
        found[item_id].append(event)
    return found
