"""A whole day from one seed: the same seed, the same day, to the last signal."""

from collections.abc import Iterable
from datetime import UTC, datetime
from random import Random
from typing import Final

from tests.day import noise, stories
from tests.day.company import make_company
from tests.day.plan import Day, Signal, signals_of
from tests.day.planting import Planter

SEED: Final = 20_261_122
SIGNALS: Final = 20_000
DATE: Final = datetime(2026, 3, 10, tzinfo=UTC)  # a Tuesday


class TooManySignals(ValueError):
    """The stories alone send more signals than the day may have: plant less, or allow more."""


def make_day(*, seed: int = SEED, signals: int = SIGNALS, share: float = 1.0) -> Day:
    """Plant a day with exactly so many signals; `share` is how much of the usual it has.

    What the stories leave open is filled with news that nobody has to hear.
    """
    rng = Random(seed)
    planter = Planter(company=make_company(rng), starts=DATE, rng=rng)
    for sowing in stories.FIXED:
        sowing.story(planter)
    for sowing in (*stories.TROUBLE, *noise.NOISE):
        for _ in range(max(1, round(sowing.times * share))):
            sowing.story(planter)
    told = _fill(planter, signals)
    return Day(
        seed=seed,
        starts=DATE,
        company=planter.company,
        signals=sorted(told, key=lambda one: (one.at, one.firing.id, not one.is_over)),
        problems=planter.problems,
        incidents=planter.incidents,
        quiet=planter.quiet,
        windows=planter.windows,
        firings=planter.firings,
    )


def _fill(planter: Planter, signals: int) -> list[Signal]:
    """Add news until there are enough; the very last ones are cut short to fit."""
    told = _signals(planter, planter.firings)
    if len(told) > signals:
        raise TooManySignals(f"{len(told)} signals for a day of {signals}")
    while len(told) < signals:
        before = len(planter.firings)
        noise.news(planter)
        told += _signals(planter, list(planter.firings)[before:])
    return told[:signals]


def _signals(planter: Planter, ids: Iterable[str]) -> list[Signal]:
    return [signal for number in ids for signal in signals_of(planter.firings[number])]
