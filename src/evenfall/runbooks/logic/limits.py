"""How often a step may run: a pause for each service, and a budget over everything."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


class Limits(Struct, frozen=True, kw_only=True):
    """`cool_down` is from one start to the next for the same service; None is no limit."""

    cool_down: timedelta = timedelta()
    most_per_hour: int | None = None
    most_per_day: int | None = None


class Start(Struct, frozen=True):
    """When a step was started, and for which service (None: for none)."""

    at: datetime
    service_id: int | None = None


class Refusal(Struct, frozen=True):
    """Why a step may not start now, and from when it may."""

    reason: str
    until: datetime


def looks_back(limits: Limits) -> timedelta:
    """How old a start may be and still count."""
    return max(DAY, limits.cool_down)


def refusal(
    starts: Collection[Start], limits: Limits, *, service_id: int | None, now: datetime
) -> Refusal | None:
    """None when the step may start now. A start counts whatever came of it.

    The limits are on any stretch of an hour or a day, not on those of the clock.
    """
    found = (
        _cooling(starts, limits.cool_down, service_id, now),
        _spent(starts, limits.most_per_hour, HOUR, "an hour", now),
        _spent(starts, limits.most_per_day, DAY, "a day", now),
    )
    # the one that lasts longest: what is said of when it may run again must be true
    return max((one for one in found if one is not None), key=lambda one: one.until, default=None)


def _cooling(
    starts: Collection[Start], cool_down: timedelta, service_id: int | None, now: datetime
) -> Refusal | None:
    last = max((one.at for one in starts if one.service_id == service_id), default=None)
    if last is None or last + cool_down <= now:
        return None
    return Refusal("It cools down: it ran for this service a moment ago.", last + cool_down)


def _spent(
    starts: Collection[Start], most: int | None, stretch: timedelta, word: str, now: datetime
) -> Refusal | None:
    if most is None:
        return None
    recent = sorted(one.at for one in starts if one.at > now - stretch)
    if len(recent) < most:
        return None
    times = "once" if most == 1 else f"{most} times"
    # it may run again when so many have grown old that one more fits
    return Refusal(f"Its budget is spent: at most {times} in {word}.", recent[-most] + stretch)
