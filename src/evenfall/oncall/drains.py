"""What on-call does when its time comes."""

from datetime import datetime

from evenfall.oncall import actions
from evenfall.oncall.actions import shift_notices
from evenfall.platform.wakeups import Drain, DrainResult


def advance_due_requests(now: datetime) -> DrainResult:
    """Ask the next one, or end requests nobody said yes to in time."""
    advanced = actions.advance_due_requests(now=now)
    return DrainResult(done=advanced.done, next_due=advanced.next_due)


def plan_notices(now: datetime) -> DrainResult:
    """Plan what is told about shifts, ahead and after every change."""
    planned = actions.plan_notices(now=now)
    return DrainResult(done=planned.done, next_due=planned.next_due)


def tell_shifts(now: datetime) -> DrainResult:
    """Tell one batch of people that a shift comes, begins or ends."""
    told = actions.tell_shifts(now=now)
    return DrainResult(done=told.done, next_due=told.next_due)


def send_summaries(now: datetime) -> DrainResult:
    """Send one batch of summaries of teams."""
    done, next_due = actions.send_summaries(now=now)
    return DrainResult(done=done, next_due=next_due)


def read_calendars(now: datetime) -> DrainResult:
    """Read one batch of calendars that absences come from."""
    read = actions.read_calendars(now=now)
    return DrainResult(done=read.done, next_due=read.next_due)


DRAINS: tuple[Drain, ...] = (
    Drain(name="oncall.requests", lane="slow", run=advance_due_requests),
    Drain(name=shift_notices.PLAN, lane="slow", run=plan_notices),
    Drain(name=shift_notices.TELL, lane="slow", run=tell_shifts),
    Drain(name="oncall.summaries", lane="slow", run=send_summaries),
    Drain(name="oncall.calendars", lane="slow", run=read_calendars),
)
