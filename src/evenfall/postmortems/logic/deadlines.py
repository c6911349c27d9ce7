"""When a post-mortem is due, and when somebody is reminded of it."""

from datetime import datetime, timedelta
from typing import Final

from evenfall.incidents.ports import Sev, duty

UNASKED_DAYS: Final = 10
WEEK: Final = timedelta(weeks=1)
_SATURDAY: Final = 5


def due_at(severity: Sev, start: datetime) -> datetime:
    """When its severity wants it; 10 working days where nobody had to write one."""
    asked = duty(severity)
    if asked.review_days is None:
        return working_days_after(start, UNASKED_DAYS)
    if asked.working_days:
        return working_days_after(start, asked.review_days)
    return start + timedelta(days=asked.review_days)


def working_days_after(start: datetime, days: int) -> datetime:
    """The same time of day so many days later; Saturdays and Sundays do not count."""
    moment = start
    while days:
        moment += timedelta(days=1)
        days -= moment.weekday() < _SATURDAY
    return moment


def next_reminder(start: datetime, due: datetime, after: datetime) -> datetime:
    """The first reminder later than `after`: at half of the time, at its end, then every week.

    Counted from the due time and stored, so that a restart or a late pass skips none for good.
    """
    half = start + (due - start) / 2
    for moment in (half, due):
        if after < moment:
            return moment
    return due + ((after - due) // WEEK + 1) * WEEK


def is_escalation(due: datetime, at: datetime) -> bool:
    """Whether a reminder goes to those who lead the team too: each one after the due time."""
    return at > due
