"""Slices of time are made of the minutes of indicators, once those are known."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import prefetch_related_objects

from evenfall.slo.actions.counting import store_counts
from evenfall.slo.logic.slices import SliceMember, slice_floor, slices
from evenfall.slo.logic.spec import Origin
from evenfall.slo.logic.tallies import Tally
from evenfall.slo.logic.windows import MINUTE, Bounds
from evenfall.slo.models import Indicator, Objective
from evenfall.slo.queries.objectives import promise_of
from evenfall.slo.queries.sums import minutes

PUSHES_TAKE: Final = 2 * MINUTE
"""So long after its end a minute that others push is taken to be there."""
_DAY: Final = timedelta(days=1)
_AT_ONCE: Final = timedelta(days=36)
"""The past of a new objective is cut at once, that of very many a day at a time."""


def make_slices(rows: Sequence[Objective], *, until: datetime) -> None:
    """Make the slices of these objectives that are over, and again those whose minutes changed.

    In the caller's transaction, which holds the evaluation's turn.
    """
    rows = [row for row in rows if row.slices_id is not None]
    prefetch_related_objects(rows, "indicator", "members__indicator")
    every = {row.pk: over for row in rows if (over := _over(row, until)) is not None}
    behind = sum(over.length > _DAY for over in every.values())
    most = max(_DAY, _AT_ONCE / max(1, behind))
    wanted = {
        number: Bounds(over.since, min(over.until, over.since + _whole_days(most)))
        for number, over in every.items()
    }
    sliced = [row for row in rows if row.pk in wanted]
    if not sliced:
        return
    whole = Bounds(
        min(over.since for over in wanted.values()), max(over.until for over in wanted.values())
    )
    ids = sorted({one.series_id for row in sliced for one, _, _ in _members(row)})
    known = minutes(ids, whole)
    made: dict[int, Mapping[datetime, Tally]] = defaultdict(dict)
    for row in sliced:
        assert row.slices_id is not None, "only those with slices are here"  # noqa: S101 - narrows
        over = wanted[row.pk]
        made[row.slices_id] = slices(
            promise_of(row),
            [
                SliceMember(minutes=known[one.series_id], target=target, weight=weight)
                for one, target, weight in _members(row)
            ],
            since=over.since,
            until=over.until,
        )
        row.sliced_until = over.until
    store_counts(made)
    Objective.objects.bulk_update(sliced, ["sliced_until"])


def _over(row: Objective, until: datetime) -> Bounds | None:
    """The slices that can be made: all their minutes were read. None for none."""
    if row.slices_id is None or row.sliced_until is None:
        return None
    promise = promise_of(row)
    since = slice_floor(row.sliced_until, promise)
    known = min(_known_until(one, until) for one, _, _ in _members(row))
    end = slice_floor(known, promise)
    return Bounds(since, end) if since < end else None


def _whole_days(length: timedelta) -> timedelta:
    return length // _DAY * _DAY


def _known_until(one: Indicator, until: datetime) -> datetime:
    if one.origin == Origin.PUSHED.value:
        return until - PUSHES_TAKE
    return min(until, one.read_until or one.created_at)


def _members(row: Objective) -> list[tuple[Indicator, float, float]]:
    """Indicators with the target of their slices and their weight."""
    if row.indicator is not None:
        return [(row.indicator, row.slice_target, 1.0)]
    return [
        (
            member.indicator,
            row.slice_target if member.slice_target is None else member.slice_target,
            member.weight,
        )
        for member in row.members.all()
    ]
