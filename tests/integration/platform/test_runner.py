"""Drains run when they are woken, when something is due, and again after a failure."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import InterfaceError, connection

from evenfall.platform import runner as runner_module
from evenfall.platform.database import dsn
from evenfall.platform.giving_way import GivingWay
from evenfall.platform.runner import SLOW_THREADS, Runner
from evenfall.platform.wakeups import Drain, DrainResult, wake

pytestmark = pytest.mark.django_db(transaction=True)

LONG_ENOUGH_S = 20.0


class Work:
    """A drain that reports each pass, with a scripted outcome for the first passes."""

    def __init__(self, *outcomes: DrainResult | Exception) -> None:
        self._outcomes = list(outcomes)
        self.passes = 0
        self._passed = threading.Condition()

    def run(self, _now: datetime) -> DrainResult:
        connection.close()  # as any drain would leave it: the thread's own connection
        with self._passed:
            self.passes += 1
            self._passed.notify_all()
        outcome = self._outcomes.pop(0) if self._outcomes else DrainResult(done=0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def wait_for(self, passes: int) -> bool:
        with self._passed:
            return self._passed.wait_for(lambda: self.passes >= passes, LONG_ENOUGH_S)


Start = Callable[[Work], Runner]


@pytest.fixture
def start() -> Iterator[Start]:
    runners: list[Runner] = []

    def start_one(work: Work) -> Runner:
        runner = Runner([Drain(name="test.work", lane="slow", run=work.run)], dsn=dsn())
        runners.append(runner)
        runner.start()
        return runner

    yield start_one
    for runner in runners:
        runner.stop()


def test_a_drain_goes_on_at_once_while_it_finds_work(start: Start) -> None:
    work = Work(*[DrainResult(done=5)] * 50)
    start(work)
    assert work.wait_for(51)


def test_a_drain_that_fails_is_tried_again(start: Start) -> None:
    work = Work(RuntimeError("no database"), ValueError("still none"))
    start(work)
    assert work.wait_for(3)


def test_a_wake_up_reaches_the_drain(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    # without the floor only a wake-up can make another pass
    monkeypatch.setattr("evenfall.platform.runner.SLOW_FLOOR_S", 3600.0)
    work = Work()
    start(work)
    assert work.wait_for(2), "the first pass, and the one after LISTEN is in place"
    before = work.passes
    wake("test.work")
    assert work.wait_for(before + 1)


def test_all_look_when_the_clock_jumps(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenfall.platform.runner.SLOW_FLOOR_S", 3600.0)
    ahead = timedelta(0)
    monkeypatch.setattr("evenfall.platform.runner.utc_now", lambda: datetime.now(UTC) + ahead)
    work = Work()
    start(work)
    assert work.wait_for(2)
    before, ahead = work.passes, timedelta(hours=8)
    assert work.wait_for(before + 1)


def test_stop_ends_the_threads(start: Start) -> None:
    work = Work()
    runner = start(work)
    assert work.wait_for(1)
    runner.stop()
    assert not [t for t in threading.enumerate() if t.name.startswith("drain")]


def test_a_drain_that_rests_takes_what_comes_meanwhile_together(start: Start) -> None:
    """Both are woken again and again; the one that rests has had its turn."""
    resting, other = Work(DrainResult(done=5, took_all=True)), Work()
    drains = [
        Drain(name="test.resting", lane="slow", run=resting.run, wake_on=("test",), rest_s=3600),
        Drain(name="test.other", lane="slow", run=other.run, wake_on=("test",)),
    ]
    runner = Runner(drains, dsn=dsn())
    runner.start()
    try:
        assert resting.wait_for(1)
        for passes in range(other.passes + 1, other.passes + 4):
            wake("test")
            assert other.wait_for(passes)
        assert resting.passes == 1
    finally:
        runner.stop()


def test_what_may_rest_gives_way_and_comes_to_its_turn_by_itself() -> None:
    resting, other, is_behind = Work(), Work(), threading.Event()
    patience = GivingWay(lambda _now: is_behind.is_set(), look_every_s=0.05, longest_s=3600)
    is_behind.set()
    drains = [
        Drain(name="test.resting", lane="slow", run=resting.run, wake_on=("test",)),
        Drain(name="test.other", lane="slow", run=other.run, wake_on=("test",)),
    ]
    runner = Runner(
        drains,
        dsn=dsn(),
        gives_way=lambda drain: patience if drain.name == "test.resting" else None,
    )
    runner.start()
    try:
        for passes in range(2, 5):
            wake("test")
            assert other.wait_for(passes)
        assert resting.passes == 0
        is_behind.clear()
        assert resting.wait_for(1)
    finally:
        runner.stop()


def test_a_long_row_gives_way_between_its_batches_and_no_sooner() -> None:
    """The first batch is taken though somebody waits, and so is a row that one batch empties."""
    work, is_behind = Work(DrainResult(done=1, took_all=True), DrainResult(done=1)), True
    patience = GivingWay(
        lambda _now: is_behind, look_every_s=0.05, longest_s=3600, between_batches=True
    )
    drain = Drain(name="test.row", lane="intake", run=work.run, wake_on=("test",))
    other = Work()
    runner = Runner(
        [drain, Drain(name="test.other", lane="intake", run=other.run, wake_on=("test",))],
        dsn=dsn(),
        gives_way=lambda one: patience if one is drain else None,
    )
    runner.start()
    try:
        assert work.wait_for(1)
        wake("test")
        assert work.wait_for(2)
        for passes in range(other.passes + 1, other.passes + 4):
            wake("test")
            assert other.wait_for(passes)
        assert work.passes == 2
        is_behind = False
        assert work.wait_for(3)
    finally:
        runner.stop()


def test_a_question_that_fails_holds_nothing_up() -> None:
    def fail(_now: datetime) -> bool:
        raise InterfaceError

    work, patience = Work(), GivingWay(fail, look_every_s=0, longest_s=3600)
    drain = Drain(name="test.asking", lane="slow", run=work.run, wake_on=("test",))
    runner = Runner([drain], dsn=dsn(), gives_way=lambda _drain: patience)
    runner.start()
    try:
        for passes in range(1, 4):
            assert work.wait_for(passes)
            wake("test")
    finally:
        runner.stop()


def test_the_slow_lane_shares_threads_and_one_that_hangs_holds_up_no_other() -> None:
    free, hangs, works = threading.Event(), threading.Event(), [Work() for _ in range(40)]

    def hang(_now: datetime) -> DrainResult:
        hangs.set()
        assert free.wait(LONG_ENOUGH_S)
        return DrainResult(done=0)

    runner = Runner(
        [
            Drain(name="test.hanging", lane="slow", run=hang),
            *(Drain(name=f"test.{n}", lane="slow", run=one.run) for n, one in enumerate(works)),
        ],
        dsn=dsn(),
    )
    runner.start()
    try:
        assert hangs.wait(LONG_ENOUGH_S)
        assert len([t for t in threading.enumerate() if t.name == "drains slow"]) == SLOW_THREADS
        for number, work in enumerate(works):
            before = work.passes
            wake(f"test.{number}")
            assert work.wait_for(before + 1)
    finally:
        free.set()
        runner.stop()


def test_in_the_slow_lane_a_short_pass_is_followed_by_the_next_and_not_joined_by_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner_module, "HEAD_START_S", LONG_ENOUGH_S)
    second, joined = threading.Event(), []

    def first(_now: datetime) -> DrainResult:
        joined.append(second.wait(0.2))
        return DrainResult(done=0)

    def follow(_now: datetime) -> DrainResult:
        second.set()
        return DrainResult(done=0)

    runner = Runner(
        [
            Drain(name="test.first", lane="slow", run=first),
            Drain(name="test.second", lane="slow", run=follow),
        ],
        dsn=dsn(),
    )
    runner.start()
    try:
        assert second.wait(LONG_ENOUGH_S)
        assert joined[0] is False
    finally:
        runner.stop()


def test_each_urgent_drain_has_a_thread_alone() -> None:
    works = [Work(), Work()]
    drains = [Drain(name=f"test.{n}", lane="paging", run=one.run) for n, one in enumerate(works)]
    runner = Runner(drains, dsn=dsn())
    runner.start()
    try:
        names = {thread.name for thread in threading.enumerate()}
        assert {"drain test.0", "drain test.1"} <= names
        assert all(work.wait_for(2) for work in works)
    finally:
        runner.stop()
