from tests.factories.oncall_specs import BERLIN, at

from evenfall.oncall.logic import absence_picture
from evenfall.oncall.logic.absence_picture import Stretch
from evenfall.oncall.logic.away import end_of_tomorrow

NOW = at("2027-01-06 12:00")


def _stretch(starts: str, ends: str, user_id: int = 1) -> Stretch:
    return Stretch(user_id=user_id, words="Away", starts_at=at(starts), ends_at=at(ends))


def test_six_weeks_are_drawn_from_this_monday_on_one_row_for_each_person() -> None:
    picture = absence_picture.draw([], {1: "Ada", 2: "Bo"}, zone=BERLIN, now=NOW)
    assert [week.label for week in picture.weeks][:2] == ["4 Jan", "11 Jan"]
    assert [row.name for row in picture.rows] == ["Ada", "Bo"]
    assert picture.weeks[3].left == 50
    assert 5 < picture.now < 7


def test_bars_are_cut_to_the_picture_and_long_ones_carry_words() -> None:
    stretches = [
        _stretch("2026-12-01 00:00", "2027-01-17 23:00"),
        _stretch("2027-02-01 00:00", "2027-02-02 00:00"),
        _stretch("2027-03-01 00:00", "2027-03-02 00:00"),
        _stretch("2027-01-06 00:00", "2027-01-07 00:00", user_id=2),
    ]
    picture = absence_picture.draw(stretches, {1: "Ada"}, zone=BERLIN, now=NOW)
    long, short = picture.rows[0].bars
    assert (long.left, round(long.width), long.label) == (0, 33, "Away")
    assert short.label == ""


def test_ill_lasts_until_the_end_of_tomorrow_in_the_own_zone() -> None:
    assert end_of_tomorrow(at("2027-01-06 22:30"), BERLIN) == at("2027-01-07 23:00")
    assert end_of_tomorrow(at("2027-01-06 23:30"), BERLIN) == at("2027-01-08 23:00")
    assert end_of_tomorrow(at("2027-03-27 12:00"), BERLIN) == at("2027-03-28 22:00")
