from datetime import date

import pytest

from evenfall.platform import public_holidays

EPIPHANY = date(2027, 1, 6)


def test_regions_have_holidays_of_their_own() -> None:
    assert public_holidays.is_holiday("DE", "BY")(EPIPHANY)
    assert not public_holidays.is_holiday("DE", "BE")(EPIPHANY)
    assert public_holidays.is_holiday("DE")(date(2027, 10, 3))


def test_somebody_without_a_country_has_no_holidays() -> None:
    assert not public_holidays.is_holiday("")(date(2027, 12, 25))


@pytest.mark.parametrize(
    ("country", "region", "known"),
    [
        ("", "", True),
        ("DE", "", True),
        ("DE", "BY", True),
        ("DE", "XX", False),
        ("", "BY", False),
        ("ZZ", "", False),
    ],
)
def test_only_known_codes_are_known(country: str, region: str, known: bool) -> None:
    assert public_holidays.is_known(country, region) is known
