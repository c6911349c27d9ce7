from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from evenfall.triage.logic.calendar import (
    WORKING_WEEK,
    Calendar,
    Version,
    add_business_time,
    business_time,
)
from evenfall.triage.logic.clocks import (
    LEVELS,
    LONGEST_PAUSE,
    TOO_LONG,
    Clock,
    Happened,
    Kind,
    Mark,
    Promise,
    Status,
    measure,
    standing,
)
from evenfall.triage.logic.priority import DEFAULT_TARGETS, Priority

HOUR = timedelta(hours=1)
WEEK = Calendar(
    versions=(Version(zone=ZoneInfo("Europe/Berlin"), hours=WORKING_WEEK, country="DE"),)
)
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""09:00 in Berlin."""


def promise(kind: Kind = Kind.RESOLUTION) -> Promise:
    return Promise(kind=kind, targets=DEFAULT_TARGETS, calendar=WEEK)


def at(hours: float, mark: Mark, priority: Priority | None = None) -> Happened:
    return Happened(mark=mark, at=MONDAY + hours * HOUR, priority=priority)


def start(priority: Priority = Priority.P2) -> Happened:
    return at(0, Mark.START, priority)


def clock(*happened: Happened, hours: float, kind: Kind = Kind.RESOLUTION) -> Clock:
    found = measure(promise(kind), happened, now=MONDAY + hours * HOUR)
    passed = standing(promise(kind), happened, now=MONDAY + hours * HOUR)
    assert found is not None
    assert passed is not None
    assert (passed.elapsed, passed.paused, passed.target) == (
        *(found.elapsed, found.paused),
        found.target,
    )
    return found


def test_nothing_runs_before_it_starts() -> None:
    assert measure(promise(), [], now=MONDAY) is None
    assert standing(promise(), [], now=MONDAY) is None
    assert measure(promise(), [start()], now=MONDAY - HOUR) is None
    assert measure(promise(), [at(0, Mark.STOP)], now=MONDAY) is None


def test_business_and_wall_time_are_both_shown_frappe_3236() -> None:
    one = clock(start(), hours=25)
    assert one.status is Status.BROKEN
    assert (one.elapsed, one.wall_elapsed) == (9 * HOUR, 25 * HOUR)
    assert one.due_at == MONDAY + 9 * HOUR  # 18:00 on Monday
    assert (one.percent, one.level, one.left) == (112, 100, -HOUR)


def test_a_pause_stops_the_clock_frappe_1554() -> None:
    one = clock(start(), at(1, Mark.PAUSE), hours=3)
    assert one.status is Status.PAUSED
    assert (one.elapsed, one.paused, one.due_at) == (HOUR, 2 * HOUR, None)
    again = clock(start(), at(1, Mark.PAUSE), at(3, Mark.RESUME), hours=3)
    assert again.status is Status.RUNNING
    assert again.due_at == add_business_time(WEEK, MONDAY + 3 * HOUR, 7 * HOUR)


def test_the_first_response_cannot_be_paused() -> None:
    one = clock(start(), at(0.5, Mark.PAUSE), hours=2, kind=Kind.FIRST_RESPONSE)
    assert (one.status, one.elapsed) == (Status.BROKEN, 2 * HOUR)


def test_a_pause_does_not_begin_twice_and_ends_once() -> None:
    one = clock(
        start(), at(1, Mark.PAUSE), at(2, Mark.PAUSE), at(3, Mark.RESUME), at(3, Mark.RESUME),
        hours=3,
    )  # fmt: skip
    assert (one.elapsed, one.paused) == (HOUR, 2 * HOUR)


def test_the_longest_pause_ends_by_itself() -> None:
    one = clock(start(), at(0, Mark.PAUSE), hours=24 * 7 + 2)
    assert (one.status, one.reason) == (Status.RUNNING, TOO_LONG)
    assert (one.elapsed, one.paused) == (2 * HOUR, LONGEST_PAUSE)


def test_another_priority_keeps_what_passed_glpi_15605() -> None:
    happened = (
        start(), at(1, Mark.PAUSE), at(2, Mark.RESUME), at(3, Mark.PRIORITY, Priority.P3)
    )  # fmt: skip
    one = clock(*happened, hours=3)
    assert (one.priority, one.elapsed, one.paused) == (Priority.P3, 2 * HOUR, HOUR)
    assert one.due_at == add_business_time(WEEK, MONDAY + 3 * HOUR, 38 * HOUR)


def test_waiting_counts_business_hours_only_glpi_14937() -> None:
    one = clock(start(), at(8, Mark.PAUSE), at(25, Mark.RESUME), hours=25)
    assert (one.paused, one.wall_paused) == (2 * HOUR, 17 * HOUR)


def test_a_priority_around_the_clock_counts_the_night() -> None:
    one = clock(start(), at(9, Mark.PRIORITY, Priority.P1), hours=10)
    assert one.elapsed == 9 * HOUR
    assert one.due_at == MONDAY + 9 * HOUR  # four hours had passed long before


def test_each_promise_has_hours_and_holidays_of_its_own_osticket_4969() -> None:
    """Over Good Friday 2026 a P1 runs on; a P2 waits in Berlin, and not where nobody rests."""
    thursday = datetime(2026, 4, 2, 14, tzinfo=UTC)
    usual = Calendar(versions=(Version(zone=ZoneInfo("Europe/Berlin"), hours=WORKING_WEEK),))

    def elapsed(calendar: Calendar, priority: Priority) -> timedelta:
        promised = Promise(kind=Kind.RESOLUTION, targets=DEFAULT_TARGETS, calendar=calendar)
        begins = Happened(mark=Mark.START, at=thursday, priority=priority)
        found = measure(promised, [begins], now=thursday + timedelta(days=1))
        assert found is not None
        return found.elapsed

    assert elapsed(WEEK, Priority.P1) == 24 * HOUR
    assert elapsed(WEEK, Priority.P2) == 2 * HOUR
    assert elapsed(usual, Priority.P2) == 8 * HOUR


def test_a_lower_priority_makes_a_broken_promise_whole() -> None:
    one = clock(start(Priority.P1), at(5, Mark.PRIORITY, Priority.P4), hours=5)
    assert (one.status, one.is_broken) == (Status.RUNNING, False)
    still = clock(start(Priority.P1), at(5, Mark.PRIORITY, Priority.P1), hours=6)
    assert still.due_at == MONDAY + 4 * HOUR


def test_ends_are_kept_broken_or_cancelled() -> None:
    assert clock(start(), at(2, Mark.STOP), hours=99).status is Status.KEPT
    late = clock(start(), at(28, Mark.STOP), hours=99)
    assert (late.status, late.due_at, late.is_broken) == (Status.BROKEN, MONDAY + 9 * HOUR, True)
    gone = clock(start(), at(28, Mark.CANCEL), hours=99)
    assert (gone.status, gone.is_broken, gone.level) == (Status.CANCELLED, False, 0)


def test_what_comes_after_the_end_changes_nothing_but_a_start() -> None:
    ended = (start(), at(2, Mark.STOP), at(3, Mark.PAUSE))
    assert clock(*ended, hours=4).elapsed == 2 * HOUR
    again = clock(*ended, at(4, Mark.START, Priority.P2), hours=5)
    assert (again.status, again.elapsed) == (Status.RUNNING, 0.5 * HOUR)  # 13:00 to 14:00


def test_best_effort_is_never_due() -> None:
    one = clock(start(Priority.P5), hours=9999)
    assert (one.due_at, one.level, one.percent, one.left) == (None, 0, 0, None)


def test_levels_come_at_their_share_of_the_target() -> None:
    one = clock(start(), hours=0)
    assert [(level, when - MONDAY) for level, when in one.warnings] == [
        (50, 5 * HOUR),  # after lunch
        (75, 7 * HOUR),
        (90, 8.2 * HOUR),
        (100, 9 * HOUR),
    ]
    assert [level for level, _ in clock(start(), hours=7.5).warnings] == [90, 100]


hours = st.floats(0, 24 * 40, allow_nan=False).map(lambda count: timedelta(minutes=int(count * 60)))
marks = st.sampled_from([Mark.PAUSE, Mark.RESUME, Mark.PRIORITY])


@st.composite
def stories(draw: st.DrawFn) -> list[Happened]:
    """A start, then anything but an end, in the order of time."""
    times = sorted(draw(st.lists(hours, max_size=8)))
    found = [start(draw(st.sampled_from(Priority)))]
    for passed in times:
        mark = draw(marks)
        priority = draw(st.sampled_from(Priority)) if mark is Mark.PRIORITY else None
        found.append(Happened(mark=mark, at=MONDAY + passed, priority=priority))
    return found


@given(stories(), hours)
@settings(max_examples=150, deadline=None)
def test_no_time_is_lost_between_running_and_paused(story: list[Happened], now: timedelta) -> None:
    one = measure(promise(), story, now=MONDAY + now)
    assert one is not None
    assert one.wall_elapsed + one.wall_paused == now


@given(stories(), hours, hours)
@settings(max_examples=150, deadline=None)
def test_a_clock_never_runs_backwards(
    story: list[Happened], now: timedelta, more: timedelta
) -> None:
    before = measure(promise(), story, now=MONDAY + now)
    after = measure(promise(), story, now=MONDAY + now + more)
    assert before is not None
    assert after is not None
    assert (before.elapsed, before.paused) <= (after.elapsed, after.paused) or (
        before.elapsed <= after.elapsed
    )
    assert before.wall_elapsed <= after.wall_elapsed


@given(stories(), hours)
@settings(max_examples=150, deadline=None)
def test_a_promise_is_broken_after_it_is_due(story: list[Happened], now: timedelta) -> None:
    one = measure(promise(), story, now=MONDAY + now)
    assert one is not None
    if one.due_at is None or one.is_broken:
        return
    quiet = [happened for happened in story if happened.at <= MONDAY + now]
    due = measure(promise(), quiet, now=one.due_at)
    late = measure(promise(), quiet, now=one.due_at + 100 * 24 * HOUR)
    assert due is not None
    assert late is not None
    assert (due.is_broken, due.level) == (False, LEVELS[-1])
    assert (late.is_broken, late.due_at) == (True, one.due_at)


@given(hours, st.integers(0, 40))
@settings(max_examples=100, deadline=None)
def test_a_pause_on_a_holiday_changes_nothing_frappe_3236(now: timedelta, minutes: int) -> None:
    """Good Friday 2026: whatever is paused and resumed on it costs no business time."""
    friday = datetime(2026, 4, 3, 6, tzinfo=UTC) + timedelta(minutes=minutes * 20)
    opened = Happened(mark=Mark.START, at=MONDAY, priority=Priority.P4)
    paused = (
        Happened(mark=Mark.PAUSE, at=friday),
        Happened(mark=Mark.RESUME, at=friday + timedelta(minutes=minutes)),
    )
    later = friday + timedelta(hours=1) + now
    plain = measure(promise(), [opened], now=later)
    after = measure(promise(), [opened, *paused], now=later)
    assert plain is not None
    assert after is not None
    assert (after.elapsed, after.due_at, after.paused) == (plain.elapsed, plain.due_at, 0 * HOUR)
    assert after.elapsed == business_time(WEEK, MONDAY, later)


def test_what_is_used_up_when_the_day_ends_is_due_then_and_does_not_move_on() -> None:
    """Whoever looks in the evening sees the same time as whoever looked at noon."""
    opened = Happened(mark=Mark.START, at=MONDAY, priority=Priority.P3)
    first = measure(promise(), [opened], now=MONDAY)
    assert first is not None
    assert first.due_at is not None
    for later in (timedelta(0), HOUR, 10 * HOUR):
        again = measure(promise(), [opened], now=first.due_at + later)
        assert again is not None
        assert again.due_at == first.due_at
