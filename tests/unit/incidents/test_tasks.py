"""What makes a task late, and the order of tasks."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.logic.tasks import TaskState, is_overdue, moved

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_task_is_late_when_its_time_has_passed() -> None:
    assert is_overdue(TaskState.OPEN, NOW - timedelta(seconds=1), now=NOW)
    assert not is_overdue(TaskState.OPEN, NOW, now=NOW)
    assert not is_overdue(TaskState.OPEN, None, now=NOW)


def test_what_is_done_or_dropped_is_never_late() -> None:
    for state in (TaskState.DONE, TaskState.DROPPED):
        assert not is_overdue(state, NOW - timedelta(days=1), now=NOW)


@given(st.lists(st.integers(1, 9), unique=True, max_size=9), st.integers(1, 9), st.integers(-5, 15))
def test_moving_keeps_every_task_and_the_order_of_the_others(
    order: list[int], task_id: int, to: int
) -> None:
    after = moved(order, task_id, to=to)
    assert sorted(after) == sorted(order)
    assert [one for one in after if one != task_id] == [one for one in order if one != task_id]
    if task_id in order:
        assert after.index(task_id) == min(max(to, 0), len(order) - 1)
