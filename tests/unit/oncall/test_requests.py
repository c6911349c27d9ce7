from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.oncall_specs import at

from evenfall.oncall.logic import requests
from evenfall.oncall.logic.held import HeldShift
from evenfall.oncall.logic.requests import Candidate, RequestState, Step
from evenfall.oncall.logic.spec import Role

NOW = at("2027-01-04 12:00")
SHIFT = HeldShift(1, Role.PRIMARY, "Turn", at("2027-01-04 08:00"), at("2027-01-11 08:00"))
ENDS = set(RequestState) - {RequestState.OPEN, RequestState.OFFERED, RequestState.ACCEPTED}


@pytest.mark.parametrize(
    ("state", "step", "then"),
    [
        ("open", "offer", "offered"),
        ("offered", "offer", "offered"),
        ("offered", "accept", "accepted"),
        ("offered", "all_declined", "declined"),
        ("open", "withdraw", "withdrawn"),
        ("offered", "withdraw", "withdrawn"),
        ("offered", "expire", "expired"),
        ("offered", "overtake", "overtaken"),
        ("accepted", "overtake", "overtaken"),
        ("accepted", "undo", "undone"),
        ("accepted", "withdraw", None),
        ("accepted", "accept", None),
        ("open", "all_declined", None),
        ("withdrawn", "accept", None),
    ],
)
def test_steps_lead_where_the_table_says(state: str, step: str, then: str | None) -> None:
    assert requests.after(RequestState(state), Step(step)) == then


@given(st.sampled_from(sorted(ENDS)), st.sampled_from(Step))
def test_nothing_leads_out_of_an_end(state: RequestState, step: Step) -> None:
    assert requests.after(state, step) is None


@given(st.lists(st.sampled_from(Step), max_size=12))
def test_whatever_happens_a_yes_is_given_at_most_once(steps: list[Step]) -> None:
    state, yeses = RequestState.OPEN, 0
    for step in steps:
        found = requests.after(state, step)
        yeses += found is RequestState.ACCEPTED
        state = found or state
    assert yeses <= 1


def test_the_line_is_the_order_without_those_who_are_not_free() -> None:
    people = [
        Candidate(user_id=1),
        Candidate(user_id=2, is_absent=True),
        Candidate(user_id=3, on_call_in=("Cards",)),
        Candidate(user_id=4, is_lieutenant=True),
        Candidate(user_id=5),
    ]
    assert requests.line(people, [5, 4, 3, 2, 1, 9]) == [5, 1]


@pytest.mark.parametrize(
    ("hours_left", "left", "hours_to_think"),
    [
        (100, 3, 4),  # long before the shift: four hours each
        (8, 3, 2),  # four people share what is left
        (0.5, 9, 0.25),  # never less than a quarter of an hour
        (0.1, 0, 0.1),  # and never past the start
    ],
)
def test_time_to_think_gets_shorter_near_the_shift(
    hours_left: float, left: int, hours_to_think: float
) -> None:
    expires_at = NOW + timedelta(hours=hours_left)
    due_at = requests.wait(NOW, expires_at, left=left)
    assert due_at == NOW + timedelta(hours=hours_to_think)


def test_a_request_expires_at_the_start_or_for_a_running_shift_at_the_end() -> None:
    early = SHIFT.starts_at - timedelta(days=1)
    stretch = (SHIFT.starts_at, SHIFT.ends_at)
    assert requests.expiry(*stretch, asked_at=early) == SHIFT.starts_at
    assert requests.expiry(*stretch, asked_at=NOW) == SHIFT.ends_at


def test_open_edges_go_with_the_shift_and_named_ones_stay_on_the_clock() -> None:
    noon, night = at("2027-01-05 12:00"), at("2027-01-05 22:00")
    assert requests.wanted(SHIFT, None, None) == (SHIFT.starts_at, SHIFT.ends_at)
    assert requests.wanted(SHIFT, noon, None) == (noon, SHIFT.ends_at)
    assert requests.wanted(SHIFT, noon, night) == (noon, night)
    assert requests.wanted(SHIFT, None, at("2028-01-01 00:00")) == (SHIFT.starts_at, SHIFT.ends_at)
    assert requests.wanted(SHIFT, at("2027-02-01 00:00"), None) is None
