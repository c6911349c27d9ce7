"""Who is on call for a team now, whether they can be reached, and when they hand over."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from evenfall.identity import queries as identity_queries
from evenfall.identity.queries import Person
from evenfall.oncall import queries as oncall_queries
from evenfall.oncall.ports import DutyOf, ReachFlaw, Role, Span
from evenfall.oncall.queries import RotaSchedule
from evenfall.paging import queries as paging_queries
from evenfall.releases.logic.facts import DutyFact

_AHEAD: Final = timedelta(days=8)
_FLAWS: Final = {
    ReachFlaw.TOO_LATE: "their rules are too slow",
    ReachFlaw.ASLEEP: "their rules leave this time out",
    ReachFlaw.NO_METHOD: "they have no way to be paged",
}


class _Rota(Struct, frozen=True):
    """The primaries of a rota from now on; `held` is who is it now, until somebody else is."""

    schedule: RotaSchedule
    spans: Sequence[Span]
    held: Span | None

    @property
    def duty_of(self) -> DutyOf | None:
        if self.held is None:
            return None
        return DutyOf(
            user_id=self.held.user_id,
            role=Role.PRIMARY.value,
            rota_id=self.schedule.id,
            team_id=self.schedule.team_id,
        )


class TeamDuties(Struct, frozen=True, kw_only=True):
    """Primaries now, one for each rota; `handovers` of the next eight days, by time."""

    duties: tuple[DutyFact, ...] = ()
    handovers: tuple[datetime, ...] = ()


def duties_of_teams(team_ids: Collection[int], *, now: datetime) -> dict[int, TeamDuties]:
    """Every team named is in the answer."""
    until = now + _AHEAD
    rotas: dict[int, list[_Rota]] = {team_id: [] for team_id in team_ids}
    for one in oncall_queries.schedules_of_teams(team_ids, starts_at=now, ends_at=until):
        rotas[one.team_id].append(_rota(one, now))
    asked = [duty for mine in rotas.values() for rota in mine if (duty := rota.duty_of)]
    flaws = paging_queries.reach_flaws(asked)
    people = identity_queries.people({duty.user_id for duty in asked})
    return {team_id: _team(mine, flaws, people, until) for team_id, mine in rotas.items()}


def _rota(found: RotaSchedule, now: datetime) -> _Rota:
    spans = [one for one in found.spans if one.role is Role.PRIMARY]
    return _Rota(found, spans, _held(spans, now))


def _held(spans: Sequence[Span], now: datetime) -> Span | None:
    """The duty that runs, as long as nobody else takes over."""
    held = next((one for one in spans if one.starts_at <= now < one.ends_at), None)
    for one in spans:
        if held and one.user_id == held.user_id and one.starts_at == held.ends_at:
            held = replace(held, ends_at=one.ends_at)
    return held


def _team(
    rotas: Sequence[_Rota],
    flaws: Mapping[DutyOf, ReachFlaw],
    people: Mapping[int, Person],
    until: datetime,
) -> TeamDuties:
    duties = tuple(
        _duty(rota, rota.held, flaws, people[rota.held.user_id]) for rota in rotas if rota.held
    )
    ends = {at for rota in rotas for at in _handovers(rota.spans, until)}
    return TeamDuties(duties=duties, handovers=tuple(sorted(ends)))


def _duty(rota: _Rota, held: Span, flaws: Mapping[DutyOf, ReachFlaw], person: Person) -> DutyFact:
    flaw = flaws.get(rota.duty_of) if rota.duty_of else None
    return DutyFact(
        person=person.name,
        zone=person.time_zone,
        ends_at=held.ends_at,
        rota=rota.schedule.name,
        flaw=_FLAWS.get(flaw, "") if flaw else "",
    )


def _handovers(spans: Sequence[Span], until: datetime) -> Iterator[datetime]:
    """When somebody else takes over, or nobody."""
    for one, following in zip_longest(spans, spans[1:]):
        if one.ends_at < until and (following is None or following.user_id != one.user_id):
            yield one.ends_at
