"""What-ifs about a change that somebody else writes and takes back: how it stood before and after.

So can be asked about whatever decides, also where no `Kind` of change is registered for it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.alerting import queries as alerting_queries
from evenfall.foresight import errors
from evenfall.foresight.logic.reports import Report
from evenfall.foresight.logic.states import AT_ONCE, MOST_DAYS, RunState
from evenfall.foresight.logic.stored import to_json
from evenfall.foresight.models import Run
from evenfall.foresight.queries.forecasts import Standing, compared, standing

_TITLE = 200


class Look(Struct, frozen=True, kw_only=True):
    """How it stood before; `alerts` of this time are there to be replayed."""

    since: datetime
    until: datetime
    alerts: int
    before: Standing


def look(*, days: int, now: datetime, at_once: int = AT_ONCE) -> Look:
    """Keep how it stands, for the alerts of the last `days`.

    Raises DaysNotValid, and TooManyAlerts for more than can be replayed while somebody waits.
    """
    if not 1 <= days <= MOST_DAYS:
        raise errors.DaysNotValid(field="days", most=MOST_DAYS)
    since = now - timedelta(days=days)
    count = alerting_queries.recorded_count(since=since, until=now)
    if count > at_once:
        raise errors.TooManyAlerts(field="days", count=count, days=days, most=at_once)
    before = standing(since=since, until=now, now=now)
    return Look(since=since, until=now, alerts=count, before=before)


def look_again(look: Look, changes: Sequence[object], *, now: datetime) -> Standing:
    """How it stands after something was written, with `changes` that say more of it than rows can.

    To be called before what was written is taken back.
    """
    return standing(changes, since=look.since, until=look.until, now=now)


def answer(
    *,
    look: Look,
    after: Standing,
    title: str,
    about: Mapping[str, object],
    now: datetime,
    actor: str,
    by_name: str,
) -> tuple[int, Report]:
    """Replay by both, and keep the answer; return its number and the answer.

    `about` is kept in place of changes, under the kind "bundle".
    """
    found = compared(look.before, after, since=look.since, until=look.until)
    run = Run.objects.create(
        title=title[:_TITLE],
        changes=[["bundle", dict(about)]],
        since=look.since,
        until=look.until,
        state=RunState.DONE.value,
        alerts=found.alerts,
        done=found.alerts,
        report=to_json(found),
        created_at=now,
        created_by=actor,
        created_by_name=by_name[:120],
        changed_at=now,
    )
    return run.pk, found
