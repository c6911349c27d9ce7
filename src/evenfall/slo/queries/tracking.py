"""Objectives with their sums, ready to be evaluated: a fixed number of queries for all of them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import prefetch_related_objects
from msgspec import Struct

from evenfall.slo.logic.charges import merged
from evenfall.slo.logic.evaluation import Counts, fitted_pairs
from evenfall.slo.logic.forecast import WEEKS, expected_total
from evenfall.slo.logic.pairs import Fitted
from evenfall.slo.logic.slices import slice_ceil, slice_floor
from evenfall.slo.logic.spec import AlertRules, Measure, Promise
from evenfall.slo.logic.tallies import Part, Tally, summed
from evenfall.slo.logic.windows import MINUTE, Bounds, bounds, ceil_minute, floor_minute
from evenfall.slo.models import Correction, Indicator, Objective
from evenfall.slo.queries.objectives import promise_of, rules_of
from evenfall.slo.queries.sums import Asked, day_totals, window_sums

_WEEK: Final = timedelta(weeks=1)


class _Source(NamedTuple):
    """What is known of an indicator; `last_minute` is the newest of its counts."""

    series_id: int
    measure: str
    last_minute: datetime | None


class Track(Struct, frozen=True, kw_only=True):
    """One series that an objective is summed from: its allowed share and its weight."""

    series_id: int
    allowed: float
    weight: float = 1.0


class Tracked(Struct, frozen=True, kw_only=True):
    """An objective at the end of a minute. `window` is the whole one, `over` what of it has been.

    `pairs` are fitted to the window. `removed` are the times that were corrected, whole minutes or
    slices, without overlaps. `last_data_at` is the end of the newest minute that is known.
    """

    row: Objective
    promise: Promise
    rules: AlertRules
    window: Bounds
    over: Bounds
    pairs: tuple[Fitted, ...]
    tracks: tuple[Track, ...]
    has_events: bool
    last_data_at: datetime | None
    removed: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def lengths(self) -> set[int]:
        """The minutes of the windows of its pairs."""
        return {one for fitted in self.pairs for one in (fitted.pair.long, fitted.pair.short)}

    def before(self, length: int) -> Bounds:
        """The last minutes."""
        return Bounds(self.over.until - length * MINUTE, self.over.until)

    def removed_in(self, over: Bounds) -> Iterator[Bounds]:
        for since, until in self.removed:
            if since < over.until and over.since < until:
                yield Bounds(max(since, over.since), min(until, over.until))


def tracked(rows: Sequence[Objective], *, at: datetime) -> list[Tracked]:
    """The objectives with what they are summed from: three queries, however many there are."""
    composites = [row for row in rows if row.indicator_id is None]
    prefetch_related_objects(composites, "members")
    ids = {row.indicator_id for row in rows if row.indicator_id is not None}
    ids |= {member.indicator_id for row in composites for member in row.members.all()}
    sources = _sources(ids)
    corrected = _corrections([row.pk for row in rows])
    return [_tracked(row, sources, corrected[row.pk], at) for row in rows]


def counts_of(
    found: Sequence[Tracked], sums: Mapping[Asked, Tally] | None = None
) -> dict[int, Counts]:
    """The sums of all these objectives, by objective: two queries, however many there are.

    Whoever asked for them among more has the `sums` already.
    """
    if sums is None:
        sums = window_sums(one for item in found for one in asked_of(item))
    calendars = [item for item in found if not item.promise.window.is_rolling]
    days = _days(calendars)
    return {item.row.pk: _counts(item, sums, days) for item in found}


def whole_parts(item: Tracked) -> list[Part]:
    """The sums of the window so far, without what was corrected; one query."""
    windows = [item.over, *item.removed_in(item.over)]
    asked = [Asked(track.series_id, over) for over in windows for track in item.tracks]
    return _parts(item, item.over, window_sums(asked))


def _tracked(
    row: Objective,
    sources: Mapping[int, _Source],
    corrections: Sequence[tuple[datetime, datetime]],
    at: datetime,
) -> Tracked:
    promise, rules = promise_of(row), rules_of(row)
    window = bounds(promise.window, at=at)
    mine = _mine(row, sources)
    newest = max((one.last_minute for one in mine if one.last_minute is not None), default=None)
    return Tracked(
        row=row,
        promise=promise,
        rules=rules,
        window=window,
        over=Bounds(window.since, min(at, window.until)),
        pairs=fitted_pairs(promise, rules, window),
        tracks=_tracks(row, mine, promise),
        has_events=row.slices_id is None and all(Measure(one.measure).has_total for one in mine),
        last_data_at=newest + MINUTE if newest else None,
        removed=tuple(merged(_whole(promise, *one) for one in corrections)),
    )


def _mine(row: Objective, sources: Mapping[int, _Source]) -> list[_Source]:
    if row.indicator_id is not None:
        return [sources[row.indicator_id]]
    return [sources[member.indicator_id] for member in row.members.all()]


def _tracks(row: Objective, mine: Sequence[_Source], promise: Promise) -> tuple[Track, ...]:
    if row.slices_id is not None:
        return (Track(series_id=row.slices_id, allowed=promise.allowed),)
    if row.indicator_id is not None:
        return (Track(series_id=mine[0].series_id, allowed=promise.allowed),)
    return tuple(
        Track(
            series_id=source.series_id,
            allowed=promise.allowed if member.target is None else 1 - member.target,
            weight=member.weight,
        )
        for source, member in zip(mine, row.members.all(), strict=True)
    )


def _whole(promise: Promise, since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """A correction takes whole minutes out, or whole slices."""
    if promise.method.has_slices:
        return slice_floor(since, promise), slice_ceil(until, promise)
    return floor_minute(since), ceil_minute(until)


def _sources(ids: Collection[int]) -> dict[int, _Source]:
    rows = Indicator.objects.filter(id__in=ids)
    found = rows.values_list("id", "series_id", "measure", "series__last_minute")
    return {number: _Source(series, measure, last) for number, series, measure, last in found}


def _corrections(ids: Sequence[int]) -> dict[int, list[tuple[datetime, datetime]]]:
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = Correction.objects.filter(objective_id__in=ids, withdrawn_at=None)
    for number, since, until in rows.values_list("objective_id", "starts_at", "ends_at"):
        found[number].append((since, until))
    return found


def asked_of(item: Tracked) -> Iterator[Asked]:
    """Every window that its counts are made of, those of its corrections too."""
    windows = [item.over, *(item.before(length) for length in sorted(item.lengths))]
    for window in windows:
        for over in (window, *item.removed_in(window)):
            yield from (Asked(track.series_id, over) for track in item.tracks)


def _counts(
    item: Tracked,
    sums: Mapping[Asked, Tally],
    days: Mapping[int, Mapping[datetime, float]],
) -> Counts:
    whole = _parts(item, item.over, sums)
    return Counts(
        windows={length: _parts(item, item.before(length), sums) for length in item.lengths},
        whole=whole,
        raw=_parts(item, item.over, sums, corrected=False) if item.removed else whole,
        expected=[
            part.tally.total
            if item.promise.window.is_rolling
            else expected_total(
                part.tally.total,
                days.get(track.series_id, {}),
                window=item.window,
                at=item.over.until,
            )
            for part, track in zip(whole, item.tracks, strict=True)
        ],
        has_events=item.has_events,
        last_data_at=item.last_data_at,
    )


def _parts(
    item: Tracked, over: Bounds, sums: Mapping[Asked, Tally], *, corrected: bool = True
) -> list[Part]:
    removed = list(item.removed_in(over)) if corrected else []
    found = []
    for track in item.tracks:
        tally = sums.get(Asked(track.series_id, over), Tally())
        if removed:
            gone = summed(sums.get(Asked(track.series_id, one), Tally()) for one in removed)
            tally = tally.without(gone)
        found.append(Part(tally=tally, allowed=track.allowed, weight=track.weight))
    return found


def _days(items: Sequence[Tracked]) -> Mapping[int, Mapping[datetime, float]]:
    """Whole days of the weeks before, for those that have to look ahead."""
    if not items:
        return {}
    at = max(item.over.until for item in items)
    return day_totals(
        sorted({track.series_id for item in items for track in item.tracks}),
        Bounds(at - (WEEKS + 1) * _WEEK, at),
    )
