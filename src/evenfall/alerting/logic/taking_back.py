"""Taking back what somebody did to many alerts at once: only where nobody did anything since."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from evenfall.alerting.logic.states import AlertState, Move

FOR: Final = timedelta(hours=1)
"""Later, others have gone on from how things stood."""


class Left(StrEnum):
    """Why an alert stays as it is."""

    GONE = "gone"
    NOT_YOURS = "not_yours"
    OVER = "over"
    AGAIN = "again"
    CHANGED = "changed"


WORDS: Final = {
    Left.GONE: "not kept any more",
    Left.NOT_YOURS: "of teams you do not respond for",
    Left.OVER: "over by now",
    Left.AGAIN: "back as a new alert already",
    Left.CHANGED: "changed since by somebody or its source",
}


class Standing(Struct, frozen=True, kw_only=True):
    """How an alert stands now; `is_again`: the same problem is open as another alert."""

    state: AlertState
    acknowledged_at: datetime | None
    acknowledged_by: str
    resolved_at: datetime | None
    resolved_by: str
    is_again: bool = False


def why_left(act: Move, alert: Standing, *, at: datetime, by: str, may: bool) -> Left | None:
    """Return why what was done at `at` by `by` cannot be taken back; None where it can."""
    if not may:
        return Left.NOT_YOURS
    if act is Move.ACKNOWLEDGE:
        if alert.state is AlertState.RESOLVED:
            return Left.OVER
        done = (alert.state, alert.acknowledged_at, alert.acknowledged_by)
        return None if done == (AlertState.ACKNOWLEDGED, at, by) else Left.CHANGED
    if (alert.state, alert.resolved_at, alert.resolved_by) != (AlertState.RESOLVED, at, by):
        return Left.CHANGED
    return Left.AGAIN if alert.is_again else None


def before(act: Move, alert: Standing) -> AlertState:
    """The state it had before."""
    if act is Move.RESOLVE and alert.acknowledged_at is not None:
        return AlertState.ACKNOWLEDGED
    return AlertState.OPEN


def said(left: Iterable[tuple[Left, int]]) -> str:
    """How many stay and why, as a sentence that follows another; empty for none."""
    parts = [f"{count} {'is' if count == 1 else 'are'} {WORDS[why]}" for why, count in left]
    return f" Left as they are: {', '.join(parts)}." if parts else ""
