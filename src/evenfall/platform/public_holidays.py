"""Public holidays of countries and their regions, by the codes of ISO 3166."""

from collections.abc import Callable
from datetime import date
from functools import cache
from types import ModuleType


@cache
def countries() -> dict[str, tuple[str, ...]]:
    """The countries whose holidays are known, by code, each with the codes of its regions."""
    found = _library().list_supported_countries(include_aliases=False)
    return {code: tuple(found[code]) for code in sorted(found)}


def is_known(country: str, region: str = "") -> bool:
    """Whether the holidays are known; those of no country always are: there are none."""
    if not country:
        return not region
    return country in countries() and (not region or region in countries()[country])


@cache
def is_holiday(country: str, region: str = "") -> Callable[[date], bool]:
    """A question about days; the country and region must be known."""
    if not country:
        return lambda _day: False
    calendar = _library().country_holidays(country, subdiv=region or None)
    return lambda day: day in calendar


def _library() -> ModuleType:
    """Loaded with the first question: it takes 5 MB in each process, and most never ask."""
    import holidays  # noqa: PLC0415 - see above

    return holidays
