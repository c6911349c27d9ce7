"""The clock of a promise: its steps over restarts, moved times and severities that rise."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.incidents.logic import promises
from evenfall.incidents.logic.promises import MOST_NUDGES, Promise, Step

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

spans = st.integers(1, 60 * 24 * 30).map(lambda count: count * MINUTE)
waits = st.lists(st.integers(0, 60 * 24).map(lambda count: count * MINUTE), max_size=30)


def promise(minutes: int = 20, *, taken: Step | None = None) -> Promise:
    interval = minutes * MINUTE
    return Promise(made_at=NOON, due_at=NOON + interval, interval=interval, taken=taken)


def run(one: Promise, looks: list[datetime]) -> tuple[Promise, list[promises.Taken]]:
    """Look at a promise at these times, as a worker does that may be stopped in between."""
    found = []
    for now in looks:
        taken = promises.step(one, now=now)
        if taken is not None:
            found.append(taken)
            one = replace(one, taken=taken.step)
    return one, found


def test_the_steps_of_a_promise_of_twenty_minutes() -> None:
    at = {step: (moment - NOON) / MINUTE for step, moment in promises.moments(promise()).items()}
    assert at == {Step.WARN: 15, Step.DUE: 20, Step.HELP: 30, Step.BREAK: 40}


def test_a_promise_of_five_minutes_is_not_announced_when_it_is_made() -> None:
    assert Step.WARN not in promises.moments(promise(5))
    assert promises.next_moment(promise(5)) == NOON + 5 * MINUTE


def test_nothing_happens_before_its_time_and_nothing_after_the_last_step() -> None:
    assert promises.step(promise(), now=NOON + 14 * MINUTE) is None
    assert promises.next_moment(promise(taken=Step.BREAK)) is None
    assert promises.step(promise(taken=Step.BREAK), now=NOON + timedelta(days=9)) is None


def test_a_promise_that_was_due_while_nothing_ran_is_handled_once_and_called_late() -> None:
    _, found = run(promise(), [NOON + 55 * MINUTE, NOON + 56 * MINUTE])
    assert [(one.step, one.late, one.nudges) for one in found] == [(Step.BREAK, 15 * MINUTE, True)]


def test_a_break_tells_nobody_anew() -> None:
    _, found = run(promise(), [NOON + count * MINUTE for count in (15, 20, 30, 40)])
    assert [one.nudges for one in found] == [True, True, True, False]


@given(spans, waits)
def test_each_step_comes_once_in_order_and_people_hear_of_it_three_times_at_most(
    interval: timedelta, gaps: list[timedelta]
) -> None:
    looks = [NOON]
    for gap in gaps:
        looks.append(looks[-1] + gap)
    one = Promise(made_at=NOON, due_at=NOON + interval, interval=interval)
    after, found = run(one, looks)
    order = [list(Step).index(taken.step) for taken in found]
    assert order == sorted(set(order))
    assert sum(taken.nudges for taken in found) <= MOST_NUDGES
    assert all(taken.late >= timedelta() for taken in found)
    reached = [step for step, at in promises.moments(one).items() if at <= looks[-1]]
    assert after.taken == (reached[-1] if reached else None)


@given(spans, waits, waits)
def test_however_often_it_is_looked_at_it_ends_in_the_same_place(
    interval: timedelta, some: list[timedelta], others: list[timedelta]
) -> None:
    one = Promise(made_at=NOON, due_at=NOON + interval, interval=interval)
    last = NOON + max([timedelta(), *some, *others])
    first, _ = run(one, [*sorted(NOON + gap for gap in some), last])
    second, _ = run(one, [*sorted(NOON + gap for gap in others), last])
    assert first == second


@given(spans, spans, spans)
def test_a_severity_that_rises_never_moves_it_later(
    interval: timedelta, every: timedelta, passed: timedelta
) -> None:
    before = Promise(made_at=NOON, due_at=NOON + interval, interval=interval)
    at = NOON + passed
    after = promises.raised(before, every, due_at=at + every)
    assert after.due_at == min(before.due_at, at + every)
    assert after.interval == min(interval, every)
    assert promises.raised(after, every, due_at=at + every) == after


@given(spans, st.lists(st.tuples(spans, spans), max_size=5), waits)
def test_rises_between_looks_keep_the_three_nudges(
    interval: timedelta, rises: list[tuple[timedelta, timedelta]], gaps: list[timedelta]
) -> None:
    one, now, nudges = Promise(made_at=NOON, due_at=NOON + interval, interval=interval), NOON, 0
    for gap, rise in zip(gaps, [*rises, *([None] * len(gaps))], strict=False):
        now += gap
        if rise is not None:
            one = promises.raised(one, rise[1], due_at=now + rise[1])
        one, found = run(one, [now])
        nudges += sum(taken.nudges for taken in found)
    assert nudges <= MOST_NUDGES
    assert one.due_at <= NOON + interval


def test_lateness_is_nothing_in_time() -> None:
    assert promises.lateness(NOON, NOON) == timedelta()
    assert promises.lateness(NOON, NOON + MINUTE) == MINUTE
