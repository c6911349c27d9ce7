"""Waiting before a page: what ends by itself until then calls nobody.

Only where a rule says so, because a real problem is told of as much later. Whoever was called
already is not made to wait, and what is no page has nothing to wait for.
"""

from datetime import datetime, timedelta
from typing import Final

from evenfall.alerting.logic.updates import Outcome

LONGEST: Final = timedelta(hours=1)
HELD: Final = "wait:"
"""How `held_by` begins of what waits; after it stand the seconds since the opening."""


def waits_until(
    wait: timedelta | None, outcome: Outcome, *, opened_at: datetime, at: datetime, called: bool
) -> datetime | None:
    """Return until when an alert calls nobody; None when people may be called now."""
    if wait is None or outcome is not Outcome.PAGE or called:
        return None
    until = opened_at + wait
    return until if at < until else None


def held(wait: timedelta) -> str:
    return f"{HELD}{int(wait.total_seconds())}"


def span_of(held_by: str) -> timedelta | None:
    """How long an alert that is held like that waits; None for what is held otherwise."""
    if not held_by.startswith(HELD):
        return None
    return timedelta(seconds=int(held_by.removeprefix(HELD)))


def span_words(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    count, unit = (seconds // 60, "minute") if seconds % 60 == 0 else (seconds, "second")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
