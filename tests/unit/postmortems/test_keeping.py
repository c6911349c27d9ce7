"""The report of actions: by owner, class and age."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.factories.identity import NOW

from evenfall.postmortems.logic import keeping
from evenfall.postmortems.logic.action_life import SETTLED, ActionClass, ActionState
from evenfall.postmortems.logic.keeping import Promise

DAY = timedelta(days=1)


def promise(**about: Any) -> Promise:
    return Promise(
        **{
            "owner": "Ana",
            "level": ActionClass.P2,
            "state": ActionState.ACCEPTED,
            "created_at": NOW - 10 * DAY,
            "due_at": NOW + DAY,
            "done_at": None,
            **about,
        }
    )


def test_each_owner_has_a_line_and_what_is_late_stands_first() -> None:
    late = promise(owner="Ben", due_at=NOW - DAY)
    kept = promise(state=ActionState.VERIFIED, done_at=NOW, recurrences=1)
    broken = promise(state=ActionState.DONE, done_at=NOW, due_at=NOW - DAY)
    ben, ana = keeping.by_owner([kept, broken, promise(), late], NOW)
    assert (ben.label, ben.open, ben.overdue, ben.in_time) == ("Ben", 1, 1, None)
    assert (ana.label, ana.open, ana.finished, ana.in_time) == ("Ana", 1, 2, 0.5)
    assert (ana.unverified, ana.recurred) == (1, 1)


def test_ages_count_what_is_open_only() -> None:
    rows = [
        promise(created_at=NOW - 90 * DAY),
        promise(created_at=NOW - 15 * DAY),
        promise(created_at=NOW - 90 * DAY, state=ActionState.REJECTED),
    ]
    assert [(one.label, one.open) for one in keeping.by_age(rows, NOW)] == [
        ("2 to 4 weeks", 1),
        ("more than 8 weeks", 1),
    ]
    assert [one.label for one in keeping.by_class(rows, NOW)] == ["P2"]


@given(st.lists(st.sampled_from(ActionState), max_size=20))
def test_no_action_is_lost_between_the_lines(states: list[ActionState]) -> None:
    rows = [promise(owner=state.value, state=state) for state in states]
    lines = keeping.by_owner(rows, NOW)
    settled = sum(state in SETTLED for state in states)
    assert sum(one.open + one.unverified for one in lines) == len(states) - settled
