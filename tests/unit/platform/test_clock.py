"""A clock that is set, or a machine that slept, is noticed; time that passes is not."""

from datetime import UTC, datetime, timedelta

import pytest

from evenfall.platform.clock import ClockWatch

BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Machine:
    """A clock, and the time that passes while the machine is awake."""

    def __init__(self) -> None:
        self.shown, self.awake_s = BEGAN, 100.0
        self.watch = ClockWatch(lambda: self.shown, steady=lambda: self.awake_s)

    def pass_time(self, seconds: float) -> None:
        self.shown += timedelta(seconds=seconds)
        self.awake_s += seconds


@pytest.mark.parametrize("seconds", [0, 0.5, 60, 86_400])
def test_time_that_passes_is_no_jump(seconds: float) -> None:
    machine = Machine()
    machine.pass_time(seconds)
    assert not machine.watch.has_jumped()


@pytest.mark.parametrize("seconds", [-3600, -2, 2, 28_800])
def test_a_jump_is_told_once(seconds: float) -> None:
    machine = Machine()
    machine.pass_time(5)
    machine.shown += timedelta(seconds=seconds)
    assert machine.watch.has_jumped()
    machine.pass_time(5)
    assert not machine.watch.has_jumped()


def test_a_clock_that_is_kept_right_little_by_little_does_not_jump() -> None:
    machine = Machine()
    for _ in range(100):
        machine.pass_time(0.5)
        machine.shown += timedelta(milliseconds=20)
        assert not machine.watch.has_jumped()
