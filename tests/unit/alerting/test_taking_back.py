"""Taking back what somebody did to many alerts at once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.alerting.logic.states import AlertState, Move
from evenfall.alerting.logic.taking_back import Left, Standing, before, said, why_left

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BY = "user:1"
KNOWN = Standing(
    state=AlertState.ACKNOWLEDGED,
    acknowledged_at=AT,
    acknowledged_by=BY,
    resolved_at=None,
    resolved_by="",
)
OVER = replace(
    KNOWN,
    state=AlertState.RESOLVED,
    acknowledged_at=None,
    acknowledged_by="",
    resolved_at=AT,
    resolved_by=BY,
)


@pytest.mark.parametrize(
    ("act", "alert", "left"),
    [
        (Move.ACKNOWLEDGE, KNOWN, None),
        (Move.ACKNOWLEDGE, replace(KNOWN, state=AlertState.RESOLVED), Left.OVER),
        (Move.ACKNOWLEDGE, replace(KNOWN, acknowledged_by="user:2"), Left.CHANGED),
        (Move.ACKNOWLEDGE, replace(KNOWN, state=AlertState.OPEN), Left.CHANGED),
        (Move.RESOLVE, OVER, None),
        (Move.RESOLVE, replace(OVER, is_again=True), Left.AGAIN),
        (Move.RESOLVE, replace(OVER, resolved_by="system"), Left.CHANGED),
        (Move.RESOLVE, KNOWN, Left.CHANGED),
    ],
)
def test_only_what_nobody_changed_since(act: Move, alert: Standing, left: Left | None) -> None:
    assert why_left(act, alert, at=AT, by=BY, may=True) is left
    assert why_left(act, alert, at=AT, by=BY, may=False) is Left.NOT_YOURS


def test_what_was_known_before_it_ended_is_known_again() -> None:
    assert before(Move.RESOLVE, OVER) is AlertState.OPEN
    assert before(Move.RESOLVE, replace(OVER, acknowledged_at=AT)) is AlertState.ACKNOWLEDGED
    assert before(Move.ACKNOWLEDGE, KNOWN) is AlertState.OPEN


def test_it_says_how_many_stay_and_why() -> None:
    assert said([]) == ""
    assert said([(Left.AGAIN, 2), (Left.OVER, 1)]) == (
        " Left as they are: 2 are back as a new alert already, 1 is over by now."
    )


@given(
    act=st.sampled_from(Move),
    alert=st.builds(
        Standing,
        state=st.sampled_from(AlertState),
        acknowledged_at=st.sampled_from([None, AT, AT + timedelta(minutes=1)]),
        acknowledged_by=st.sampled_from(["", BY, "user:2"]),
        resolved_at=st.sampled_from([None, AT, AT + timedelta(minutes=1)]),
        resolved_by=st.sampled_from(["", BY, "system"]),
        is_again=st.booleans(),
    ),
)
def test_what_is_taken_back_stands_as_that_act_left_it(act: Move, alert: Standing) -> None:
    if why_left(act, alert, at=AT, by=BY, may=True) is None:
        if act is Move.RESOLVE:
            assert (alert.resolved_at, alert.resolved_by, alert.is_again) == (AT, BY, False)
        else:
            assert (alert.acknowledged_at, alert.acknowledged_by) == (AT, BY)
