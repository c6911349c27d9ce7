"""Each minute the counts of all indicators are read, concurrently and in sets.

A pass claims due indicators by moving their due time, asks without a transaction, and stores. The
last minutes are asked again each time, the last hours once an hour: late data is taken in. After an
outage the reading goes on where it ended, a day at a time, at most `BACK_FILL` back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Min

from evenfall.catalog import queries as catalog_queries
from evenfall.slo.actions.asking import read_counts
from evenfall.slo.actions.counting import store_counts
from evenfall.slo.logic.spec import Origin
from evenfall.slo.logic.windows import MINUTE, Bounds, floor_minute
from evenfall.slo.models import Indicator
from evenfall.slo.ports import AskedCounts, Counted
from evenfall.slo.queries.indicators import spec_of, values_of

READ: Final = "slo.read"
BATCH: Final = 500
BACK_FILL: Final = timedelta(days=92)
"""How far back a source is asked, whatever the window: longer than a quarter."""
AFTER: Final = timedelta(seconds=5)
"""A minute is read so long after its end: whoever measures is done with it."""
AGAIN: Final = 10 * MINUTE
AGAIN_HOURLY: Final = timedelta(hours=2)
_AT_ONCE: Final = timedelta(days=1)
_LEASE: Final = timedelta(seconds=90)
_LONGEST_PROBLEM: Final = 500


@dataclass(frozen=True, slots=True)
class _Turn:
    """What is asked of one indicator now; `is_last` when it has caught up by then."""

    row: Indicator
    asked: AskedCounts
    is_last: bool


def read_due(*, now: datetime) -> int:
    """Read one batch of indicators that are due; return how many. Not within a transaction."""
    rows = _claimed(now)
    turns = _turns(rows, floor_minute(now - AFTER))
    found = read_counts([turn.asked for turn in turns], now=now)
    _store(turns, found, now=now)
    return len(rows)


def next_reading_due() -> datetime | None:
    rows = Indicator.objects.filter(due_at__isnull=False, archived_at=None)
    found: datetime | None = rows.aggregate(at=Min("due_at"))["at"]
    return found


def next_due(now: datetime) -> datetime:
    """When the minute that is running can be read."""
    return floor_minute(now - AFTER) + MINUTE + AFTER


@transaction.atomic
def _claimed(now: datetime) -> list[Indicator]:
    """Due indicators, ours for a minute and a half: whoever dies with them loses no minute."""
    due = Indicator.objects.select_for_update(skip_locked=True)
    rows = list(due.filter(due_at__lte=now, archived_at=None).order_by("due_at", "id")[:BATCH])
    Indicator.objects.filter(id__in=[row.pk for row in rows]).update(due_at=now + _LEASE)
    return rows


def _turns(rows: Sequence[Indicator], edge: datetime) -> list[_Turn]:
    services = catalog_queries.services({row.service_id for row in rows})
    turns = []
    for row in rows:
        over = _over(row, edge)
        values = values_of(row, services[row.service_id].slug)
        asked = AskedCounts(spec=spec_of(row), over=over, values=values)
        turns.append(_Turn(row, asked, is_last=over.until >= edge))
    return turns


def _over(row: Indicator, edge: datetime) -> Bounds:
    """From a little before where the reading ended; once an hour from earlier."""
    read = max(row.read_until or edge, edge - BACK_FILL)
    is_hourly = edge.minute == row.pk % 60
    since = min(read, edge) - (AGAIN_HOURLY if is_hourly else AGAIN)
    return Bounds(since, min(edge, since + _AT_ONCE))


@transaction.atomic
def _store(turns: Sequence[_Turn], found: Sequence[Counted], *, now: datetime) -> None:
    good = {
        turn.row.series_id: counted.minutes
        for turn, counted in zip(turns, found, strict=True)
        if not counted.problem
    }
    store_counts(good)
    for turn, counted in zip(turns, found, strict=True):
        turn.row.problem = counted.problem[:_LONGEST_PROBLEM]
        if not counted.problem:
            turn.row.read_until = turn.asked.over.until
        is_done = turn.is_last or counted.problem
        turn.row.due_at = next_due(now) if is_done else now
    rows = [turn.row for turn in turns if turn.row.origin != Origin.PUSHED.value]
    Indicator.objects.bulk_update(rows, ["problem", "read_until", "due_at"])
