from datetime import UTC, date, datetime

import pytest

from evenfall.oncall import forms
from evenfall.oncall.logic.calendar import View

TODAY = date(2027, 3, 10)


def test_without_a_wish_it_is_this_month_in_ones_own_zone() -> None:
    asked = forms.asked({}, today=TODAY)
    assert (asked.view, asked.on, asked.zone) == (View.MONTH, TODAY, "mine")
    assert asked.query() == "?view=month&on=2027-03-10&zone=mine"


def test_wishes_are_kept_in_the_addresses_of_neighbours() -> None:
    wanted = {"view": "week", "on": "2027-05-01", "zone": "utc", "rota": "7"}
    asked = forms.asked(wanted, today=TODAY)
    assert asked.query(on=date(2027, 5, 8)) == "?view=week&on=2027-05-08&zone=utc&rota=7"


def test_only_one_of_person_rota_and_team_counts() -> None:
    asked = forms.asked({"person": "1", "rota": "2", "team": "3", "all": "1"}, today=TODAY)
    assert (asked.person_id, asked.rota_id, asked.team_id) == (1, None, None)
    assert not asked.everything
    assert forms.asked({"all": "1"}, today=TODAY).everything


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "٣", "9" * 19, "one"])
def test_nonsense_is_no_number(text: str) -> None:
    assert forms.number_in({"rota": text}, "rota") is None


@pytest.mark.parametrize("text", ["", "soon", "2027-03-10T09:00", "0001-01-01T00:00:00Z"])
def test_nonsense_is_no_instant(text: str) -> None:
    assert forms.instant_in({"at": text}, "at") is None


def test_form_is_prefilled_with_what_is_understood() -> None:
    query = {"starts": "2027-03-10T08:00:00Z", "ends": "x", "person": "3", "role": "king"}
    assert forms.prefilled(query) == {
        "starts_at": datetime(2027, 3, 10, 8, 0, tzinfo=UTC),
        "person": 3,
    }
