"""Who may be kept waiting while somebody waits to be called, and for how long."""

from datetime import datetime

from evenfall.platform.giving_way import LONGEST_S, LOOK_EVERY_S, RESTS_S, GivingWay
from evenfall.platform.wakeups import Drain, DrainResult


class House:
    """Whether calls wait in it, on a clock of its own; looks are counted."""

    def __init__(self) -> None:
        self.now = 0.0
        self.is_behind = True
        self.looks = 0
        self.giving_way = GivingWay(self._look, clock=lambda: self.now)

    def _look(self, _now: datetime) -> bool:
        self.looks += 1
        return self.is_behind

    def holds(self, *, rests_s: float = RESTS_S, after_s: float = 0.0) -> bool:
        self.now += after_s
        return self.giving_way.holds(drain(rests_s))


def drain(rests_s: float) -> Drain:
    return Drain(name="test", lane="slow", run=lambda _now: DrainResult(done=0), rest_s=rests_s)


def test_what_rests_is_held_while_calls_wait_and_no_longer() -> None:
    house = House()
    assert house.holds()
    house.is_behind = False
    assert not house.holds(after_s=LOOK_EVERY_S)


def test_what_rests_less_is_never_held_and_asks_for_no_look() -> None:
    house = House()
    assert not house.holds(rests_s=RESTS_S / 2)
    assert house.looks == 0


def test_many_askers_cost_two_looks_a_second() -> None:
    house = House()
    for _ in range(50):
        house.holds()
    assert house.looks == 1
    house.holds(after_s=LOOK_EVERY_S)
    assert house.looks == 2


def test_calls_that_wait_for_ever_hold_nobody_for_ever() -> None:
    house = House()
    assert house.holds()
    assert house.holds(after_s=LONGEST_S - LOOK_EVERY_S)
    assert not house.holds(after_s=LOOK_EVERY_S)
    assert not house.holds(after_s=LONGEST_S)

    house.is_behind = False
    assert not house.holds(after_s=LOOK_EVERY_S)
    house.is_behind = True
    assert house.holds(after_s=LOOK_EVERY_S)
