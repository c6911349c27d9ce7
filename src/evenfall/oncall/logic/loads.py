"""What being on call costs a person, in one number, and what it is made of.

The load is a sum of hours and events, each with a weight that a team may change. An hour has the
weight of standby and, on top, that of its class: a holiday, else a weekend, else a night. Classes
do not add up, so a night of a weekend counts as a weekend.
"""

from collections.abc import Mapping

from msgspec import Struct

LEAST_SHARE = 0.05
"""Below this share of the time a person's load is a matter of chance and enters no index."""


class Weights(Struct, frozen=True, kw_only=True):
    """What one hour, page or minute counts; and when the night is, in minutes after midnight.

    A page asleep counts as a page and as a night page.
    """

    standby_hour: float = 1.0
    lieutenant_hour: float = 0.0
    night_hour: float = 2.0
    weekend_hour: float = 3.0
    holiday_hour: float = 5.0
    page: float = 20.0
    night_page: float = 40.0
    active_minute: float = 0.5
    night_starts: int = 22 * 60
    night_ends: int = 7 * 60


WEIGHTS = Weights()
CLOCKS = ("night_starts", "night_ends")
WEIGHT_NAMES = tuple(name for name in Weights.__struct_fields__ if name not in CLOCKS)


class Tally(Struct, frozen=True, kw_only=True):
    """What one person carried in a window. Hours are standby as primary, each in one class."""

    day_hours: float = 0.0
    night_hours: float = 0.0
    weekend_hours: float = 0.0
    holiday_hours: float = 0.0
    lieutenant_hours: float = 0.0
    pages: int = 0
    night_pages: int = 0
    wake_ups: int = 0
    active_minutes: float = 0.0
    swaps_given: int = 0
    swaps_taken: int = 0

    @property
    def standby_hours(self) -> float:
        return self.day_hours + self.night_hours + self.weekend_hours + self.holiday_hours


class Parts(Struct, frozen=True, kw_only=True):
    """A load by what it is made of, in points; the sum of all is the load."""

    day: float
    night: float
    weekend: float
    holiday: float
    pages: float
    active: float

    @property
    def total(self) -> float:
        return self.day + self.night + self.weekend + self.holiday + self.pages + self.active


def parts(tally: Tally, weights: Weights = WEIGHTS) -> Parts:
    """The load of a tally in points, by what it is made of; lieutenant hours are in `day`."""
    return Parts(
        day=tally.day_hours * weights.standby_hour
        + tally.lieutenant_hours * weights.lieutenant_hour,
        night=tally.night_hours * (weights.standby_hour + weights.night_hour),
        weekend=tally.weekend_hours * (weights.standby_hour + weights.weekend_hour),
        holiday=tally.holiday_hours * (weights.standby_hour + weights.holiday_hour),
        pages=tally.pages * weights.page + tally.night_pages * weights.night_page,
        active=tally.active_minutes * weights.active_minute,
    )


def per_share(load: float, share: float) -> float | None:
    """The load as if the person had been there all the time; None when hardly ever there."""
    return load / share if share >= LEAST_SHARE else None


def carried(loads: Mapping[int, float], shares: Mapping[int, float]) -> dict[int, float]:
    """What each person is taken to have carried: for the time away, as much as the mean.

    So somebody who joins, or comes back, starts where the team is: neither with a debt nor as the
    one who gets every shift.
    """
    rates = [rate for one in loads if (rate := per_share(loads[one], shares[one])) is not None]
    mean = sum(rates) / len(rates) if rates else 0.0
    return {one: loads[one] + mean * (1 - min(shares[one], 1.0)) for one in loads}
