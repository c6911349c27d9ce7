"""A clock is what happened: the same whenever, wherever and however often it is computed.

Tried with any hours, zones and holidays, calendars that change on the way, nights in which clocks
are put forward or back, pauses that are ended and pauses that end by themselves.
"""

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import structs

from evenfall.triage.logic.calendar import AROUND_THE_CLOCK, Calendar, business_time
from evenfall.triage.logic.clocks import Clock, Happened, Kind, Mark, Promise, Status, measure
from evenfall.triage.logic.priority import DEFAULT_TARGETS, Priority

from .strategies import calendars, minutes, stories

SECOND = timedelta(seconds=1)
EXAMPLES = settings(max_examples=100, deadline=None)
BUSINESS = {
    priority: structs.replace(targets, around_the_clock=False)
    for priority, targets in DEFAULT_TARGETS.items()
}
kinds = st.sampled_from(Kind)


def measured(
    calendar: Calendar, story: list[Happened], passed: timedelta, *, kind: Kind = Kind.RESOLUTION
) -> Clock:
    promise = Promise(kind=kind, targets=DEFAULT_TARGETS, calendar=calendar)
    found = measure(promise, story, now=story[0].at + passed)
    assert found is not None
    return found


def restarted(calendar: Calendar) -> Calendar:
    """The same calendar as another process reads it: nothing is remembered."""
    return Calendar(versions=tuple(replace(version) for version in calendar.versions))


def times(clock: Clock) -> tuple[object, ...]:
    return (
        *(clock.elapsed, clock.paused, clock.wall_elapsed, clock.wall_paused),
        *(clock.status, clock.level, clock.broke_at, clock.resumes_at),
    )


@given(calendars(), stories(), minutes, st.lists(minutes, max_size=4), kinds)
@EXAMPLES
def test_it_does_not_matter_who_looked_before_or_that_a_process_was_restarted(
    calendar: Calendar, story: list[Happened], now: timedelta, looks: list[timedelta], kind: Kind
) -> None:
    fresh = measured(restarted(calendar), story, now, kind=kind)
    for look in looks:
        measured(calendar, story, look, kind=kind)
    assert measured(calendar, story, now, kind=kind) == fresh


@given(calendars(), stories(), minutes)
@EXAMPLES
def test_what_comes_later_does_not_change_what_was(
    calendar: Calendar, story: list[Happened], now: timedelta
) -> None:
    known = [one for one in story if one.at <= story[0].at + now]
    assert measured(calendar, story, now) == measured(calendar, known, now)


@given(calendars(), stories(), minutes, minutes)
@EXAMPLES
def test_an_event_that_changes_nothing_changes_nothing(
    calendar: Calendar, story: list[Happened], now: timedelta, between: timedelta
) -> None:
    """The same priority again in between: the sum of two parts is the whole."""
    assume(between <= now)
    at = story[0].at + between
    before = [one for one in story if one.at <= at]
    priority = measured(calendar, before, between).priority
    noted = Happened(mark=Mark.PRIORITY, at=at, priority=priority)
    split = [*before, noted, *story[len(before) :]]
    assert times(measured(calendar, split, now)) == times(measured(calendar, story, now))


@given(calendars(), stories(), minutes)
@EXAMPLES
def test_running_and_paused_are_all_the_business_time_there_was(
    calendar: Calendar, story: list[Happened], now: timedelta
) -> None:
    promise = Promise(kind=Kind.RESOLUTION, targets=BUSINESS, calendar=calendar)
    end = story[0].at + now
    found = measure(promise, story, now=end)
    assert found is not None
    assert found.elapsed + found.paused == business_time(calendar, story[0].at, end)
    assert found.wall_elapsed + found.wall_paused == now


@given(calendars(), stories(), minutes)
@EXAMPLES
def test_whoever_waits_for_a_first_answer_waits_in_pauses_too(
    calendar: Calendar, story: list[Happened], now: timedelta
) -> None:
    clock = measured(calendar, story, now, kind=Kind.FIRST_RESPONSE)
    assert (clock.paused, clock.wall_elapsed) == (timedelta(0), now)


@given(calendars(), st.sampled_from(list(Priority)[:4]), stories(), minutes)
@EXAMPLES
def test_what_is_due_is_broken_just_after_and_stays_so_however_late_one_looks(
    calendar: Calendar, priority: Priority, story: list[Happened], later: timedelta
) -> None:
    start = [structs.replace(story[0], priority=priority)]
    due = measured(calendar, start, timedelta(0)).due_at
    assert due is not None
    passed = due - start[0].at
    assert measured(calendar, start, passed).status is Status.RUNNING
    hours = AROUND_THE_CLOCK if priority is Priority.P1 else calendar
    after = passed + later
    is_late = business_time(hours, due, start[0].at + after) > timedelta(0)
    looked = measured(calendar, start, after)
    assert (looked.status is Status.BROKEN) == is_late
    assert looked.broke_at == (due if is_late else None)


@given(calendars(), stories(), minutes)
@EXAMPLES
def test_warnings_come_when_their_share_is_used(
    calendar: Calendar, story: list[Happened], now: timedelta
) -> None:
    """At the instant of a warning the level is reached, and a second before it is not."""
    known = [one for one in story if one.at <= story[0].at + now]
    for level, at in measured(calendar, known, now).warnings:
        passed = at - story[0].at
        if passed > now + SECOND:
            assert measured(calendar, known, passed).level >= level
            assert measured(calendar, known, passed - SECOND).level < level


@given(calendars(), stories(), minutes, minutes)
@EXAMPLES
def test_what_is_opened_again_keeps_what_passed_and_counts_nothing_in_between(
    calendar: Calendar, story: list[Happened], until: timedelta, gap: timedelta
) -> None:
    at = story[0].at + until
    known = [one for one in story if one.at <= at]
    end = Happened(mark=Mark.CANCEL, at=at)
    again = Happened(mark=Mark.REOPEN, at=at + gap, ended_at=at)
    before = measured(calendar, known, until)
    after = measured(calendar, [*known, end, again], until + gap)
    assert (after.elapsed, after.wall_elapsed) == (before.elapsed, before.wall_elapsed)
    assert (after.paused, after.wall_paused) == (before.paused, before.wall_paused)
    assert after.status in {Status.RUNNING, Status.BROKEN}
    other = structs.replace(again, ended_at=at - SECOND)
    assert measured(calendar, [*known, end, other], until + gap).status is Status.CANCELLED
