from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.oncall_specs import at

from evenfall.oncall.logic import planner, planner_board
from evenfall.oncall.logic.planner import propose
from evenfall.oncall.logic.turns import REST, Candidate, Rule, Shift

MONDAY = at("2027-01-04T09:00")
WEEK = timedelta(weeks=1)
ALWAYS = ((MONDAY - 99 * WEEK, MONDAY + 99 * WEEK),)
POINTS = 400.0


def _week(number: int, user_id: int | None, *, settled: bool = False, lane: int = 0) -> Shift:
    piece = (MONDAY + number * WEEK, MONDAY + (number + 1) * WEEK)
    return Shift(lane=lane, place=number, pieces=(piece,), user_id=user_id, is_settled=settled)


def _weeks(*people: int | None) -> list[Shift]:
    return [_week(number, person) for number, person in enumerate(people)]


def _person(user_id: int, shifts: int, **rest: object) -> Candidate:
    given_ = {"level": 0.0, "part": 1.0, "member": ALWAYS, "points": (POINTS,) * shifts}
    return Candidate(user_id=user_id, **{**given_, **rest})  # type: ignore[arg-type] # passed on


def _people(count: int, shifts: int) -> list[Candidate]:
    return [_person(number, shifts) for number in range(1, count + 1)]


def _line(found: planner.Proposal) -> list[int | None]:
    return [one.user_id for one in found.assignments]


def test_a_fair_plan_is_left_alone() -> None:
    found = propose(_weeks(1, 2, 3, 1, 2, 3), _people(3, 6))
    assert found.changes == ()
    assert {one.why for one in found.assignments} == {planner.KEPT}
    assert found.present == found.proposed == {1: 800, 2: 800, 3: 800}


def test_whoever_carried_much_gets_less() -> None:
    people = [_person(1, 4, level=2000.0), _person(2, 4), _person(3, 4)]
    found = propose(_weeks(1, 2, 3, 1), people)
    assert 1 not in _line(found)
    assert found.assignments[0].why == ("Evens out the load: 0 points until then, the mean is 667.")
    assert max(found.proposed.values()) == 2000


def test_a_lieutenant_is_neither_on_call_nor_just_was() -> None:
    """Before an own duty somebody may be lieutenant; beside it and right after it not."""
    duty = (MONDAY + WEEK, MONDAY + 2 * WEEK)
    people = [_person(1, 3, primary=(duty,)), _person(2, 3), _person(3, 3)]
    shifts = [_week(0, 1), _week(1, 1), _week(2, 1)]
    board = planner_board.Board(shifts, people)
    assert [board.barred(number, 1) for number in range(3)] == [None, Rule.PRIMARY, Rule.REST]
    found = propose(shifts, people, evens=planner.SECONDS)
    assert found.assignments[1].why.startswith("Whoever has it now is on call then. Evens out the")
    assert "hours as lieutenant until then" in found.assignments[1].why


def test_half_of_full_time_takes_half_of_the_shifts() -> None:
    people = [_person(1, 10, part=0.5), _person(2, 10), _person(3, 10)]
    line = _line(propose(_weeks(*[None] * 10), people))
    assert sorted(map(line.count, (1, 2, 3))) == [2, 4, 4]
    assert line.count(1) == 2


def test_nobody_on_leave_is_proposed_and_the_reason_is_told() -> None:
    away = ((MONDAY + timedelta(days=2), MONDAY + timedelta(days=3)),)
    people = [_person(1, 3, away=away), _person(2, 3), _person(3, 3)]
    found = propose(_weeks(1, 2, 3), people)
    assert found.assignments[0].user_id != 1
    assert "is away then" in found.assignments[0].why


def test_settled_shifts_stay_and_count() -> None:
    shifts = [_week(0, 1, settled=True), _week(1, 1), _week(2, 2), _week(3, 3)]
    found = propose(shifts, _people(3, 4))
    assert found.assignments[0].user_id == 1
    assert found.assignments[0].why == planner.SETTLED
    assert found.assignments[1].user_id != 1, "two shifts one after the other"


def test_a_gap_is_filled() -> None:
    found = propose(_weeks(1, None, 2), _people(3, 3))
    assert _line(found) == [1, 3, 2]


