"""Window pairs of burn alerts: the four of the SRE workbook, fitted to any period.

An alert fires while burn(long) >= F and burn(short) >= F, where F = b * P / L: the share b of the
budget of the period P goes in the long window L. The short window is a twelfth of the long one, so
that it ends soon after the errors do. (Site Reliability Workbook, chapter 5.)
"""

import enum
from datetime import timedelta
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

BASE: Final = timedelta(days=30)
"""The period for which the factors are known."""
SAFE: Final = 0.8
"""A factor at most this share of what a full outage burns can be reached with some room."""


class Severity(enum.StrEnum):
    PAGE = "page"
    TICKET = "ticket"


class Scaling(enum.StrEnum):
    """How pairs made for 30 days serve another period.

    FIXED keeps windows and factors: it is noticed as soon as ever. WINDOWS keeps the factors and
    stretches the windows with the period. BUDGET keeps windows and shares of the budget.
    """

    WINDOWS = "windows"
    BUDGET = "budget"
    FIXED = "fixed"


class Pair(Struct, frozen=True, kw_only=True):
    """Minutes of both windows, and the burn at which it fires; `name` is said in the alert."""

    name: str
    severity: Severity
    long: int
    short: int
    factor: float

    @property
    def base_share(self) -> float:
        """The share of a budget of 30 days that goes in the long window."""
        return self.factor * timedelta(minutes=self.long) / BASE


DEFAULT_PAIRS: Final[tuple[Pair, ...]] = (
    Pair(name="page quick", severity=Severity.PAGE, long=60, short=5, factor=14.4),
    Pair(name="page slow", severity=Severity.PAGE, long=360, short=30, factor=6.0),
    Pair(name="ticket quick", severity=Severity.TICKET, long=1440, short=120, factor=3.0),
    Pair(name="ticket slow", severity=Severity.TICKET, long=4320, short=360, factor=1.0),
)


class Fitted(Struct, frozen=True, kw_only=True):
    """A pair fitted to a period. `share` of its budget goes in the long window.

    `clamped_from` is the factor that a full outage could never have reached; None when it could.
    """

    pair: Pair
    share: float
    clamped_from: float | None = None


@lru_cache(maxsize=2048)
def fit(
    pairs: tuple[Pair, ...], *, scaling: Scaling, period: timedelta, allowed: float
) -> tuple[Fitted, ...]:
    """The pairs for an objective whose period is `period` and where `allowed` may be bad.

    Windows are whole minutes, at least one, and the long one at most the period. A factor that
    even a full outage cannot reach (F * allowed >= 1) becomes `SAFE / allowed`.
    """
    return tuple(_reachable(_scaled(pair, scaling, period), period, allowed) for pair in pairs)


def is_reachable(factor: float, *, allowed: float) -> bool:
    """Whether a full outage, which burns at 1 / allowed, gets above this factor."""
    return factor * allowed < 1


def suggested(*, allowed: float) -> float:
    """The highest factor worth using: SAFE / allowed."""
    return SAFE / allowed


def detection_time(pair: Pair, *, allowed: float, error_ratio: float) -> timedelta | None:
    """How long errors at this ratio last before the pair fires; None when it never does.

    L * F * allowed / e, plus the time until counts are read.
    """
    if error_ratio <= 0 or error_ratio < pair.factor * allowed:
        return None
    return timedelta(minutes=pair.long) * (pair.factor * allowed / error_ratio)


def _scaled(pair: Pair, scaling: Scaling, period: timedelta) -> Pair:
    if scaling is Scaling.WINDOWS:
        times = period / BASE
        long, short = max(1, round(pair.long * times)), max(1, round(pair.short * times))
        return replace(pair, long=long, short=short)
    if scaling is Scaling.BUDGET:
        return replace(pair, factor=pair.factor * (period / BASE))
    return pair


def _reachable(pair: Pair, period: timedelta, allowed: float) -> Fitted:
    most = max(1, period // timedelta(minutes=1))
    fits = replace(pair, long=min(pair.long, most), short=min(pair.short, most))
    factor = fits.factor
    clamped = None if is_reachable(factor, allowed=allowed) else factor
    if clamped is not None:
        fits = replace(fits, factor=suggested(allowed=allowed))
    share = fits.factor * timedelta(minutes=fits.long) / period
    return Fitted(pair=fits, share=share, clamped_from=clamped)
