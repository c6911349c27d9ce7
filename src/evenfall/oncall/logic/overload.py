"""When somebody on call has too much, so that the lieutenant should be asked at once.

Two incidents in twelve hours are a full shift: about six hours of work each, with what follows
(Site Reliability Engineering, O'Reilly 2016, chapter 11). A night that is broken leaves less than
the eleven hours of daily rest of the European directive 2003/88/EC, article 3, for somebody who
is on call again, or still, before they are over.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from evenfall.oncall.logic.eligibility import Stretch
from evenfall.oncall.logic.hours import Calendar
from evenfall.oncall.logic.pages import PagedFact
from evenfall.oncall.logic.turns import REST
from evenfall.platform.wall_clock import instant, reading

SHIFT = timedelta(hours=12)
MOST_PAGES = 2


class Reason(StrEnum):
    OVERLOAD = "overload"
    REST = "rest"


class Overload(Struct, frozen=True, kw_only=True):
    """Why somebody has too much, and until when that need not be said again."""

    reason: Reason
    why: str
    until: datetime


def judge(
    facts: Sequence[PagedFact], duties: Iterable[Stretch], calendar: Calendar, now: datetime
) -> Overload | None:
    """Of the pages of the last twelve hours, and the duties of the eleven hours to come."""
    recent = [fact for fact in facts if now - SHIFT < fact.at <= now]
    if len(recent) > MOST_PAGES:
        why = f"{len(recent)} pages of high urgency in twelve hours."
        return Overload(reason=Reason.OVERLOAD, why=why, until=now + SHIFT)
    asleep = [fact.at for fact in recent if calendar.is_night(fact.at)]
    if asleep and _is_on_duty(duties, max(asleep) + REST, now):
        why = "Paged in the night, and on call again before eleven hours of rest."
        return Overload(reason=Reason.REST, why=why, until=max(asleep) + REST)
    return None


def morning(calendar: Calendar, now: datetime) -> datetime:
    """When somebody may be told what can wait until they are awake."""
    if not calendar.is_night(now):
        return now
    wall = reading(now, calendar.zone)
    ends = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    ends += timedelta(minutes=calendar.night_ends)
    return instant(ends if ends > wall else ends + timedelta(days=1), calendar.zone)


def _is_on_duty(duties: Iterable[Stretch], rested_at: datetime, now: datetime) -> bool:
    """Whether a duty starts before the rest is over, or the running one goes on until then."""
    return any(now < low < rested_at or (low <= now and rested_at <= high) for low, high in duties)
