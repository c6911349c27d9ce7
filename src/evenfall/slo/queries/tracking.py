"""Objectives with their sums, ready to be evaluated: a fixed number of queries for all of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from evenfall.slo.logic.charges import merged
from evenfall.slo.logic.evaluation import Counts, fitted_pairs
from evenfall.slo.logic.forecast import WEEKS, expected_total
from evenfall.slo.logic.slices import slice_ceil, slice_floor
from evenfall.slo.logic.spec import AlertRules, Measure, Promise
from evenfall.slo.logic.tallies import Part, Tally, summed
from evenfall.slo.logic.windows import MINUTE, Bounds, bounds, ceil_minute, floor_minute
from evenfall.slo.models import Correction, Indicator, Objective, Series
from evenfall.slo.queries.objectives import promise_of, rules_of
from evenfall.slo.queries.sums import Asked, day_totals, window_sums

_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One series that an objective is summed from: its allowed share and its weight."""

    series_id: int
    allowed: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """An objective at the end of a minute. `window` is the whole one, `over` what of it has been.

    `removed` are the times that were corrected, whole minutes or slices, without overlaps.
    """

    row: Objective
    promise: Promise
    rules: AlertRules
    window: Bounds
    over: Bounds
    tracks: tuple[Track, ...]
    series_ids: tuple[int, ...]
    has_events: bool
    removed: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def lengths(self) -> set[int]:
        """The minutes of the windows of its pairs."""
        pairs = fitted_pairs(self.promise, self.rules, self.window)
        return {one for fitted in pairs for one in (fitted.pair.long, fitted.pair.short)}

    def before(self, length: int) -> Bounds:
        """The last minutes."""
        return Bounds(self.over.until - length * MINUTE, self.over.until)

    def removed_in(self, over: Bounds) -> Iterator[Bounds]:
        for since, until in self.removed:
            if since < over.until and over.since < until:
                yield Bounds(max(since, over.since), min(until, over.until))


def tracked(rows: Sequence[Objective], *, at: datetime) -> list[Tracked]:
    """The objectives with what they are summed from; `members` are to be prefetched."""
    ids = {row.indicator_id for row in rows} | {
        member.indicator_id for row in rows for member in row.members.all()
    }
    indicators = Indicator.objects.in_bulk([number for number in ids if number is not None])
    corrected = _corrections([row.pk for row in rows])
    return [_tracked(row, indicators, corrected[row.pk], at) for row in rows]


def counts_of(found: Sequence[Tracked]) -> dict[int, Counts]:
    """The sums of all these objectives, by objective: four queries, however many there are."""
    asked = [one for item in found for one in _asked(item)]
    sums = window_sums(asked)
    calendars = [item for item in found if not item.promise.window.is_rolling]
    days = _days(calendars)
    newest = dict(
        Series.objects.filter(
            id__in={number for item in found for number in item.series_ids}
        ).values_list("id", "last_minute")
    )
    return {item.row.pk: _counts(item, sums, days, newest) for item in found}


def whole_parts(item: Tracked) -> list[Part]:
    """The sums of the window so far, without what was corrected; one query."""
    windows = [item.over, *item.removed_in(item.over)]
    asked = [Asked(track.series_id, over) for over in windows for track in item.tracks]
    return _parts(item, item.over, window_sums(asked))


def _tracked(
    row: Objective,
    indicators: Mapping[int, Indicator],
    corrections: Sequence[tuple[datetime, datetime]],
    at: datetime,
) -> Tracked:
    promise, rules = promise_of(row), rules_of(row)
    window = bounds(promise.window, at=at)
    members = [(indicators[m.indicator_id], m) for m in row.members.all()]
    single = [indicators[row.indicator_id]] if row.indicator_id is not None else []
    mine = single or [indicator for indicator, _ in members]
    if row.slices_id is not None:
        tracks: tuple[Track, ...] = (Track(series_id=row.slices_id, allowed=promise.allowed),)
    elif single:
        tracks = (Track(series_id=single[0].series_id, allowed=promise.allowed),)
    else:
        tracks = tuple(
            Track(
                series_id=indicator.series_id,
                allowed=promise.allowed if member.target is None else 1 - member.target,
                weight=member.weight,
            )
            for indicator, member in members
        )
    return Tracked(
        row=row,
        promise=promise,
        rules=rules,
        window=window,
        over=Bounds(window.since, min(at, window.until)),
        tracks=tracks,
        series_ids=tuple(one.series_id for one in mine),
        has_events=row.slices_id is None and all(Measure(one.measure).has_total for one in mine),
        removed=tuple(merged(_whole(promise, *one) for one in corrections)),
    )


def _whole(promise: Promise, since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """A correction takes whole minutes out, or whole slices."""
    if promise.method.has_slices:
        return slice_floor(since, promise), slice_ceil(until, promise)
    return floor_minute(since), ceil_minute(until)


def _corrections(ids: Sequence[int]) -> dict[int, list[tuple[datetime, datetime]]]:
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = Correction.objects.filter(objective_id__in=ids, withdrawn_at=None)
    for number, since, until in rows.values_list("objective_id", "starts_at", "ends_at"):
        found[number].append((since, until))
    return found


def _asked(item: Tracked) -> Iterator[Asked]:
    windows = [item.over, *(item.before(length) for length in sorted(item.lengths))]
    for window in windows:
        for over in (window, *item.removed_in(window)):
            yield from (Asked(track.series_id, over) for track in item.tracks)


def _counts(
    item: Tracked,
    sums: Mapping[Asked, Tally],
    days: Mapping[int, Mapping[datetime, float]],
    newest: Mapping[int, datetime | None],
) -> Counts:
    whole = _parts(item, item.over, sums)
    known = [newest[number] for number in item.series_ids]
    last = max((one for one in known if one is not None), default=None)
    return Counts(
        windows={length: _parts(item, item.before(length), sums) for length in item.lengths},
        whole=whole,
        raw=_parts(item, item.over, sums, corrected=False),
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
        last_data_at=last + MINUTE if last else None,
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
