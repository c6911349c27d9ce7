"""Whether something that should tell of itself from time to time still does."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from croniter import CroniterError, croniter
from msgspec import Struct

from evenfall.monitors.logic.looks import Look, Result
from evenfall.platform import durations, wall_clock

_PARTS: Final = 5
_UTC: Final = ZoneInfo("UTC")


class Plan(Struct, frozen=True, kw_only=True):
    """When it should tell: every `period`, or by `cron` on the wall clock of `zone`; then `grace`.

    A run that goes on longer than `longest_run` is bad too; None for the grace.
    """

    period: timedelta = timedelta(days=1)
    cron: str = ""
    zone: ZoneInfo = _UTC
    grace: timedelta = timedelta(hours=1)
    longest_run: timedelta | None = None


class Told(Struct, frozen=True, kw_only=True):
    """The newest of what was told; see the table `Beat`."""

    started_at: datetime | None = None
    ended_at: datetime | None = None
    good_at: datetime | None = None
    ok: bool | None = None
    exit_code: int | None = None
    took_s: float | None = None


def judge(plan: Plan, told: Told, *, now: datetime) -> Look | None:
    """How it stands; None until it has told something for the first time."""
    if told.started_at is None and told.ended_at is None:
        return None
    if told.ok is False:
        return Look(result=Result.BAD, note=_failed(told), duration_ms=_ms(told))
    run_ends = _run_ends(plan, told)
    if run_ends is not None and now > run_ends:
        limit = durations.exact(plan.longest_run or plan.grace)
        return Look(result=Result.BAD, note=f"It started and did not end within {limit}.")
    due = None if told.good_at is None else expected(plan, told.good_at) + plan.grace
    if due is not None and now > due:
        late = durations.spoken(now - due + plan.grace)
        return Look(result=Result.BAD, note=f"It is late by {late}: nothing was heard.")
    known = [at for at in (due, run_ends) if at is not None]
    note = "It told that all is well." if due else "It runs for the first time."
    soonest = min(known) + timedelta(milliseconds=1) if known else None
    return Look(result=Result.GOOD, note=note, duration_ms=_ms(told), next_at=soonest)


def expected(plan: Plan, last: datetime) -> datetime:
    """When the next success is expected after one at `last`, without the grace."""
    return last + plan.period if not plan.cron else next_by_cron(plan.cron, plan.zone, last)


def next_by_cron(cron: str, zone: ZoneInfo, last: datetime) -> datetime:
    """The first time of a schedule after `last`.

    It is sought on the wall. A time that daylight saving skips is the moment after the gap; one
    that the clock shows twice counts once, at its first showing.
    """
    wall = wall_clock.reading(last, zone)
    for _ in range(3):
        wall = croniter(cron, wall).get_next(datetime)
        found = wall_clock.instant(wall, zone)
        if found > last:
            return found
    return last + timedelta(hours=1)  # within the hour that is shown twice: look again after it


def cron_flaw(cron: str) -> str:
    """What is wrong with a schedule; "" for a good one."""
    if len(cron.split()) != _PARTS:
        return "A schedule has five parts, such as 0 3 * * 1-5."
    try:
        croniter(cron, datetime(2027, 1, 1, tzinfo=UTC)).get_next(datetime)
    except (CroniterError, ValueError, OverflowError, KeyError, AttributeError) as error:
        return f"This schedule cannot be read or never comes: {error}"
    return ""


def _run_ends(plan: Plan, told: Told) -> datetime | None:
    if told.started_at is None:
        return None
    return told.started_at + (plan.longest_run or plan.grace)


def _failed(told: Told) -> str:
    code = f" with exit status {told.exit_code}" if told.exit_code else ""
    return f"It told that it failed{code}."


def _ms(told: Told) -> int | None:
    # a run of weeks does not fit the column, and nobody draws it
    return None if told.took_s is None else min(int(told.took_s * 1000), 2**31 - 1)