def test_a_shift_that_nobody_may_take_names_every_rule() -> None:
    busy = ((MONDAY + WEEK, MONDAY + 2 * WEEK),)
    near = ((MONDAY + 2 * WEEK + timedelta(hours=3), MONDAY + 3 * WEEK),)
    people = [
        _person(1, 2, away=busy),
        _person(2, 2, busy=busy),
        _person(3, 2, busy=near),
        _person(4, 2, member=((MONDAY, MONDAY + WEEK),)),
        _person(5, 2, member=((MONDAY, MONDAY + WEEK),)),
    ]
    shifts = [_week(0, 1, settled=True), _week(1, 1)]
    found = propose(shifts, people)
    blocked = dict(found.assignments[1].blocked)
    assert blocked == {
        1: Rule.AWAY,
        2: Rule.ELSEWHERE,
        3: Rule.REST,
        4: Rule.MEMBER,
        5: Rule.MEMBER,
    }
    assert found.assignments[1].user_id == 1, "it stays with whoever has it now"
    assert found.assignments[1].why == planner.NOBODY


def test_one_person_alone_cannot_have_two_weeks_running() -> None:
    found = propose(_weeks(None, None), _people(1, 2))
    assert dict(found.assignments[1].blocked) == {1: Rule.CONSECUTIVE}


def test_layers_beside_each_other_have_different_people() -> None:
    shifts = [_week(0, 1), _week(0, 1, lane=1)]
    found = propose(shifts, _people(2, 2))
    assert sorted(filter(None, _line(found))) == [1, 2]


def test_dead_ends_are_left_again() -> None:
    """Dealing to the lowest level first would leave the last week without anybody."""
    last = ((MONDAY + 2 * WEEK, MONDAY + 3 * WEEK),)
    people = [_person(1, 3, level=50.0), _person(2, 3, away=last)]
    assert _line(propose(_weeks(None, None, None), people)) == [1, 2, 1]


def test_a_search_without_end_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner_board, "MOST_STEPS", 2)
    monkeypatch.setattr(planner_board, "MOST_PASSES", 0)
    assert None not in _line(propose(_weeks(*[None] * 6), _people(3, 6)))


def test_without_people_or_shifts_there_is_nothing_to_propose() -> None:
    assert propose([], _people(2, 0)).assignments == ()
    nobody = propose(_weeks(None), [])
    assert nobody.assignments[0].blocked == ()
    assert nobody.changes == ()


@st.composite
def _inputs(draw: st.DrawFn) -> tuple[list[Shift], list[Candidate]]:
    count, heads = draw(st.integers(1, 8)), draw(st.integers(1, 5))
    holder = st.none() | st.integers(1, heads)
    shifts = [_week(n, draw(holder), settled=draw(st.integers(0, 5)) == 0) for n in range(count)]
    week = st.integers(0, count - 1).map(lambda n: (MONDAY + n * WEEK, MONDAY + (n + 1) * WEEK))
    people = [
        _person(
            number,
            count,
            level=draw(st.floats(0, 4000)),
            part=draw(st.sampled_from([0.5, 0.8, 1.0])),
            away=tuple(draw(st.lists(week, max_size=2))),
        )
        for number in range(1, heads + 1)
    ]
    return shifts, people


def _squares(people: Sequence[Candidate], levels: dict[int, float]) -> float:
    return sum(one.part * levels[one.user_id] ** 2 for one in people)


@given(_inputs())
def test_no_proposal_breaks_a_rule_and_settled_shifts_stay(
    drawn: tuple[list[Shift], list[Candidate]],
) -> None:
    shifts, people = drawn
    found = propose(shifts, people)
    by_id = {one.user_id: one for one in people}
    for one, following in zip(found.assignments, found.assignments[1:], strict=False):
        if one.is_change and following.user_id is not None and not following.blocked:
            assert one.user_id != following.user_id
    for one in found.changes:
        assert not one.shift.is_settled
        for low, high in by_id[one.user_id or 0].away:
            assert one.shift.ends_at <= low or high <= one.shift.starts_at


@given(_inputs())
def test_the_same_input_gives_the_same_proposal_in_any_order(
    drawn: tuple[list[Shift], list[Candidate]],
) -> None:
    shifts, people = drawn
    assert propose(shifts, people) == propose(shifts, people)
    assert _line(propose(shifts, people)) == _line(propose(shifts, people[::-1]))


@given(_inputs())
def test_a_legal_plan_is_never_made_less_even(
    drawn: tuple[list[Shift], list[Candidate]],
) -> None:
    shifts, people = drawn
    board = planner_board.Board(shifts, people)
    if board.legal(board.present) == board.present and None not in board.present:
        found = propose(shifts, people)
        assert _squares(people, dict(found.proposed)) <= _squares(people, dict(found.present)) + 1


def test_rest_is_that_of_the_directive() -> None:
    assert timedelta(hours=11) == REST
