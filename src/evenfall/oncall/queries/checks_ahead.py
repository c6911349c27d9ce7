"""What is wrong with the next six weeks, rota by rota, and which services nobody covers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.notifications import queries as notifications_queries
from evenfall.oncall.logic import calendar, checks_ahead, schedule
from evenfall.oncall.logic.checks_ahead import Ahead, Finding, Stretch, Trouble, Weight
from evenfall.oncall.logic.spec import Gap, LieutenantKind, Role, RotaSpec
from evenfall.oncall.models import MOST_SHIFT_HOURS, Member
from evenfall.oncall.queries.absences import absent_at
from evenfall.oncall.queries.duties import gaps
from evenfall.oncall.queries.rotas import RotaView, rotas
from evenfall.oncall.queries.specs import specs

WEEKS_AHEAD = 6


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """One trouble with the names of what it is about; `times` are UTC, in order."""

    trouble: Trouble
    weight: Weight
    rota: RotaView
    role: Role
    user_id: int | None
    person: str
    other_rota: RotaView | None
    times: tuple[Stretch, ...]
    why: str

    @property
    def starts_at(self) -> datetime:
        return self.times[0][0]

    @property
    def ends_at(self) -> datetime:
        return self.times[0][1]

    @property
    def starts(self) -> str:
        """The first start as addresses carry it."""
        return calendar.key_of(self.starts_at)

    @property
    def ends(self) -> str:
        return calendar.key_of(self.ends_at)

    @property
    def more(self) -> int:
        """How many times there are besides the first."""
        return len(self.times) - 1


@dataclass(frozen=True, kw_only=True)
class UncoveredService:
    """A service for which nobody would be paged, now or at a time to come."""

    service_id: int
    slug: str
    name: str
    team_id: int
    team: str
    starts_at: datetime | None
    """When nobody covers it for the first time; None for never covered."""


def troubles_ahead(shown: Sequence[RotaView], *, now: datetime) -> list[FindingView]:
    """What is wrong with these rotas in the six weeks from now, the worst and soonest first.

    Rotas that share people with them are looked at too, for whoever is on call by two at once. The
    number of queries does not depend on how many rotas there are.
    """
    until = now + timedelta(weeks=WEEKS_AHEAD)
    wanted = {rota.id for rota in shown}
    by_id = {rota.id: rota for rota in [*shown, *rotas(_sharing_people(wanted) - wanted)]}
    ahead = {
        i: _ahead(spec, now, until) for i, spec in specs(by_id, since=now, until=until).items()
    }
    people = {span.user_id for i in wanted if i in ahead for span in ahead[i].spans}
    absences = {
        user_id: [(one.starts_at, one.ends_at) for one in away]
        for user_id, away in absent_at(people, starts_at=now, ends_at=until).items()
    }
    told = checks_ahead.findings(ahead, absences=absences, unreachable=_unreachable(people))
    names = {user_id: one.name for user_id, one in identity_queries.people(people).items()}
    return [_view(one, by_id, names) for one in told if {one.rota_id, one.other_rota_id} & wanted]


def gaps_ahead(rota_id: int, *, now: datetime) -> list[Gap]:
    """The gaps that begin in the six weeks from now, whole. Raises `RotaNotFound`."""
    until = now + timedelta(weeks=WEEKS_AHEAD)
    found = gaps(rota_id, starts_at=now, ends_at=until + timedelta(hours=MOST_SHIFT_HOURS))
    return [gap for gap in found if gap.starts_at < until]


def uncovered_services(*, now: datetime) -> list[UncoveredService]:
    """The services whose team has no rota, or none with somebody on call for six weeks, by name.

    A service is covered while any rota of its team has somebody on call.
    """
    until = now + timedelta(weeks=WEEKS_AHEAD)
    services = catalog_queries.services().values()
    of_team: dict[int, list[int]] = {}
    for rota in rotas():
        of_team.setdefault(rota.team_id, []).append(rota.id)
    found = specs([i for ids in of_team.values() for i in ids], since=now, until=until)
    teams = {team.id: team.name for team in identity_queries.teams({s.team_id for s in services})}
    first = {
        team_id: _first_hole([found[i] for i in of_team.get(team_id, ())], now, until)
        for team_id in teams
    }
    return [
        UncoveredService(
            service_id=service.id,
            slug=service.slug,
            name=service.name,
            team_id=service.team_id,
            team=teams[service.team_id],
            starts_at=first[service.team_id] if service.team_id in of_team else None,
        )
        for service in services
        if service.team_id not in of_team or first[service.team_id]
    ]


def _sharing_people(rota_ids: Collection[int]) -> set[int]:
    """The rotas in whose layers somebody is who is in a layer of one of these."""
    people = Member.objects.filter(layer__plan__rota_id__in=rota_ids, user__isnull=False)
    members = Member.objects.filter(user_id__in=people.values("user_id"))
    return set(members.values_list("layer__plan__rota_id", flat=True).distinct())


def _ahead(spec: RotaSpec, now: datetime, until: datetime) -> Ahead:
    return Ahead(
        spans=schedule.final_schedule(spec, now, until),
        gaps=schedule.gaps(spec, now, until),
        backed_up=[
            (low, high)
            for plan, low, high in schedule.reigns(spec, now, until)
            if plan.lieutenant.kind is not LieutenantKind.NOBODY
        ],
    )


def _unreachable(people: Collection[int]) -> set[int]:
    """Those whom only the inbox of Evenfall reaches, which wakes nobody."""
    kinds = notifications_queries.reachable_kinds(people)
    return {user_id for user_id in people if kinds[user_id] <= {notifications_queries.INBOX}}


def _first_hole(team: Sequence[RotaSpec], now: datetime, until: datetime) -> datetime | None:
    """The first time at which every rota of the team has a gap; None when there is none."""
    holes = [checks_ahead.joined(_gap_times(spec, now, until)) for spec in team]
    missing: Sequence[Stretch] = [(now, until)]
    for hole in holes:
        missing = checks_ahead.common(missing, hole)
    return missing[0][0] if missing else None


def _gap_times(spec: RotaSpec, now: datetime, until: datetime) -> Iterator[Stretch]:
    return ((gap.starts_at, gap.ends_at) for gap in schedule.gaps(spec, now, until))


def _view(finding: Finding, by_id: Mapping[int, RotaView], names: Mapping[int, str]) -> FindingView:
    return FindingView(
        trouble=finding.trouble,
        weight=finding.weight,
        rota=by_id[finding.rota_id],
        role=finding.role,
        user_id=finding.user_id,
        person=names.get(finding.user_id or 0, ""),
        other_rota=by_id.get(finding.other_rota_id or 0),
        times=finding.times,
        why=finding.why,
    )
