"""A draft over history: how the budget would have gone, and what would have been told when.

Pure, over the minutes of the past. It takes the same steps as the evaluation of stored objectives,
so the answer is what would have happened, had the data come in time.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

from msgspec import Struct

from evenfall.slo.logic.burning import AlertKind, PairBurn, Traffic, firing, pair_burn
from evenfall.slo.logic.pairs import Fitted, fit
from evenfall.slo.logic.slices import SliceMember, slices
from evenfall.slo.logic.spec import AlertRules, Measure, Promise
from evenfall.slo.logic.tallies import Part, Tally, burn
from evenfall.slo.logic.windows import MINUTE, Bounds, bounds


class WouldHaveFired(Struct, frozen=True, kw_only=True):
    """An alert of the past: `ended_at` None is still on. `pair` began it."""

    kind: AlertKind
    pair: str
    started_at: datetime
    ended_at: datetime | None


class Point(Struct, frozen=True, kw_only=True):
    """What was left of the budget at the end of an hour; None where nothing was known."""

    at: datetime
    rest: float | None


class Picture(Struct, frozen=True, kw_only=True):
    """A replay. `known` is the share of all minutes of which something is known."""

    since: datetime
    until: datetime
    tally: Tally
    spent: float | None
    known: float
    points: tuple[Point, ...]
    alerts: tuple[WouldHaveFired, ...]
    pairs: tuple[Fitted, ...]


class DraftMember(Struct, frozen=True, kw_only=True):
    """One indicator of a draft with its minutes."""

    minutes: Mapping[datetime, Tally]
    target: float
    slice_target: float
    weight: float = 1.0


class Sums:
    """Prefix sums of the tallies of each minute: any window is a difference of two of them."""

    def __init__(self, tallies: Mapping[datetime, Tally], over: Bounds) -> None:
        self._since = over.since
        self._last = over.length // MINUTE
        minutes = [tallies.get(over.since + number * MINUTE) for number in range(self._last)]
        self._good = [0.0, *accumulate(one.good if one else 0.0 for one in minutes)]
        self._total = [0.0, *accumulate(one.total if one else 0.0 for one in minutes)]

    def between(self, since: datetime, until: datetime) -> Tally:
        """Only what is inside of the time that is replayed."""
        low, high = self._place(since), self._place(until)
        return Tally(self._good[high] - self._good[low], self._total[high] - self._total[low])

    def _place(self, at: datetime) -> int:
        return min(max((at - self._since) // MINUTE, 0), self._last)


def replay(
    promise: Promise,
    members: Sequence[DraftMember],
    *,
    rules: AlertRules,
    measure: Measure,
    over: Bounds,
) -> Picture:
    """Play the minutes of a time (whole minutes) as if the draft had been there.

    Burns are looked at each minute, as they are for objectives that are stored.
    """
    draft = _Draft(promise, members, rules, measure, over)
    parts = draft.parts(draft.since(over.until), over.until)
    return Picture(
        since=over.since,
        until=over.until,
        tally=sum((part.tally for part in parts), Tally()),
        spent=burn(parts),
        known=draft.known,
        points=tuple(draft.points()),
        alerts=tuple(draft.alerts()) if rules.is_on else (),
        pairs=draft.pairs,
    )


class _Draft:
    """The counts of a draft, ready to be summed over any window."""

    def __init__(
        self,
        promise: Promise,
        members: Sequence[DraftMember],
        rules: AlertRules,
        measure: Measure,
        over: Bounds,
    ) -> None:
        self._promise, self._rules, self._over = promise, rules, over
        self._period = bounds(promise.window, at=over.until).length
        self.pairs = fit(
            rules.pairs, scaling=rules.scaling, period=self._period, allowed=promise.allowed
        )
        known = {at for member in members for at in member.minutes if over.holds(at)}
        self.known = len(known) / max(1, over.length // MINUTE)
        self._has_events = measure.has_total and not promise.method.has_slices
        self._sums: list[tuple[Sums, float, float]] = (
            [(Sums(self._sliced(members), over), promise.allowed, 1.0)]
            if promise.method.has_slices
            else [(Sums(one.minutes, over), 1 - one.target, one.weight) for one in members]
        )
        self._traffic = self._expected()

    def parts(self, since: datetime, until: datetime) -> list[Part]:
        return [
            Part(tally=sums.between(since, until), allowed=allowed, weight=weight)
            for sums, allowed, weight in self._sums
        ]

    def points(self) -> Iterator[Point]:
        at = self._over.since
        while at < self._over.until:
            at = min(at + timedelta(hours=1), self._over.until)
            spent = burn(self.parts(self.since(at), at))
            yield Point(at=at, rest=None if spent is None else 1 - spent)

    def since(self, at: datetime) -> datetime:
        """When the window began that counts at the end of a time: one that ends now still does."""
        window = self._promise.window
        before = at if window.is_rolling else at - timedelta(microseconds=1)
        return bounds(window, at=before).since

    def alerts(self) -> Iterator[WouldHaveFired]:
        began: dict[AlertKind, tuple[str, datetime]] = {}
        at = self._over.since
        while at < self._over.until:
            at += MINUTE
            now = firing(self._burns(at), {kind: name for kind, (name, _) in began.items()})
            for kind in [kind for kind in began if kind not in now]:
                name, since = began.pop(kind)
                yield WouldHaveFired(kind=kind, pair=name, started_at=since, ended_at=at)
            for kind, fires in now.items():
                if kind not in began and fires is not None:
                    began[kind] = (fires.pair.name, at)
        for kind, (name, since) in began.items():
            yield WouldHaveFired(kind=kind, pair=name, started_at=since, ended_at=None)

    def _burns(self, at: datetime) -> list[PairBurn]:
        lengths = {one for fitted in self.pairs for one in (fitted.pair.long, fitted.pair.short)}
        windows = {length: self.parts(at - length * MINUTE, at) for length in lengths}
        return [
            pair_burn(one, windows, rules=self._rules.low_traffic, traffic=self._traffic)
            for one in self.pairs
        ]

    def _expected(self) -> Traffic:
        """The traffic of a whole period, by that of the time that is replayed."""
        times = self._period / self._over.length if self._over.length else 1.0
        whole = self.parts(self._over.since, self._over.until)
        return Traffic(
            expected=[part.tally.total * max(1.0, times) for part in whole],
            has_events=self._has_events,
        )

    def _sliced(self, members: Sequence[DraftMember]) -> dict[datetime, Tally]:
        return slices(
            self._promise,
            [
                SliceMember(minutes=one.minutes, target=one.slice_target, weight=one.weight)
                for one in members
            ],
            since=self._over.since,
            until=self._over.until,
        )
