"""Who is on call for a team now, whether they can be reached, and when they hand over."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from evenfall.identity import queries as identity_queries
from evenfall.identity.queries import Person
from evenfall.oncall import queries as oncall_queries
from evenfall.oncall.ports import DutyOf, ReachFlaw, Role
from evenfall.oncall.queries import RotaView
from evenfall.paging import queries as paging_queries
from evenfall.releases.logic.facts import DutyFact

_AHEAD: Final = timedelta(days=8)
_FLAWS: Final = {
    ReachFlaw.TOO_LATE: "their rules are too slow",
    ReachFlaw.ASLEEP: "their rules leave this time out",
    ReachFlaw.NO_METHOD: "they have no way to be paged",
}

type Spans = Mapping[int, Sequence[tuple[int, datetime, datetime]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamDuties:
    """Primaries now, one for each rota; `handovers` of the next eight days, by time."""

    duties: tuple[DutyFact, ...] = ()
    handovers: tuple[datetime, ...] = ()


def duties_of_teams(team_ids: Collection[int], *, now: datetime) -> dict[int, TeamDuties]:
    """Every team named is in the answer."""
    rotas = oncall_queries.rotas_of_teams(team_ids)
    spans = _spans(rotas, now)
    flaws = paging_queries.reach_flaws(
        {_duty_of(rota, held[0][0]) for rota in rotas if (held := _held(spans[rota.id], now))}
    )
    people = identity_queries.people({one[0] for found in spans.values() for one in found})
    return {team_id: _team(team_id, rotas, spans, flaws, people, now) for team_id in team_ids}


def _spans(rotas: Sequence[RotaView], now: datetime) -> Spans:
    """Primaries from now on: who, from when, until when; a shift that runs is whole at its end."""
    found = oncall_queries.schedules(
        [rota.id for rota in rotas], starts_at=now, ends_at=now + _AHEAD
    )
    return {
        rota_id: [
            (one.user_id, one.starts_at, one.ends_at) for one in all_of if one.role is Role.PRIMARY
        ]
        for rota_id, all_of in found.items()
    }


def _held(
    spans: Sequence[tuple[int, datetime, datetime]], now: datetime
) -> Sequence[tuple[int, datetime, datetime]]:
    """The duty that runs, and those that follow it without a change of person."""
    running = [one for one in spans if one[1] <= now < one[2]]
    if not running:
        return ()
    held = [running[0]]
    for one in spans:
        if one[0] == held[-1][0] and one[1] == held[-1][2]:
            held.append(one)
    return held


def _team(
    team_id: int,
    rotas: Sequence[RotaView],
    spans: Spans,
    flaws: Mapping[DutyOf, ReachFlaw],
    people: Mapping[int, Person],
    now: datetime,
) -> TeamDuties:
    mine = [rota for rota in rotas if rota.team_id == team_id]
    until = now + _AHEAD
    ends = {
        one[2]
        for rota in mine
        for one, following in _pairs(spans[rota.id])
        if one[2] < until and (following is None or following[0] != one[0])
    }
    duties = [
        DutyFact(
            person=people[held[0][0]].name,
            zone=people[held[0][0]].time_zone,
            ends_at=held[-1][2],
            rota=rota.name,
            flaw=_FLAWS.get(flaw, "") if (flaw := flaws.get(_duty_of(rota, held[0][0]))) else "",
        )
        for rota in mine
        if (held := _held(spans[rota.id], now))
    ]
    return TeamDuties(duties=tuple(duties), handovers=tuple(sorted(ends)))


def _pairs(
    spans: Sequence[tuple[int, datetime, datetime]],
) -> list[tuple[tuple[int, datetime, datetime], tuple[int, datetime, datetime] | None]]:
    return list(zip(spans, [*spans[1:], None], strict=True)) if spans else []


def _duty_of(rota: RotaView, user_id: int) -> DutyOf:
    return DutyOf(user_id=user_id, role=Role.PRIMARY.value, rota_id=rota.id, team_id=rota.team_id)
