"""What is wrong with the next six weeks, rota by rota, and which services nobody covers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.notifications import queries as notifications_queries
from evenfall.oncall.logic import calendar, checks_ahead, schedule
from evenfall.oncall.logic.checks_ahead import Ahead, Finding, Stretch, Trouble, Weight
from evenfall.oncall.logic.spec import Gap, LieutenantKind, Role, RotaSpec, Span
from evenfall.oncall.models import MOST_SHIFT_HOURS, Member
from evenfall.oncall.queries.absences import absent_at
from evenfall.oncall.queries.duties import gaps
from evenfall.oncall.queries.rotas import RotaView, rotas
from evenfall.oncall.queries.specs import specs

WEEKS_AHEAD = 6
_WHOLE_DAYS = timedelta(weeks=WEEKS_AHEAD, days=1)
"""From the midnight (UTC) before any moment this holds the weeks after it."""


class FindingView(Struct, frozen=True, kw_only=True):
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


class UncoveredService(Struct, frozen=True, kw_only=True):
    """A service for which nobody would be paged, now or at a time to come."""

    service_id: int
    slug: str
    name: str
    team_id: int
    team: str
    starts_at: datetime | None
    """When nobody covers it for the first time; None for never covered."""


class WeeksAhead(Struct, frozen=True, kw_only=True):
    """All rotas with what is wrong, the worst and soonest first; services by name.

    A service is covered while any rota of its team has somebody on call.
    """

    rotas: Sequence[RotaView]
    troubles: Sequence[FindingView]
    services: Sequence[UncoveredService]


def weeks_ahead(*, now: datetime) -> WeeksAhead:
    """All rotas in the six weeks from now, computed once for both lists; a few queries."""
    until, shown = now + timedelta(weeks=WEEKS_AHEAD), rotas()
    by_id = {rota.id: rota for rota in shown}
    ahead = _all_ahead(by_id, now, until)
    return WeeksAhead(
        rotas=shown,
        troubles=_troubles(by_id, by_id.keys(), ahead, now, until),
        services=_uncovered(shown, ahead, now, until),
    )


def troubles_ahead(shown: Sequence[RotaView], *, now: datetime) -> list[FindingView]:
    """What is wrong with these rotas in the six weeks from now, the worst and soonest first.

    Rotas that share people with them are looked at too, for whoever is on call by two at once. The
    number of queries does not depend on how many rotas there are.
    """
    until = now + timedelta(weeks=WEEKS_AHEAD)
    wanted = {rota.id for rota in shown}
    by_id = {rota.id: rota for rota in [*shown, *rotas(_sharing_people(wanted) - wanted)]}
    return _troubles(by_id, wanted, _all_ahead(by_id, now, until), now, until)


def gaps_ahead(rota_id: int, *, now: datetime) -> list[Gap]:
    """The gaps that begin in the six weeks from now, whole. Raises `RotaNotFound`."""
    until = now + timedelta(weeks=WEEKS_AHEAD)
    found = gaps(rota_id, starts_at=now, ends_at=until + timedelta(hours=MOST_SHIFT_HOURS))
    return [gap for gap in found if gap.starts_at < until]


def _all_ahead(rota_ids: Collection[int], now: datetime, until: datetime) -> dict[int, Ahead]:
    first = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    found = specs(rota_ids, since=first, until=first + _WHOLE_DAYS)
    return {rota_id: _ahead(spec, first, now, until) for rota_id, spec in found.items()}


def _troubles(
    by_id: Mapping[int, RotaView],
    wanted: Collection[int],
    ahead: Mapping[int, Ahead],
    now: datetime,
    until: datetime,
) -> list[FindingView]:
    people = {span.user_id for i in wanted if i in ahead for span in ahead[i].spans}
    absences = {
        user_id: [(one.starts_at, one.ends_at) for one in away]
        for user_id, away in absent_at(people, starts_at=now, ends_at=until).items()
    }
    told = checks_ahead.findings(ahead, absences=absences, unreachable=_unreachable(people))
    told = [one for one in told if one.rota_id in wanted or one.other_rota_id in wanted]
    names = identity_queries.names(one.user_id for one in told)
    return [_view(one, by_id, names) for one in told]


def _uncovered(
    shown: Sequence[RotaView], ahead: Mapping[int, Ahead], now: datetime, until: datetime
) -> list[UncoveredService]:
    services = catalog_queries.services().values()
    of_team: dict[int, list[Ahead]] = {}
    for rota in shown:
        if rota.id in ahead:  # not deleted in between
            of_team.setdefault(rota.team_id, []).append(ahead[rota.id])
    first = {team_id: _first_hole(found, now, until) for team_id, found in of_team.items()}
    bare = [one for one in services if one.team_id not in first or first[one.team_id]]
    teams = {team.id: team.name for team in identity_queries.teams({one.team_id for one in bare})}
    return [
        UncoveredService(
            service_id=service.id,
            slug=service.slug,
            name=service.name,
            team_id=service.team_id,
            team=teams[service.team_id],
            starts_at=first.get(service.team_id),
        )
        for service in bare
    ]


def _sharing_people(rota_ids: Collection[int]) -> set[int]:
    """The rotas in whose layers somebody is who is in a layer of one of these."""
    people = Member.objects.filter(layer__plan__rota_id__in=rota_ids, user__isnull=False)
    members = Member.objects.filter(user_id__in=people.values("user_id"))
    return set(members.values_list("layer__plan__rota_id", flat=True).distinct())


@lru_cache(maxsize=512)
def _whole_days(spec: RotaSpec, first: datetime) -> tuple[tuple[Span, ...], tuple[Gap, ...]]:
    """Computed once a day and rota: it depends on nothing but these, and costs most of a page."""
    return schedule.schedule_and_gaps(spec, first, first + _WHOLE_DAYS)


def _ahead(spec: RotaSpec, first: datetime, now: datetime, until: datetime) -> Ahead:
    spans, gaps = _whole_days(spec, first)
    return Ahead(
        spans=[_cut(span, now, until) for span in spans if _touches(span, now, until)],
        gaps=[_cut(gap, now, until) for gap in gaps if _touches(gap, now, until)],
        backed_up=[
            (low, high)
            for plan, low, high in schedule.reigns(spec, now, until)
            if plan.lieutenant.kind is not LieutenantKind.NOBODY
        ],
    )


def _touches(one: Span | Gap, now: datetime, until: datetime) -> bool:
    return one.starts_at < until and one.ends_at > now


def _cut[T: (Span, Gap)](one: T, now: datetime, until: datetime) -> T:
    if one.starts_at >= now and one.ends_at <= until:
        return one
    return replace(one, starts_at=max(one.starts_at, now), ends_at=min(one.ends_at, until))


def _unreachable(people: Collection[int]) -> set[int]:
    """Those whom only the inbox of Evenfall reaches, which wakes nobody."""
    kinds = notifications_queries.reachable_kinds(people)
    return {user_id for user_id in people if kinds[user_id] <= {notifications_queries.INBOX}}


def _first_hole(team: Sequence[Ahead], now: datetime, until: datetime) -> datetime | None:
    """The first time at which every rota of the team has a gap; None when there is none."""
    missing: Sequence[Stretch] = [(now, until)]
    for one in team:
        holes = checks_ahead.joined((gap.starts_at, gap.ends_at) for gap in one.gaps)
        missing = checks_ahead.common(missing, holes)
    return missing[0][0] if missing else None


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
