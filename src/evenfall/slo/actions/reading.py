"""Each minute the counts of all indicators are read, concurrently and in sets.

A pass claims the due indicators of one source by moving their due time, asks without a
transaction, and stores: a source that hangs holds up its own pass and no other. One pass takes
only sources that answered the last time, so that any number of those that hang leave it free. The
last minutes are asked again each time, the last hours once an hour: late data is taken in. After an
outage the reading goes on where it ended, a day at a time, at most `BACK_FILL` back.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Final

from django.db import connection, transaction
from django.db.models import Min, QuerySet
from msgspec import Struct

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
_PATIENCE_S: Final = 20.0
"""With one more batch at its longest (`WHOLE_LIMIT_S`, and a time limit) within the lease."""
_CLAIM: Final = 0x536C_6F52
_LONGEST_PROBLEM: Final = 500


class _Turn(Struct, frozen=True):
    """What is asked of one indicator now; `is_last` when it has caught up by then."""

    row: Indicator
    asked: AskedCounts
    is_last: bool


def read_due(*, now: datetime, only_well: bool = False) -> int:
    """Read the indicators of one source that are due; return how many. Not within a transaction.

    A source that is away is not asked the rest, that of a slow one is left to the next pass. With
    `only_well` sources of whose indicators none could be read the last time are left to others.
    """
    rows = _claimed(now, only_well=only_well)
    began, done = time.monotonic(), 0
    for batch in batched(rows, BATCH):
        turns = _turns(batch, floor_minute(now - AFTER))
        found = read_counts([turn.asked for turn in turns], now=now)
        _store(turns, found, now=now)
        done += len(batch)
        if all(one.is_away for one in found):
            _leave(rows[done:], problem=found[0].problem, due_at=next_due(now))
            break
        if time.monotonic() - began > _PATIENCE_S:
            _leave(rows[done:], due_at=now)
            break
    return done


def next_reading_due(*, only_well: bool = False) -> datetime | None:
    """When the next of these is to be read."""
    rows = Indicator.objects.filter(due_at__isnull=False, archived_at=None)
    found: datetime | None = _asked_of(rows, only_well=only_well).aggregate(at=Min("due_at"))["at"]
    return found


def next_due(now: datetime) -> datetime:
    """When the minute that is running can be read."""
    return floor_minute(now - AFTER) + MINUTE + AFTER


@transaction.atomic
def _claimed(now: datetime, *, only_well: bool) -> list[Indicator]:
    """All due indicators of one source, ours for a minute and a half.

    Whoever dies with them loses no minute. Two who claim take turns, so that each source has one
    pass at a time: one that hangs never holds up more than that. Of those that are due at the same
    time the ones without a problem ("" sorts first) come first.
    """
    due = Indicator.objects.filter(due_at__lte=now, archived_at=None)
    wanted = _asked_of(due, only_well=only_well)
    if not wanted.exists():
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIM])
    ordered = wanted.order_by("due_at", "problem", "id")
    first = ordered.select_for_update(skip_locked=True).first()
    if first is None:
        return []
    same = due.filter(origin=first.origin, source_id=first.source_id).order_by("due_at", "id")
    mine = list(same.select_for_update(skip_locked=True))
    Indicator.objects.filter(id__in=[row.pk for row in mine]).update(due_at=now + _LEASE)
    return mine


def _asked_of(rows: QuerySet[Indicator], *, only_well: bool) -> QuerySet[Indicator]:
    return rows.filter(problem="") if only_well else rows


def _leave(rows: Sequence[Indicator], *, due_at: datetime, problem: str = "") -> None:
    """What this pass does not come to; a `problem` is told of them too."""
    left = Indicator.objects.filter(id__in=[row.pk for row in rows])
    said = {"problem": problem[:_LONGEST_PROBLEM]} if problem else {}
    left.update(due_at=due_at, **said)


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
