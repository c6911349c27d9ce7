"""Who is on call: the questions the pager, the pages, the API and the feeds ask."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.oncall import errors
from evenfall.oncall.logic import schedule
from evenfall.oncall.logic.schedule import OnCall
from evenfall.oncall.logic.spec import Gap, RotaSpec, Span
from evenfall.oncall.models import MOST_OVERRIDE_DAYS
from evenfall.oncall.queries.specs import specs, standing_specs
from evenfall.platform.wall_clock import YEARS

MOST_DAYS = 400


def on_call_at(
    rota_ids: Collection[int], *, at: datetime, with_next: bool = True
) -> dict[int, OnCall]:
    """Who is on call at the aware instant, for every rota named; nobody for a deleted one.

    One query for any number of rotas. A duty's times are those of the whole duty. The next
    primary costs more than all the rest; without `with_next` it is left out.
    """
    check_times(at)
    # the duty that runs now may have been cut by an override that ended within the shift
    found = specs(rota_ids, since=at - timedelta(days=MOST_OVERRIDE_DAYS))
    nobody = OnCall(None, None, None, why_nobody="There is no such rota.")
    return {
        rota_id: schedule.on_call_at(found[rota_id], at, with_next=with_next)
        if rota_id in found
        else nobody
        for rota_id in rota_ids
    }


class RotaDuty(Struct, frozen=True, kw_only=True):
    """A rota and who is on call for it."""

    id: int
    team_id: int
    name: str
    on_call: OnCall


def duties_of_teams(
    team_ids: Collection[int], *, and_ids: Collection[int], at: datetime, with_next: bool
) -> list[RotaDuty]:
    """As `on_call_at`, for the rotas of these teams and those with these ids, by name; one query.

    Deleted rotas are left out.
    """
    check_times(at)
    found = standing_specs(team_ids, and_ids=and_ids, since=at - timedelta(days=MOST_OVERRIDE_DAYS))
    return [
        RotaDuty(
            id=one.id,
            team_id=one.team_id,
            name=one.name,
            on_call=schedule.on_call_at(one.spec, at, with_next=with_next),
        )
        for one in found
    ]


class RotaSchedule(Struct, frozen=True, kw_only=True):
    """A rota and who has which role in a stretch of time."""

    id: int
    team_id: int
    name: str
    spans: Sequence[Span]


def schedules_of_teams(
    team_ids: Collection[int], *, starts_at: datetime, ends_at: datetime
) -> list[RotaSchedule]:
    """As `schedules`, for the rotas of these teams, by name; one query.

    Deleted rotas are left out. Raises `StretchTooLong`.
    """
    check_stretch(starts_at, ends_at)
    found = standing_specs(team_ids, and_ids=(), since=starts_at, until=ends_at)
    return [
        RotaSchedule(
            id=one.id,
            team_id=one.team_id,
            name=one.name,
            spans=schedule.final_schedule(one.spec, starts_at, ends_at),
        )
        for one in found
    ]


def final_schedule(rota_id: int, *, starts_at: datetime, ends_at: datetime) -> list[Span]:
    """The spans of one rota, cut at the two aware instants. Raises `RotaNotFound`, …."""
    return schedules([rota_id], starts_at=starts_at, ends_at=ends_at)[rota_id]


def schedules(
    rota_ids: Collection[int], *, starts_at: datetime, ends_at: datetime
) -> dict[int, list[Span]]:
    """The spans of each rota. Raises `RotaNotFound` and `StretchTooLong`."""
    found = _existing(rota_ids, starts_at, ends_at)
    return {
        rota_id: list(schedule.final_schedule(found[rota_id], starts_at, ends_at))
        for rota_id in rota_ids
    }


def gaps(rota_id: int, *, starts_at: datetime, ends_at: datetime) -> list[Gap]:
    """When nobody is primary although somebody should be. Raises `RotaNotFound`, …."""
    spec = _existing([rota_id], starts_at, ends_at)[rota_id]
    return list(schedule.gaps(spec, starts_at, ends_at))


def _existing(
    rota_ids: Collection[int], starts_at: datetime, ends_at: datetime
) -> dict[int, RotaSpec]:
    check_stretch(starts_at, ends_at)
    found = specs(rota_ids, since=starts_at, until=ends_at)
    for rota_id in rota_ids:
        if rota_id not in found:
            raise errors.RotaNotFound(rota_id=rota_id)
    return found


def check_times(*times: datetime) -> None:
    """Raises `TimeOutOfRange`."""
    if any(time.year not in YEARS for time in times):
        raise errors.TimeOutOfRange(first=YEARS[0], last=YEARS[-1])


def check_stretch(starts_at: datetime, ends_at: datetime) -> None:
    """Raises `TimeOutOfRange` and `StretchTooLong`."""
    check_times(starts_at, ends_at)
    if not timedelta(0) < ends_at - starts_at <= timedelta(days=MOST_DAYS):
        raise errors.StretchTooLong(most=MOST_DAYS)
