"""What raises a pattern by itself."""

from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from tests.factories.identity import NOW

from evenfall.catalog.ports import Environment
from evenfall.patterns.logic.signs import OFTEN, WITHIN, Raised, Seen, Sign, signs

DAY = timedelta(days=1)
DEV, UAT, PROD = Environment.DEV, Environment.UAT, Environment.PROD


def at(
    days: float,
    *,
    number: int | None = None,
    where: Environment = PROD,
    mended: float | None = None,
) -> Seen:
    return Seen(
        incident_id=int(days) if number is None else number,
        environment=where,
        opened_at=NOW + days * DAY,
        mended_at=None if mended is None else NOW + mended * DAY,
    )


def shown(found: list[Raised]) -> dict[Sign, int]:
    return {one.sign: one.incident_id for one in found}


def test_three_in_ninety_days_are_often() -> None:
    assert shown(signs([at(1), at(40), at(91)])) == {Sign.OFTEN: 91}
    assert shown(signs([at(1), at(40), at(91.1)])) == {}
    assert shown(signs([at(1), at(2), at(3), at(300)])) == {Sign.OFTEN: 3}


def test_a_fix_that_was_verified_and_did_not_hold() -> None:
    assert shown(signs([at(1, mended=5), at(6)])) == {Sign.NOT_MENDED: 6}
    assert shown(signs([at(1, mended=7), at(6)])) == {}
    (raised,) = signs([at(1, mended=5), at(6)])
    assert raised.text == "#6 came after the fix of #1 was verified"


def test_a_pattern_that_was_said_to_be_mended() -> None:
    mended: datetime = NOW + 3 * DAY
    assert shown(signs([at(1), at(4)], mended_at=mended)) == {Sign.NOT_MENDED: 4}
    assert shown(signs([at(1), at(2)], mended_at=mended)) == {}


def test_what_was_seen_in_a_test_environment_comes_to_production() -> None:
    assert shown(signs([at(1, where=DEV), at(2)])) == {Sign.ESCAPED: 2}
    (raised,) = signs([at(1, where=UAT), at(2)])
    assert raised.text == "#1 in UAT came to production as #2"
    assert shown(signs([at(1), at(2, where=DEV)])) == {}
    assert shown(signs([at(1, where=DEV), at(2, where=UAT)])) == {}


SEEN = st.builds(
    at,
    st.integers(0, 400),
    number=st.integers(1, 10**6),
    where=st.sampled_from(Environment),
    mended=st.none() | st.integers(0, 400),
)


@given(st.lists(SEEN, max_size=8, unique_by=lambda one: one.incident_id), st.randoms())
def test_the_order_in_which_incidents_are_read_changes_nothing(
    group: list[Seen], chance: Random
) -> None:
    mixed = list(group)
    chance.shuffle(mixed)
    assert signs(mixed) == signs(group)


@given(st.lists(SEEN, max_size=8, unique_by=lambda one: one.incident_id))
def test_often_means_three_within_ninety_days_before_one_of_them(group: list[Seen]) -> None:
    near = [
        sum(timedelta(0) <= late.opened_at - one.opened_at <= WITHIN for one in group)
        for late in group
    ]
    assert (Sign.OFTEN in shown(signs(group))) == any(count >= OFTEN for count in near)


@given(SEEN)
def test_one_incident_shows_nothing(one: Seen) -> None:
    assert signs([one]) == []
