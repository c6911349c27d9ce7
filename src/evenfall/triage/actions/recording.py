"""How everything that happens to an item is written: its event, its state, its next due time."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.triage import errors, queries
from evenfall.triage.logic.clocks import Clock
from evenfall.triage.logic.states import MOVES, OPEN, PAUSED, State, What, may
from evenfall.triage.models import Item, ItemEvent, Warned
from evenfall.triage.models.items import OPEN_STATES

REMINDED_BEFORE = timedelta(days=3)
"""So long before a risk comes back people are told."""

type Told = set[tuple[str, datetime, int]]


class By(Struct, frozen=True):
    """Who acts, and when."""

    actor: str
    at: datetime


def lock(item_id: int) -> Item:
    """The item, locked. Raises `ItemNotFound`."""
    row = Item.objects.select_for_update().filter(id=item_id).first()
    if row is None:
        raise errors.ItemNotFound(item_id=item_id)
    return row


def check(item: Item, what: What) -> None:
    """Raise `NotPossible` when this cannot happen to the item as it is."""
    if not may(what, State(item.state)):
        raise errors.NotPossible(item_id=item.pk, state=item.state)


def record(
    item: Item, what: What, by: By, *, reason: str = "", text: str = "", state: State | None = None
) -> None:
    """Append the event and save what it comes to; `state` where the event does not tell it.

    Whatever an exit left behind goes when the item is open again.
    """
    ItemEvent.objects.create(
        item=item,
        what=what.value,
        at=by.at,
        actor=by.actor,
        priority=item.priority,
        reason=reason,
        text=text,
    )
    to = MOVES[what][1] if what in MOVES else state
    if to is not None:
        item.state = to.value
        if to in OPEN:
            _clear_exit(item)
        if to not in PAUSED | {State.SCHEDULED}:
            item.scheduled_for = None
        item.ended_at = None if to.value in OPEN_STATES else max(by.at, item.reported_at)
    item.changed_at = by.at
    plan_next([item], now=by.at)
    item.save()


def _clear_exit(item: Item) -> None:
    item.exit_reason = item.risk_accepted_by = ""
    item.duplicate_of_id = item.incident_id = None
    item.risk_review_at = item.risk_reminded_at = item.incident_over_at = None


def plan_next(items: Iterable[Item], *, now: datetime) -> None:
    """Set when each item is next to be looked at; the caller saves.

    A risk is looked at for its reminder, and on its day.
    """
    rows = list(items)
    clocks, told = queries.clocks_of(rows, now=now), told_of(rows)
    for row in rows:
        is_open = row.state in OPEN_STATES
        ended = None if row.risk_review_at is None else risk_due(row)
        row.next_due_at = next_due(clocks[row.pk], told[row.pk], now=now) if is_open else ended


def risk_due(item: Item) -> datetime | None:
    """When its risk is next to be looked at."""
    review = item.risk_review_at
    return review if review is None or item.risk_reminded_at else review - REMINDED_BEFORE


def told_of(items: Iterable[Item]) -> Mapping[int, Told]:
    """What people were told of already: clock, its start and level, by item."""
    found: dict[int, Told] = {item.pk: set() for item in items}
    for row in Warned.objects.filter(item_id__in=found):
        found[row.item_id].add((row.clock, row.started_at, row.level))
    return found


def next_due(clocks: Iterable[Clock], told: Told, *, now: datetime) -> datetime | None:
    """When the next level is reached or a pause ends; `now` if nobody was told of a level."""
    found = list[datetime]()
    for clock in clocks:
        if clock.is_over:
            continue
        reached = [(clock.level, now)] if clock.level else []
        for level, at in (*reached, *clock.warnings):
            if (clock.kind.value, clock.started_at, level) not in told:
                found.append(at)
        if clock.resumes_at is not None:
            found.append(clock.resumes_at)
    return min(found, default=None)
