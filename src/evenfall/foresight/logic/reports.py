"""What a replay says, in figures: who would have been called, when, and what would be different.

A person counts once for each page, however many of its steps called them: so count the pages of the
load report, too. Only pages of high urgency wake people; the others are counted apart.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.alerting.ports import Severity
from evenfall.foresight.logic.differences import MOST_LINES, AlertLine, Differences
from evenfall.oncall.ports import Calendar
from evenfall.paging.ports import OpenHours, Urgency


class Called(Struct, frozen=True, kw_only=True):
    """One person called by one page. `first_alert_id` is the alert that opened its incident."""

    at: datetime
    user_id: int
    urgency: str
    first_alert_id: int
    title: str
    why: str
    is_reached: bool = True


class Totals(Struct, frozen=True, kw_only=True):
    """`pages` and what follows are of high urgency: by night, in working hours, to the inbox."""

    incidents: int = 0
    pages: int = 0
    nights: int = 0
    working: int = 0
    unreached: int = 0
    low: int = 0


class PersonLine(Struct, frozen=True, kw_only=True):
    user_id: int
    name: str
    as_is: int
    proposed: int
    really: int
    nights_as_is: int
    nights_proposed: int


class DayLine(Struct, frozen=True, kw_only=True):
    """Pages of high urgency on one day of the site's zone."""

    day: date
    as_is: int
    proposed: int
    really: int


class CallLine(Struct, frozen=True, kw_only=True):
    at: datetime
    user_id: int
    name: str
    alert_id: int
    title: str
    why: str
    is_night: bool


class Report(Struct, frozen=True, kw_only=True):
    """`stopped` called people and would not, `started` the other way round; all by time.

    An alert that waits before it calls is judged when it called or was over: `later_count` are
    those that call people by both, but not at the same moment.

    `gone` and `new` are calls of one side that the other has not. `unpaged` counts by severity the
    alerts that call somebody as things are and would call nobody. `note` says what made the answer
    trivial, where something did.
    """

    since: datetime
    until: datetime
    alerts: int
    as_is: Totals
    proposed: Totals
    really: Totals
    people: tuple[PersonLine, ...]
    days: tuple[DayLine, ...]
    stopped: tuple[AlertLine, ...]
    stopped_count: int
    started: tuple[AlertLine, ...]
    started_count: int
    other_count: int
    gone: tuple[CallLine, ...]
    gone_count: int
    new: tuple[CallLine, ...]
    new_count: int
    unpaged: Mapping[str, int]
    changes_nothing: bool
    later_count: int = 0


class Moved(Struct, frozen=True, kw_only=True):
    """What a change moves in short: pages of high urgency more or less, those at night."""

    pages: int
    nights: int
    changes_nothing: bool

    @property
    def words(self) -> str:
        """Such as `4 pages fewer, 2 fewer at night`, or why there is no number."""
        if self.changes_nothing:
            return "Nothing would be different"
        if not self.pages and not self.nights:
            return "As many pages, for other alerts or people"
        parts = [_more_or_fewer(self.pages, "page"), _more_or_fewer(self.nights, "at night")]
        said = ", ".join(part for part in parts if part)
        return said[0].upper() + said[1:]


def _more_or_fewer(count: int, what: str) -> str:
    if not count:
        return "as many pages" if what == "page" else ""
    number, word = abs(count), "more" if count > 0 else "fewer"
    if what != "page":
        return f"{number} {word} {what}"
    return f"{number} page{'' if number == 1 else 's'} {word}"


class Side(Struct, frozen=True, kw_only=True):
    """What one configuration leads to. `called_alerts`: those whose incident called somebody."""

    incidents: int
    called: Sequence[Called]
    called_alerts: Mapping[int, str]


class Person(Struct, frozen=True, kw_only=True):
    name: str
    zone: str


def report(
    *,
    since: datetime,
    until: datetime,
    zone: str,
    as_is: Side,
    proposed: Side,
    really: Iterable[tuple[datetime, int]],
    differences: Differences,
    people: Mapping[int, Person],
) -> Report:
    """Put both sides beside each other, and what really happened beside them."""
    real = [
        Called(at=at, user_id=user_id, urgency=Urgency.HIGH, first_alert_id=0, title="", why="")
        for at, user_id in really
    ]
    clocks = {user_id: _Clock(person.zone) for user_id, person in people.items()}
    gone, new = _apart(as_is.called, proposed.called), _apart(proposed.called, as_is.called)
    named = _names(people, clocks)
    return Report(
        since=since,
        until=until,
        alerts=differences.alerts,
        as_is=_totals(as_is.incidents, as_is.called, clocks),
        proposed=_totals(proposed.incidents, proposed.called, clocks),
        really=_totals(0, real, clocks),
        people=_people(_high(as_is.called), _high(proposed.called), real, people, clocks),
        days=_days(_high(as_is.called), _high(proposed.called), real, (since, until, zone)),
        stopped=tuple(differences.stopped),
        stopped_count=differences.counts["stopped"],
        started=tuple(differences.started),
        started_count=differences.counts["started"],
        other_count=differences.counts["other"],
        gone=tuple(map(named, gone[:MOST_LINES])),
        gone_count=len(gone),
        new=tuple(map(named, new[:MOST_LINES])),
        new_count=len(new),
        later_count=differences.counts["later"],
        unpaged=_unpaged(as_is.called_alerts, proposed.called_alerts),
        changes_nothing=not differences.counts and not gone and not new,
    )


