"""A key is refused only by a table of keys that was read after the request came."""

from collections.abc import Callable

import pytest

from evenfall.alerting.intake import unheard
from evenfall.alerting.intake.unheard import Request, Unheard
from evenfall.alerting.ports import format_named


class Room:
    """The room with a clock of its own; what came of each request is kept in order."""

    def __init__(self) -> None:
        self.now = 100.0
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.asked = 0
        self.came_of: list[tuple[str, bytes]] = []
        self.unheard = Unheard(
            lambda seconds, then: self.timers.append((self.now + seconds, then)),
            ask=self.ask,
            again=lambda one: self.came_of.append(("again", one.body)),
            too_late=lambda one: self.came_of.append(("too late", one.body)),
        )

    def ask(self) -> None:
        self.asked += 1

    def hold(self, body: bytes) -> bool:
        return self.unheard.hold(
            Request(format_named("json"), "key", body, lambda _answer: None, self.now)
        )

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        due = [then for at, then in self.timers if at <= self.now]
        self.timers = [(at, then) for at, then in self.timers if at > self.now]
        for then in due:
            then()


@pytest.fixture
def room() -> Room:
    return Room()


def test_a_table_read_before_the_request_came_says_nothing(room: Room) -> None:
    room.hold(b"a")
    room.unheard.loaded(room.now - 0.01)
    assert room.came_of == []

    room.unheard.loaded(room.now)
    assert room.came_of == [("again", b"a")]


def test_a_crowd_asks_once_and_again_only_while_somebody_waits(room: Room) -> None:
    for body in (b"a", b"b", b"c"):
        room.hold(body)
    room.pass_time(unheard.ASK_AFTER_S)
    assert room.asked == 1

    room.unheard.loaded(room.now - 1)  # a reading that began too early
    room.pass_time(unheard.ASK_AFTER_S)
    assert room.asked == 2

    room.unheard.loaded(room.now)
    room.pass_time(unheard.ASK_AFTER_S)
    assert room.asked == 2
    assert [body for _, body in room.came_of] == [b"a", b"b", b"c"]


def test_who_was_heard_of_meanwhile_asks_for_nothing(room: Room) -> None:
    room.hold(b"a")
    room.unheard.loaded(room.now)
    room.pass_time(unheard.ASK_AFTER_S)
    assert room.asked == 0


def test_without_a_table_the_sender_is_told_to_try_again(room: Room) -> None:
    room.hold(b"a")
    room.pass_time(unheard.GIVE_UP_AFTER_S)
    assert room.came_of == [("too late", b"a")]

    room.unheard.loaded(room.now)
    assert len(room.came_of) == 1


def test_nobody_is_answered_twice(room: Room) -> None:
    room.hold(b"a")
    room.unheard.loaded(room.now)
    room.pass_time(unheard.GIVE_UP_AFTER_S)
    assert room.came_of == [("again", b"a")]


def test_what_waits_is_bounded_in_number(room: Room) -> None:
    assert all(room.hold(b"") for _ in range(unheard.MOST))
    assert not room.hold(b"")
    room.unheard.loaded(room.now)
    assert room.hold(b"")


def test_what_waits_is_bounded_in_bytes(room: Room) -> None:
    assert room.hold(b"x" * (unheard.MOST_BYTES - 1))
    assert not room.hold(b"xx")
    assert room.hold(b"x")
    room.unheard.loaded(room.now)
    assert room.hold(b"x" * unheard.MOST_BYTES)
