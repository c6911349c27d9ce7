import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.notifications.logic.states import (
    FINAL,
    TRANSITIONS,
    Happening,
    NoticeState,
    next_state,
    sources,
)

GOOD_PATH = [
    (Happening.CLAIM, NoticeState.CLAIMED),
    (Happening.HAND_OVER, NoticeState.SENT),
    (Happening.ACCEPT, NoticeState.ACCEPTED),
    (Happening.DELIVER, NoticeState.DELIVERED),
]


def test_a_notice_that_goes_well_takes_four_steps() -> None:
    state = NoticeState.PLANNED
    for happening, expected in GOOD_PATH:
        state = next_state(state, happening) or pytest.fail(f"{happening} refused in {state}")
        assert state is expected


@pytest.mark.parametrize("state", sorted(FINAL))
@pytest.mark.parametrize("happening", list(Happening))
def test_nothing_leads_out_of_a_final_state(state: NoticeState, happening: Happening) -> None:
    assert next_state(state, happening) is None


def test_only_notices_that_are_not_handed_over_can_be_cancelled() -> None:
    assert sources(Happening.CANCEL) == {NoticeState.PLANNED, NoticeState.CLAIMED}


def test_a_crash_before_the_hand_over_plans_and_after_it_is_unknown() -> None:
    before = next_state(NoticeState.CLAIMED, Happening.LEASE_LOST_BEFORE_HAND_OVER)
    after = next_state(NoticeState.SENT, Happening.LEASE_LOST_AFTER_HAND_OVER)
    assert (before, after) == (NoticeState.PLANNED, NoticeState.UNKNOWN)


def test_a_late_answer_stops_the_second_copy() -> None:
    waiting = {NoticeState.PLANNED, NoticeState.CLAIMED, NoticeState.UNKNOWN}
    assert waiting < sources(Happening.ACCEPT)
    assert waiting < sources(Happening.DELIVER)


def test_every_state_but_the_first_can_be_reached() -> None:
    assert set(TRANSITIONS.values()) | {NoticeState.PLANNED} == set(NoticeState)


@given(st.lists(st.sampled_from(Happening)))
def test_a_provider_is_never_asked_without_a_written_hand_over(events: list[Happening]) -> None:
    """Whatever happens in whatever order, `sent` is only entered from `claimed`."""
    state = NoticeState.PLANNED
    for happening in events:
        after = next_state(state, happening)
        if after is NoticeState.SENT:
            assert state is NoticeState.CLAIMED
        state = after or state


@given(st.sampled_from(Happening), st.sampled_from(NoticeState))
def test_sources_agree_with_the_table(happening: Happening, state: NoticeState) -> None:
    assert (state in sources(happening)) == (next_state(state, happening) is not None)
