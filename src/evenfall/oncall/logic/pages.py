"""What pages cost somebody: how many, how many asleep, how often woken, how long at work.

Pages are recorded by the domain above; its facts are read as data, by these kinds.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from evenfall.oncall.logic.eligibility import joined, length
from evenfall.oncall.logic.hours import Calendar

STARTED = "paging.page_started"
PEOPLE_PAGED = "paging.page_step_taken"
ACKNOWLEDGED = "paging.page_acknowledged"
RESOLVED = "paging.page_resolved"
STOPPED = "paging.page_stopped"
HIGH = "high"

MOST_ACTIVE = timedelta(hours=4)
"""Longer than this nobody is taken to have worked on one page; often it was only left open."""
ONE_WAKING = timedelta(hours=1)
"""Pages asleep that follow one another within the hour wake once: nobody was asleep again."""


class PagedFact(Struct, frozen=True, kw_only=True):
    """A page of high urgency that went to a person, and how long they had it.

    `acknowledged_at` is set when this person acknowledged; `ended_at` when anybody closed it.
    """

    user_id: int
    page_id: int
    at: datetime
    acknowledged_at: datetime | None = None
    ended_at: datetime | None = None


class PageTally(Struct, frozen=True, kw_only=True):
    pages: int
    night_pages: int
    wake_ups: int
    active_minutes: float


def tally(facts: Sequence[PagedFact], calendar: Calendar, until: datetime) -> PageTally:
    """Of the pages of one person; a page that is still open counts as work until `until`."""
    asleep = sorted(fact.at for fact in facts if calendar.is_night(fact.at))
    work = [stretch for fact in facts for stretch in _work(fact, until)]
    return PageTally(
        pages=len(facts),
        night_pages=len(asleep),
        wake_ups=_wake_ups(asleep),
        active_minutes=length(joined(work)) / timedelta(minutes=1),
    )


def _work(fact: PagedFact, until: datetime) -> Iterable[tuple[datetime, datetime]]:
    if fact.acknowledged_at is None:
        return
    ends_at = min(fact.ended_at or until, fact.acknowledged_at + MOST_ACTIVE, until)
    if fact.acknowledged_at < ends_at:
        yield fact.acknowledged_at, ends_at


def _wake_ups(asleep: Sequence[datetime]) -> int:
    """How often somebody was woken; the times are in order."""
    gaps = (later - earlier for earlier, later in pairwise(asleep))
    return bool(asleep) + sum(gap > ONE_WAKING for gap in gaps)
