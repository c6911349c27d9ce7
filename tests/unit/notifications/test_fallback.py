from hypothesis import given
from hypothesis import strategies as st

from evenfall.notifications.logic.fallback import PREFERENCE, Way, another_way

PUSH = Way(contact_method_id=1, kind="webpush")
MAIL = Way(contact_method_id=2, kind="email")
OTHER = Way(contact_method_id=3, kind="pigeon")
ways = st.lists(
    st.builds(
        Way,
        contact_method_id=st.integers(1, 20),
        kind=st.sampled_from([*PREFERENCE, "pigeon"]),
    )
)


def test_the_quickest_channel_comes_first() -> None:
    assert another_way([OTHER, MAIL, PUSH], tried=set()) == PUSH


def test_what_was_tried_is_not_tried_again() -> None:
    assert another_way([MAIL, PUSH], tried={1}) == MAIL
    assert another_way([MAIL, PUSH], tried={1, 2}) is None


def test_a_kind_without_preference_is_better_than_silence() -> None:
    assert another_way([OTHER], tried={1, 2}) == OTHER


@given(ways, st.sets(st.integers(1, 20)))
def test_there_is_another_way_exactly_when_one_is_untried(
    known: list[Way], tried: set[int]
) -> None:
    found = another_way(known, tried=tried)
    assert (found is None) == all(way.contact_method_id in tried for way in known)
    assert found is None or found in known
