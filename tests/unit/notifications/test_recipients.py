import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.notifications.logic.recipients import Known, chosen, is_too_loud
from evenfall.notifications.logic.retrying import Urgency

PHONE = Known(contact_method_id=1, is_primary=True)
LAPTOP = Known(contact_method_id=2, is_primary=False)


def test_high_urgency_goes_everywhere() -> None:
    assert chosen([PHONE, LAPTOP], urgency=Urgency.HIGH) == (1, 2)


def test_low_urgency_goes_to_the_primary_one() -> None:
    assert chosen([PHONE, LAPTOP], urgency=Urgency.LOW) == (1,)


def test_low_urgency_without_a_primary_one_goes_everywhere() -> None:
    assert chosen([LAPTOP], urgency=Urgency.LOW) == (2,)


@given(
    st.lists(st.builds(Known, contact_method_id=st.integers(1, 9), is_primary=st.booleans())),
    st.sampled_from(Urgency),
)
def test_somebody_reachable_is_always_reached(known: list[Known], urgency: Urgency) -> None:
    assert bool(chosen(known, urgency=urgency)) == bool(known)


@pytest.mark.parametrize(
    ("kind", "purpose", "urgency", "is_loud"),
    [
        ("voice", "shift", Urgency.LOW, True),
        ("voice", "shift", Urgency.HIGH, False),
        ("voice", "page", Urgency.LOW, False),
        ("voice", "verify", Urgency.LOW, False),
        ("email", "shift", Urgency.LOW, False),
    ],
)
def test_no_telephone_rings_for_what_can_wait(
    kind: str, purpose: str, urgency: Urgency, *, is_loud: bool
) -> None:
    assert is_too_loud(kind, purpose=purpose, urgency=urgency) is is_loud
