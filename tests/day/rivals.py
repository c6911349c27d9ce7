"""What others would make of the same day: plain dedup, and Alertmanager's grouping.

Both get the routes, the planned work and the silence of the company, Alertmanager its inhibition
rule as well, so that what differs is how alerts are put together.

The model of Alertmanager is that of its dispatcher: alerts of a group are told together, first
after `group_wait`, then every `group_interval` when the firing or the resolved ones changed, and
unchanged again after `repeat_interval`. It leaves out its cluster and failing receivers.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct, field
from tests.day.plan import Day, Signal
from tests.day.routing import DATACENTRE, HOST, is_planned, pages


class Ring(Struct, frozen=True, kw_only=True):
    """A page: when, and the lives of alerts that it tells of for the first time, or again."""

    at: datetime
    firings: frozenset[str]


class Grouping(Struct, frozen=True, kw_only=True):
    """The settings; the defaults are those of Alertmanager's documentation."""

    group_by: tuple[str, ...] = ("alertname", "service")
    group_wait: timedelta = timedelta(seconds=30)
    group_interval: timedelta = timedelta(minutes=5)
    repeat_interval: timedelta = timedelta(hours=4)
    resolve_timeout: timedelta = timedelta(minutes=5)


class Posted(Struct, frozen=True, kw_only=True):
    """An alert as it is posted. `ends_at` None: it is over `resolve_timeout` later."""

    at: datetime
    key: str
    labels: Mapping[str, str]
    ends_at: datetime | None
    life: str = ""


class Notification(Struct, frozen=True, kw_only=True):
    """One message to a receiver. `fresh` are the keys that fire and did not the last time."""

    at: datetime
    group: tuple[str, ...]
    firing: frozenset[str]
    resolved: frozenset[str]
    fresh: frozenset[str]
    lives: frozenset[str]
    is_repeat: bool = False


class _Alert(Struct):
    posted: Posted
    ends_at: datetime


class _Told(Struct):
    """What the log of notifications knows of a group."""

    firing: frozenset[str]
    resolved: frozenset[str]
    at: datetime


type Muted = Callable[[Posted, datetime, Iterable[Posted]], bool]


class Dispatcher(Struct):
    """Groups as Alertmanager keeps them; `muted` says what is silenced or inhibited."""

    grouping: Grouping
    muted: Muted = lambda _posted, _at, _open: False
    sent: list[Notification] = field(default_factory=list)
    _groups: dict[tuple[str, ...], dict[str, _Alert]] = field(default_factory=dict)
    _log: dict[tuple[str, ...], _Told] = field(default_factory=dict)
    _timers: list[tuple[datetime, tuple[str, ...]]] = field(default_factory=list)

    def run(self, posted: Iterable[Posted], *, until: datetime) -> list[Notification]:
        """Take what is posted in time order; return what was sent up to a time."""
        for one in posted:
            self._pass(one.at)
            self._take(one)
        self._pass(until)
        return self.sent

    def _take(self, posted: Posted) -> None:
        name = tuple(posted.labels.get(label, "") for label in self.grouping.group_by)
        if name not in self._groups:
            self._groups[name] = {}
            heapq.heappush(self._timers, (posted.at + self.grouping.group_wait, name))
        ends_at = posted.ends_at or posted.at + self.grouping.resolve_timeout
        self._groups[name][posted.key] = _Alert(posted, ends_at)

    def _pass(self, until: datetime) -> None:
        while self._timers and self._timers[0][0] < until:
            at, name = heapq.heappop(self._timers)
            self._flush(name, at)
            if self._groups[name]:
                heapq.heappush(self._timers, (at + self.grouping.group_interval, name))
            else:
                del self._groups[name]

    def _flush(self, name: tuple[str, ...], at: datetime) -> None:
        group = self._groups[name]
        heard = {key: one for key, one in group.items() if not self._is_muted(one, at)}
        firing = frozenset(key for key, one in heard.items() if one.ends_at > at)
        resolved = frozenset(heard) - firing
        last = self._log.get(name)
        known = last.firing if last else frozenset()
        if self._is_due(last, firing, resolved, at):
            self.sent.append(
                Notification(
                    at=at,
                    group=name,
                    firing=firing,
                    resolved=resolved,
                    fresh=firing - known,
                    lives=frozenset(heard[key].posted.life for key in firing),
                    is_repeat=bool(firing) and firing == known and resolved <= _resolved(last),
                )
            )
            self._log[name] = _Told(firing, resolved, at)
        for key in [key for key, one in group.items() if one.ends_at <= at]:
            del group[key]

    def _is_due(
        self,
        last: _Told | None,
        firing: frozenset[str],
        resolved: frozenset[str],
        at: datetime,
    ) -> bool:
        """As its stage of deduplication decides."""
        if last is None:
            return bool(firing)
        if not firing <= last.firing:
            return True
        if not firing:
            return bool(last.firing)
        if not resolved <= last.resolved:
            return True
        return last.at <= at - self.grouping.repeat_interval

    def _is_muted(self, one: _Alert, at: datetime) -> bool:
        firing = (
            other.posted
            for group in self._groups.values()
            for other in group.values()
            if other.ends_at > at
        )
        return self.muted(one.posted, at, firing)


def _resolved(last: _Told | None) -> frozenset[str]:
    return last.resolved if last else frozenset()


def plain_dedup(day: Day) -> list[Ring]:
    """One page for each alert that fires while none with its key is open."""
    open_: set[str] = set()
    rings = []
    for signal in day.signals:
        key = signal.firing.key
        if signal.is_over:
            open_.discard(key)
        elif key not in open_ and calls(day, signal):
            open_.add(key)
            rings.append(Ring(at=signal.at, firings=frozenset({signal.firing.id})))
    return rings


def calls(day: Day, signal: Signal) -> bool:
    """Whether routes, planned work and the silence let a signal call somebody."""
    is_quiet = is_planned(signal.firing, signal.at, tuple(day.windows))
    return not is_quiet and pages(signal.firing.labels, signal.severity, signal.at)


def alertmanager(day: Day, grouping: Grouping | None = None) -> list[Notification]:
    """What Alertmanager would send to the receivers of pages."""
    posted = [
        Posted(
            at=signal.at,
            key=signal.firing.key,
            labels=signal.firing.labels,
            ends_at=signal.until,
            life=signal.firing.id,
        )
        for signal in day.signals
        if pages(signal.firing.labels, signal.severity, signal.at)
    ]
    dispatcher = Dispatcher(grouping or Grouping(), _muted_by(day))
    return dispatcher.run(posted, until=day.ends)


def rings_of(sent: Sequence[Notification]) -> list[Ring]:
    """Those that say that something fires, new or still; not those that only say what ended."""
    return [Ring(at=one.at, firings=one.lives) for one in sent if one.fresh or one.is_repeat]


_SITE: Final = {HOST: DATACENTRE}


def _muted_by(day: Day) -> Muted:
    windows = tuple(day.windows)

    def is_muted(posted: Posted, at: datetime, firing: Iterable[Posted]) -> bool:
        if is_planned(day.firings[posted.life], at, windows):
            return True
        cause = _SITE.get(posted.labels["alertname"])
        return cause is not None and any(one.labels["alertname"] == cause for one in firing)

    return is_muted
