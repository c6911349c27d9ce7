"""Who may be kept waiting while somebody waits to be called, and for how long."""

from datetime import datetime

from evenfall.platform.giving_way import GivingWay

LOOK_EVERY_S = 0.5
LONGEST_S = 30.0


class House:
    """Whether calls wait in it, on a clock of its own; looks are counted."""

    def __init__(self) -> None:
        self.now = 0.0
        self.is_behind = True
        self.looks = 0
        self.giving_way = GivingWay(
            self._look, look_every_s=LOOK_EVERY_S, longest_s=LONGEST_S, clock=lambda: self.now
        )

    def _look(self, _now: datetime) -> bool:
        self.looks += 1
        return self.is_behind

    def holds(self, *, after_s: float = 0.0) -> bool:
        self.now += after_s
        return self.giving_way.holds()


def test_it_holds_while_calls_wait_and_no_longer() -> None:
    house = House()
    assert house.holds()
    house.is_behind = False
    assert not house.holds(after_s=LOOK_EVERY_S)


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
