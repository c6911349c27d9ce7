from datetime import date, timedelta

import pytest
from tests.factories.oncall_specs import at, layer_spec, rota_spec

from evenfall.oncall.logic import eligibility
from evenfall.oncall.logic.spec import MemberSlot

STARTS, ENDS = at("2027-01-04"), at("2027-02-01")
DAY = timedelta(days=1)


def test_members_count_from_joining_until_leaving_in_the_zone_of_the_layer() -> None:
    members = (
        MemberSlot(user_id=1),
        MemberSlot(user_id=2, joins_on=date(2027, 1, 11)),
        MemberSlot(user_id=3, leaves_on=date(2027, 1, 11)),
        MemberSlot(user_id=4, joins_on=date(2027, 3, 1)),
        MemberSlot(user_id=None),
    )
    spec = rota_spec(layer_spec(members=members))
    found = eligibility.memberships([spec], STARTS, ENDS)
    midnight = at("2027-01-10T23:00")
    assert found == {1: [(STARTS, ENDS)], 2: [(midnight, ENDS)], 3: [(STARTS, midnight)]}


def test_two_places_at_once_are_one_stretch() -> None:
    both = rota_spec(layer_spec(1, 1), layer_spec(1))
    assert eligibility.memberships([both, both], STARTS, ENDS) == {1: [(STARTS, ENDS)]}


@pytest.mark.parametrize(
    ("away", "left"),
    [
        ([], [(0, 10)]),
        ([(2, 4)], [(0, 2), (4, 10)]),
        ([(-2, 4)], [(4, 10)]),
        ([(8, 14)], [(0, 8)]),
        ([(-2, 14)], []),
        ([(12, 14)], [(0, 10)]),
        ([(0, 2), (2, 5)], [(5, 10)]),
    ],
)
def test_time_away_is_cut_out(away: list[tuple[int, int]], left: list[tuple[int, int]]) -> None:
    def stretches(days: list[tuple[int, int]]) -> list[eligibility.Stretch]:
        return [(STARTS + low * DAY, STARTS + high * DAY) for low, high in days]

    assert eligibility.without(stretches([(0, 10)]), stretches(away)) == stretches(left)


def test_share_is_the_part_of_the_window_times_the_part_of_full_time() -> None:
    member = [(STARTS, STARTS + 10 * DAY)]
    away = [(STARTS, STARTS + 3 * DAY), (STARTS + 2 * DAY, STARTS + 5 * DAY)]
    assert eligibility.share(member, away, 80, 20 * DAY) == pytest.approx(0.2)