def unpaged_at_least(report: Report, severity: Severity) -> int:
    """How many alerts of this severity or worse call somebody, and would call nobody."""
    order = list(Severity)
    worse = order[: order.index(severity) + 1]
    return sum(report.unpaged.get(one.value, 0) for one in worse)


class _Clock:
    """What time it is for somebody."""

    def __init__(self, zone: str) -> None:
        self._calendar = Calendar(zone=ZoneInfo(zone))
        self._open = OpenHours().window(zone)

    def is_night(self, at: datetime) -> bool:
        return self._calendar.is_night(at)

    def is_working(self, at: datetime) -> bool:
        return self._open.contains(at)


type _Clocks = Mapping[int, _Clock]


def _high(called: Iterable[Called]) -> list[Called]:
    return [one for one in called if one.urgency == Urgency.HIGH]


def _night(one: Called, clocks: _Clocks) -> bool:
    return one.user_id in clocks and clocks[one.user_id].is_night(one.at)


def _totals(incidents: int, called: Sequence[Called], clocks: _Clocks) -> Totals:
    high = _high(called)
    working = (one.user_id in clocks and clocks[one.user_id].is_working(one.at) for one in high)
    return Totals(
        incidents=incidents,
        pages=len(high),
        nights=sum(_night(one, clocks) for one in high),
        working=sum(working),
        unreached=sum(not one.is_reached for one in high),
        low=len(called) - len(high),
    )


def _people(
    as_is: Sequence[Called],
    proposed: Sequence[Called],
    real: Sequence[Called],
    people: Mapping[int, Person],
    clocks: _Clocks,
) -> tuple[PersonLine, ...]:
    """Everybody who is called by any side, the greatest difference first."""
    before, after, really = (Counter(c.user_id for c in side) for side in (as_is, proposed, real))
    nights = [Counter(c.user_id for c in side if _night(c, clocks)) for side in (as_is, proposed)]
    lines = [
        PersonLine(
            user_id=number,
            name=people[number].name if number in people else "Somebody who has left",
            as_is=before[number],
            proposed=after[number],
            really=really[number],
            nights_as_is=nights[0][number],
            nights_proposed=nights[1][number],
        )
        for number in before.keys() | after.keys() | really.keys()
    ]
    return tuple(
        sorted(lines, key=lambda p: (-abs(p.proposed - p.as_is), -p.proposed, p.name, p.user_id))
    )


def _days(
    as_is: Sequence[Called],
    proposed: Sequence[Called],
    real: Sequence[Called],
    time: tuple[datetime, datetime, str],
) -> tuple[DayLine, ...]:
    since, until, name = time
    zone = ZoneInfo(name)
    counts = [
        Counter(c.at.astimezone(zone).date() for c in side) for side in (as_is, proposed, real)
    ]
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    return tuple(
        DayLine(day=day, as_is=counts[0][day], proposed=counts[1][day], really=counts[2][day])
        for day in map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
    )


def _apart(one: Sequence[Called], other: Sequence[Called]) -> list[Called]:
    """The calls at high urgency that only the first has: same person, same first alert."""
    known = Counter((c.user_id, c.first_alert_id) for c in _high(other))
    found = []
    for call in _high(one):
        key = (call.user_id, call.first_alert_id)
        if known[key]:
            known[key] -= 1
        else:
            found.append(call)
    return found


def _names(people: Mapping[int, Person], clocks: _Clocks) -> Callable[[Called], CallLine]:
    def named(one: Called) -> CallLine:
        return CallLine(
            at=one.at,
            user_id=one.user_id,
            name=people[one.user_id].name if one.user_id in people else "Somebody who has left",
            alert_id=one.first_alert_id,
            title=one.title,
            why=one.why,
            is_night=_night(one, clocks),
        )

    return named


def _unpaged(before: Mapping[int, str], after: Mapping[int, str]) -> dict[str, int]:
    return dict(Counter(severity for number, severity in before.items() if number not in after))
