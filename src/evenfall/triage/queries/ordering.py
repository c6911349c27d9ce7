"""The queue: what waits, in the order of its worth."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from evenfall.platform import pages
from evenfall.triage.logic.clocks import Kind, Promise, standing
from evenfall.triage.logic.score import Score
from evenfall.triage.logic.states import happened
from evenfall.triage.models import Item
from evenfall.triage.queries.clocks import Past, past_of
from evenfall.triage.queries.items import (
    Filters,
    ItemView,
    item_views,
    open_rows,
    score_of,
)
from evenfall.triage.queries.settings import calendars_by_id

MOST_OPEN: Final = 500
"""So many open items are put in order; a queue that is longer shows the oldest of them."""
_SCORED: Final = (
    *("id", "calendar_id", "reported_at", "impact", "urgency", "users_affected", "confidence"),
    *("multiplier", "effort_hours", "recurs", "pin"),
    *("override_score", "override_reason", "override_until"),
)
"""What the score of an item comes from, beside what happened to it."""


def queue(filters: Filters, *, now: datetime) -> list[ItemView]:
    """The open items, what is worth most first; pinned ones before all others."""
    rows = list(open_rows(filters).order_by("reported_at", "id")[:MOST_OPEN])
    found = item_views(rows, now=now)
    return sorted(found, key=lambda item: (item.score.rank, -item.id), reverse=True)


def queue_page(
    filters: Filters, *, now: datetime, cursor: str | None = None, size: int = 50
) -> pages.Page[ItemView]:
    """As `queue`, page by page: only what is shown is read as a whole."""
    oldest = open_rows(filters).order_by("reported_at", "id")[:MOST_OPEN]
    known = list(oldest.values_list(*_SCORED, named=True))
    past = past_of([row.id for row in known])
    scores = _scores(known, past, now=now)
    ranked = sorted(scores, key=lambda number: (scores[number].rank, -number), reverse=True)
    page = pages.part(ranked, cursor=cursor, size=size)
    rows = list(Item.objects.filter(id__in=page.items))
    found = {one.id: one for one in item_views(rows, now=now, past=past)}
    return page.holding([found[number] for number in page.items if number in found])


def _scores(rows: Sequence[Any], past: Past, *, now: datetime) -> dict[int, Score]:
    """The score of each item, of rows with the columns that count for it."""
    calendars = calendars_by_id({row.calendar_id for row in rows})
    found = dict[int, Score]()
    for row in rows:
        promise = Promise(
            kind=Kind.RESOLUTION,
            targets=past.book.at(row.reported_at),
            calendar=calendars[row.calendar_id],
        )
        resolution = standing(promise, happened(Kind.RESOLUTION, past.events[row.id]), now=now)
        found[row.id] = score_of(row, resolution, now)
    return found
