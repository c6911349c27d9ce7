from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from evenfall.oncall.logic.changed_shifts import GRACE, Change, change_of, wanted
from evenfall.oncall.logic.handovers import LATE, Key, NoticeKind, Tour
from evenfall.oncall.logic.spec import Role

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = MONDAY - timedelta(hours=20)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ADA, BEN = 1, 2


def _told(happens_at: datetime = MONDAY, kind: NoticeKind = NoticeKind.LOOK_AHEAD) -> Key:
    return Key(user_id=ADA, role=Role.PRIMARY, kind=kind, happens_at=happens_at)


def _tour(
    user_id: int, starts_at: datetime, ends_at: datetime = MONDAY + 7 * DAY, role: str = "primary"
) -> Tour:
    return Tour(user_id=user_id, role=Role(role), starts_at=starts_at, ends_at=ends_at)


def _change(found: Sequence[Tour], *, now: datetime = NOW) -> Change | None:
    return change_of(_told(), [_told()], found, now)


def test_a_shift_that_still_comes_has_not_changed() -> None:
    assert _change([_tour(ADA, MONDAY, MONDAY + HOUR)]) is None


def test_a_shift_of_somebody_else_was_taken_away() -> None:
    assert _change([_tour(BEN, MONDAY - DAY)]) == Change(moved_to=None, holder_id=BEN)
    assert _change([]) == Change(moved_to=None, holder_id=None)


def test_the_other_role_is_another_shift() -> None:
    second = _tour(ADA, MONDAY, role="lieutenant")
    assert _change([second]) == Change(moved_to=None, holder_id=None)


@pytest.mark.parametrize("hours", [-12, 1, 72])
def test_a_shift_that_begins_near_by_was_moved(hours: int) -> None:
    tour = _tour(ADA, MONDAY + hours * HOUR)
    found = _change([tour])
    assert found is not None
    assert found.moved_to == tour


def test_of_two_shifts_the_nearer_one_is_the_one_that_moved() -> None:
    near, far = _tour(ADA, MONDAY + HOUR, MONDAY + 2 * HOUR), _tour(ADA, MONDAY + DAY)
    found = _change([far, near])
    assert found is not None
    assert found.moved_to == near


def test_a_shift_after_a_longer_rest_is_another_one() -> None:
    assert _change([_tour(ADA, MONDAY + 73 * HOUR)]) == Change(moved_to=None, holder_id=None)


def test_a_shift_that_was_announced_itself_is_another_one() -> None:
    later = _tour(ADA, MONDAY + DAY)
    found = change_of(_told(), [_told(), _told(MONDAY + DAY)], [later], NOW)
    assert found == Change(moved_to=None, holder_id=None)


def test_a_shift_that_became_part_of_a_running_one_has_not_changed() -> None:
    assert _change([_tour(ADA, NOW - HOUR)]) is None


def test_nothing_is_said_of_a_shift_long_ago() -> None:
    assert _change([], now=MONDAY + LATE) is None


def test_a_change_is_told_after_a_grace_and_at_the_begin_at_the_latest() -> None:
    key = _told(kind=NoticeKind.CHANGED)
    assert wanted([_told()], [], NOW) == {key: NOW + GRACE}
    assert wanted([_told()], [], MONDAY - GRACE / 2) == {key: MONDAY}
    assert wanted([_told()], [], MONDAY + HOUR) == {key: MONDAY + HOUR}
    assert wanted([_told()], [_tour(ADA, MONDAY)], NOW) == {}
