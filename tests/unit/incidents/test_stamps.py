"""The order of times, and which of them people may correct."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.logic.stamps import FREE, ORDER, Stamp, misplaced, refusal

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TIMES = st.none() | st.integers(-600, 600).map(lambda minutes: NOON + timedelta(minutes=minutes))
STAMPS = st.fixed_dictionaries(dict.fromkeys(Stamp, TIMES))
LATER = NOON + timedelta(days=1)


def known(**minutes: int) -> dict[Stamp, datetime | None]:
    return {
        stamp: NOON + timedelta(minutes=minutes[stamp.value]) if stamp.value in minutes else None
        for stamp in Stamp
    }


@given(STAMPS, st.lists(st.tuples(st.sampled_from(Stamp), TIMES), max_size=20))
def test_no_corrections_bring_times_out_of_order(
    stamps: dict[Stamp, datetime | None], wishes: list[tuple[Stamp, datetime | None]]
) -> None:
    if misplaced(stamps) is not None:
        return
    for stamp, at in wishes:
        if not refusal(stamps, stamp, at, now=LATER):
            stamps = {**stamps, stamp: at}
        assert misplaced(stamps) is None


@given(STAMPS)
def test_a_pair_is_misplaced_only_when_both_are_known_and_turned_round(
    stamps: dict[Stamp, datetime | None],
) -> None:
    turned = [
        pair
        for pair in ORDER
        if (one := stamps[pair[0]]) and (other := stamps[pair[1]]) and one > other
    ]
    assert misplaced(stamps) == next(iter(turned), None)


def test_what_comes_with_a_step_is_neither_invented_nor_taken_back() -> None:
    for stamp in set(Stamp) - FREE:
        assert "not happened" in refusal(known(), stamp, NOON, now=LATER)
        stamps = known(**{stamp.value: 0})
        assert "it happened" in refusal(stamps, stamp, None, now=LATER)
        assert refusal(stamps, stamp, NOON - timedelta(minutes=1), now=LATER) == ""


def test_what_only_people_know_may_be_said_and_taken_back() -> None:
    stamps = known(declared=0, resolved=60)
    for stamp, minutes in ((Stamp.IMPACT_STARTED, -30), (Stamp.DETECTED, -5), (Stamp.MITIGATED, 9)):
        assert refusal(stamps, stamp, NOON + timedelta(minutes=minutes), now=LATER) == ""
        assert refusal(stamps, stamp, None, now=LATER) == ""


def test_a_refusal_names_the_two_that_would_stand_wrong() -> None:
    stamps = known(detected=-5, declared=0, resolved=60)
    late = refusal(stamps, Stamp.IMPACT_STARTED, NOON, now=LATER)
    assert late == "“Harm began” would come after “Noticed”"
    assert "in the future" in refusal(stamps, Stamp.DETECTED, LATER, now=NOON)
