"""Group commit, with a writer that commits when the test says so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.intake import arrays, commits
from evenfall.alerting.intake.commits import Group, GroupCommit

AT = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)


class HeldWriter:
    """Takes one group at a time and holds it."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.is_free = True
        self.is_away = False

    def write(self, group: Group) -> None:
        assert self.is_free
        self.is_free = False
        self.groups.append(group)


class BrokenWriter:
    """Finds out while it writes that the database is gone."""

    def __init__(self, scene: "Scene") -> None:
        self.scene = scene
        self.is_free = True
        self.is_away = False

    def write(self, group: Group) -> None:
        assert self.is_free
        self.is_free, self.is_away = False, True
        self.scene.commits.written(group, committed=False)
        if self.scene.commits.is_away:
            self.scene.commits.give_up()


class Scene:
    def __init__(
        self, *, limit_rows: int = 1000, limit_bytes: int = 1_000_000, writers: int = 1
    ) -> None:
        self.writers = [HeldWriter() for _ in range(writers)]
        self.writer = self.writers[0]
        self.soon: list[Callable[[], None]] = []
        self.told: list[tuple[int, bool]] = []
        self.commits = GroupCommit(
            self.writers, self.soon.append, limit_rows=limit_rows, limit_bytes=limit_bytes
        )
        self.sent = 0

    def add(self, body: bytes = b"{}") -> bool:
        number = self.sent
        self.sent += 1
        return self.commits.add(
            integration=arrays.bigint(1),
            format_name=b"",
            body=body,
            unparsed=False,
            received_at=AT,
            told=lambda committed: self.told.append((number, committed)),
        )

    def turn(self) -> None:
        """One turn of the event loop."""
        calls = self.soon.copy()
        self.soon.clear()
        for call in calls:
            call()

    def commit(self, *, committed: bool = True, writer: int = 0) -> None:
        chosen = self.writers[writer]
        chosen.is_free = True
        self.commits.written(chosen.groups[-1], committed=committed)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_lone_request_is_written_in_the_same_turn(scene: Scene) -> None:
    scene.add()
    scene.turn()

    assert [len(group.waiting) for group in scene.writer.groups] == [1]


def test_nobody_is_told_before_the_commit(scene: Scene) -> None:
    scene.add()
    scene.turn()
    assert scene.told == []

    scene.commit()
    assert scene.told == [(0, True)]


def test_requests_of_one_turn_share_a_commit(scene: Scene) -> None:
    for _ in range(5):
        scene.add()
    scene.turn()

    assert [len(group.waiting) for group in scene.writer.groups] == [5]


def test_what_comes_during_a_commit_shares_the_next_one(scene: Scene) -> None:
    scene.add()
    scene.turn()
    for _ in range(3):
        scene.add()
        scene.turn()
    assert len(scene.writer.groups) == 1

    scene.commit()
    assert [len(group.waiting) for group in scene.writer.groups] == [1, 3]


def test_failed_commit_is_told_and_the_next_one_goes_on(scene: Scene) -> None:
    scene.add()
    scene.turn()
    scene.add()
    scene.commit(committed=False)
    scene.commit()

    assert scene.told == [(0, False), (1, True)]


def test_groups_are_bounded_in_rows_and_keep_the_order(scene: Scene) -> None:
    for _ in range(commits.ROWS_AT_ONCE + 10):
        scene.add()
    scene.turn()
    scene.commit()
    scene.commit()

    assert [len(group.waiting) for group in scene.writer.groups] == [commits.ROWS_AT_ONCE, 10]
    assert [number for number, _ in scene.told] == list(range(commits.ROWS_AT_ONCE + 10))


def test_groups_are_bounded_in_bytes() -> None:
    scene = Scene(limit_bytes=100_000_000)
    half = b"x" * (commits.BYTES_AT_ONCE // 2 + 1)
    for _ in range(3):
        scene.add(half)
    scene.turn()
    scene.commit()
    scene.commit()

    assert [len(group.waiting) for group in scene.writer.groups] == [1, 1, 1]


def test_overload_is_refused_until_there_is_room_again() -> None:
    scene = Scene(limit_rows=2)
    assert [scene.add(), scene.add(), scene.add()] == [True, True, False]

    scene.turn()
    scene.commit()
    assert scene.add()


def test_overload_in_bytes_is_refused() -> None:
    scene = Scene(limit_bytes=10)

    assert [scene.add(b"x" * 8), scene.add(b"x" * 8)] == [True, False]


def test_without_a_database_nothing_is_taken_in(scene: Scene) -> None:
    scene.writer.is_away = True

    assert not scene.add()


def test_giving_up_tells_everybody_once(scene: Scene) -> None:
    scene.add()
    scene.turn()
    scene.add()
    scene.commits.give_up()

    assert scene.told == [(1, False)]  # the first one hears from the writer
    scene.commit()
    assert scene.told == [(1, False), (0, True)]
    assert scene.commits.waiting == 0


def test_second_writer_waits_until_a_commit_is_worth_it() -> None:
    scene = Scene(writers=2)
    scene.add()
    scene.turn()
    for _ in range(commits.WORTH_ROWS - 1):
        scene.add()
    scene.turn()
    assert [len(writer.groups) for writer in scene.writers] == [1, 0]

    scene.add()
    scene.turn()
    assert [len(group.waiting) for group in scene.writers[1].groups] == [commits.WORTH_ROWS]


def test_one_writer_goes_on_while_the_other_is_away() -> None:
    scene = Scene(writers=2)
    scene.writers[0].is_away, scene.writers[0].is_free = True, False
    assert scene.add()
    scene.turn()
    scene.commit(writer=1)

    assert scene.told == [(0, True)]
    scene.writers[1].is_away = True
    assert not scene.add()


def test_everybody_is_told_when_a_writer_breaks_while_it_is_given_a_group(scene: Scene) -> None:
    healthy = HeldWriter()
    scene.commits = GroupCommit([BrokenWriter(scene), healthy], scene.soon.append)
    sent = 3 * commits.ROWS_AT_ONCE
    for _ in range(sent):
        assert scene.add()
    scene.turn()
    while not healthy.is_free:
        healthy.is_free = True
        scene.commits.written(healthy.groups[-1], committed=True)

    assert sorted(number for number, _ in scene.told) == list(range(sent))
    assert scene.commits.waiting == 0


def test_everybody_is_told_when_all_writers_break_at_once(scene: Scene) -> None:
    writers = [BrokenWriter(scene), BrokenWriter(scene)]
    scene.commits = GroupCommit(writers, scene.soon.append)
    sent = 3 * commits.ROWS_AT_ONCE
    for _ in range(sent):
        assert scene.add()
    scene.turn()

    assert sorted(scene.told) == [(number, False) for number in range(sent)]
    assert scene.commits.waiting == 0


@given(st.lists(st.sampled_from(["add", "turn", "commit", "fail"]), max_size=60))
def test_everybody_is_told_exactly_once_in_order(steps: list[str]) -> None:
    scene = Scene()
    for step in steps:
        if step == "add":
            scene.add()
        elif step == "turn":
            scene.turn()
        elif not scene.writer.is_free:
            scene.commit(committed=step == "commit")
    scene.turn()
    while not scene.writer.is_free:
        scene.commit()

    assert [number for number, _ in scene.told] == list(range(scene.sent))


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_are_packed_to_the_microsecond(at: datetime) -> None:
    since = at - datetime(2000, 1, 1, tzinfo=UTC)

    assert arrays.microseconds(at) == since // timedelta(microseconds=1)
