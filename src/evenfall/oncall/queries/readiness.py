"""Who of those on call next could not be reached, and what to mend."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.notifications import queries as notifications_queries
from evenfall.oncall import ports
from evenfall.oncall.logic.handovers import PAGED
from evenfall.oncall.logic.readiness import Missing, Way, lacks
from evenfall.oncall.logic.spec import Role, Span
from evenfall.oncall.ports import DutyOf
from evenfall.oncall.queries.absences import absent_at
from evenfall.oncall.queries.duties import schedules
from evenfall.oncall.queries.rotas import RotaView, rotas, rotas_of_teams

READY_WEEKS = 2
SILENT = "silent"


class Shift(Struct, frozen=True, kw_only=True):
    """Somebody's shift by a rota of a team."""

    user_id: int
    role: Role
    rota_id: int
    team_id: int
    starts_at: datetime
    ends_at: datetime


class ShiftReadiness(Struct, frozen=True, kw_only=True):
    """The next shift of one person in one role of a rota, and what they lack for it.

    One that runs already is cut at the time of asking.
    """

    user_id: int
    name: str
    role: str
    rota_id: int
    rota: str
    team_id: int
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    is_running: bool
    lacks: tuple[Missing, ...]

    @property
    def is_ready(self) -> bool:
        return not self.lacks


def readiness(*, now: datetime, team_ids: Collection[int] | None = None) -> list[ShiftReadiness]:
    """Everybody on call within two weeks, also now; who is not ready first, then by time."""
    shown = rotas() if team_ids is None else rotas_of_teams(team_ids)
    shifts = _next_shifts(shown, now)
    names = identity_queries.people({shift.user_id for shift in shifts})
    by_id = {rota.id: rota for rota in shown}
    found = [
        ShiftReadiness(
            user_id=shift.user_id,
            name=names[shift.user_id].name,
            role=shift.role.value,
            rota_id=shift.rota_id,
            rota=by_id[shift.rota_id].name,
            team_id=shift.team_id,
            time_zone=by_id[shift.rota_id].time_zone,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            is_running=shift.starts_at <= now,
            lacks=missing,
        )
        for shift, missing in lacks_of(shifts).items()
    ]
    return sorted(found, key=lambda line: (line.is_ready, line.starts_at, line.name))


def lacks_of(shifts: Sequence[Shift]) -> dict[Shift, tuple[Missing, ...]]:
    """What each shift's person lacks; the same number of queries for any number of shifts."""
    if not shifts:
        return {}
    user_ids = {shift.user_id for shift in shifts}
    ways = _ways(user_ids)
    flaws = ports.reach_flaws({_duty(shift) for shift in shifts})
    absent = _absent(shifts, user_ids)
    return {
        shift: lacks(ways[shift.user_id], flaws.get(_duty(shift)), is_absent=shift in absent)
        for shift in shifts
    }


def _next_shifts(shown: Sequence[RotaView], now: datetime) -> list[Shift]:
    """The first shift of each person in each role of each rota."""
    spans = schedules(
        [rota.id for rota in shown], starts_at=now, ends_at=now + timedelta(weeks=READY_WEEKS)
    )
    found: dict[tuple[int, int, Role], Shift] = {}
    for rota in shown:
        for span in spans[rota.id]:
            if span.role in PAGED:
                found.setdefault((rota.id, span.user_id, span.role), _shift(rota, span))
    return list(found.values())


def _shift(rota: RotaView, span: Span) -> Shift:
    return Shift(
        user_id=span.user_id,
        role=span.role,
        rota_id=rota.id,
        team_id=rota.team_id,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
    )


def _duty(shift: Shift) -> DutyOf:
    return DutyOf(
        user_id=shift.user_id,
        role=shift.role.value,
        rota_id=shift.rota_id,
        team_id=shift.team_id,
    )


def _ways(user_ids: Collection[int]) -> Mapping[int, list[Way]]:
    found = notifications_queries.contact_methods_of(user_ids)
    return {
        user_id: [
            Way(kind=way.kind, channel=way.channel, name=way.name, state=_state(way))
            for way in methods
        ]
        for user_id, methods in found.items()
    }


def _state(way: notifications_queries.ContactMethodView) -> str:
    """A device that works by all we know, but did not answer its silent check, is "silent"."""
    is_silent = way.state == "verified" and way.check_state == SILENT
    return SILENT if is_silent else way.state


def _absent(shifts: Sequence[Shift], user_ids: Collection[int]) -> set[Shift]:
    """Those shifts during which their person is away."""
    away = absent_at(
        user_ids,
        starts_at=min(shift.starts_at for shift in shifts),
        ends_at=max(shift.ends_at for shift in shifts),
    )
    return {
        shift
        for shift in shifts
        for absence in away[shift.user_id]
        if absence.starts_at < shift.ends_at and absence.ends_at > shift.starts_at
    }
