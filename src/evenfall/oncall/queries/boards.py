"""What the pages show: duties with names instead of numbers."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.oncall.logic import picture, schedule
from evenfall.oncall.logic.schedule import OnCall
from evenfall.oncall.logic.spec import (
    Gap,
    Role,
    RotaSpec,
    Span,
)
from evenfall.oncall.models import MOST_SHIFT_HOURS
from evenfall.oncall.queries.contacts import Contact, contacts_of
from evenfall.oncall.queries.diffs import ineffective
from evenfall.oncall.queries.duties import on_call_at
from evenfall.oncall.queries.feeds import rotas_with
from evenfall.oncall.queries.rotas import (
    OverrideView,
    RotaView,
    coming_overrides,
    rotas,
    rotas_of_teams,
    teams_with_rotas,
)
from evenfall.oncall.queries.specs import specs

GAP_WEEKS = 6
WHOLE = timedelta(hours=MOST_SHIFT_HOURS)
"""No shift is longer: a stretch wider by this much holds every shift whole."""
SHIFTS_SHOWN = 8
TEAMS_SHOWN = 40
"""Teams at a time; more than a screen holds, and each costs some time."""


class DutyView(Struct, frozen=True, kw_only=True):
    """A duty with the name; address and contacts are None where nobody asked or may see them."""

    user_id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    why: str
    email: str | None = None
    contacts: tuple[Contact, ...] | None = None


class RotaNow(Struct, frozen=True, kw_only=True):
    """A rota and who is on call by it at one instant."""

    rota: RotaView
    primary: DutyView | None
    lieutenant: DutyView | None
    next_primary: DutyView | None
    why_nobody: str
    shadow: DutyView | None = None


class MyShift(Struct, frozen=True, kw_only=True):
    """One duty of the person who looks."""

    rota: RotaView
    role: Role
    starts_at: datetime
    ends_at: datetime


class TeamBoard(Struct, frozen=True, kw_only=True):
    team_id: int
    team_name: str
    team_slug: str
    rotas: tuple[RotaNow, ...]

    def is_served_by(self, user_id: int) -> bool:
        """Whether this person is primary by one of the rotas."""
        return any(line.primary and line.primary.user_id == user_id for line in self.rotas)


class BoardsPart(Struct, frozen=True, kw_only=True):
    """Some teams, and with which number the next ones begin; None after the last."""

    boards: list[TeamBoard]
    following: int | None


class RotaPicture(Struct, frozen=True, kw_only=True):
    """The coming four weeks drawn, the next shifts in words, and the gaps of six weeks."""

    weeks: tuple[picture.Week, ...]
    next_shifts: list[DutyView]
    gaps: tuple[Gap, ...]


class OverrideLine(Struct, frozen=True, kw_only=True):
    """An override with names; `person` is None where somebody is taken off.

    One without effect changes nothing: a later override or the plan says the same or wins.
    """

    override: OverrideView
    person: str | None
    instead_of: str | None
    has_effect: bool


def boards(
    *,
    at: datetime,
    own_teams: Collection[int],
    may_see_contacts: Callable[[int], bool] = lambda _: False,
    start: int,
    most: int,
) -> BoardsPart:
    """Who is on call, team by team: the viewer's own teams first, then by name.

    `most` teams from the `start`; only these are computed. `may_see_contacts` says of the id of a
    team whether contacts are told for its rotas.
    """
    teams = identity_queries.teams(teams_with_rotas())
    ordered = sorted(teams, key=lambda team: team.id not in own_teams)
    end = start + most
    part = ordered[start:end]
    shown = rotas_of_teams([team.id for team in part])
    of_team: dict[int, list[RotaNow]] = defaultdict(list)
    for line in rotas_now(shown, at=at, may_see_contacts=may_see_contacts):
        of_team[line.rota.team_id].append(line)
    found = [
        TeamBoard(
            team_id=team.id,
            team_name=team.name,
            team_slug=team.slug,
            rotas=tuple(of_team[team.id]),
        )
        for team in part
    ]
    return BoardsPart(boards=found, following=end if end < len(ordered) else None)


def rotas_now(
    shown: Sequence[RotaView],
    *,
    at: datetime,
    may_see_contacts: Callable[[int], bool] = lambda _: False,
) -> list[RotaNow]:
    """Who is on call by these rotas; with contacts for the teams of which they may be seen."""
    duties = on_call_at([rota.id for rota in shown], at=at)
    people = identity_queries.people(
        {span.user_id for found in duties.values() for span in _spans(found)}
    )
    teams = {rota.team_id for rota in shown if may_see_contacts(rota.team_id)}
    contacts = contacts_of(people) if teams else {}
    return [
        _now(rota, duties[rota.id], _Known(people, contacts, told=rota.team_id in teams))
        for rota in shown
    ]


def rota_picture(rota_id: int, *, now: datetime) -> RotaPicture:
    """What is to come; for a rota that exists."""
    until = now + timedelta(weeks=GAP_WEEKS)
    spec = specs([rota_id], since=now - timedelta(weeks=1), until=until)[rota_id]
    names = identity_queries.names(_people(spec))
    coming = schedule.coming_primaries(spec, now, until)
    return RotaPicture(
        weeks=picture.weeks(spec, names, now=now),
        next_shifts=[_duty(span, names) for span in coming[:SHIFTS_SHOWN]],
        gaps=schedule.gaps(spec, now, until),
    )


def coming_shifts(user_id: int, *, now: datetime) -> list[MyShift]:
    """The duties of this person in the next six weeks, by any rota, running ones whole."""
    shown = rotas(rotas_with(user_id))
    until = now + timedelta(weeks=GAP_WEEKS)
    found = specs([rota.id for rota in shown], since=now - WHOLE, until=until + WHOLE)
    shifts = [
        MyShift(rota=rota, role=span.role, starts_at=span.starts_at, ends_at=span.ends_at)
        for rota in shown
        for span in schedule.final_schedule(found[rota.id], now - WHOLE, until + WHOLE)
        if span.user_id == user_id and span.ends_at > now and span.starts_at < until
    ]
    return sorted(shifts, key=lambda shift: (shift.starts_at, shift.rota.name))


def override_lines(rota_id: int, *, now: datetime) -> list[OverrideLine]:
    """The overrides that run or will run."""
    shown = coming_overrides(rota_id, now=now)
    names = identity_queries.names(i for o in shown for i in (o.user_id, o.instead_of_id))
    idle = ineffective(rota_id, now=now)
    return [
        OverrideLine(
            override=one,
            person=names.get(one.user_id or 0),
            instead_of=names.get(one.instead_of_id or 0),
            has_effect=one.id not in idle,
        )
        for one in shown
    ]


def duty_views(spans: Sequence[Span]) -> list[DutyView]:
    names = identity_queries.names(span.user_id for span in spans)
    return [_duty(span, names) for span in spans]


class _Known(Struct, frozen=True):
    """What may be told of people beside one rota."""

    people: Mapping[int, identity_queries.Person]
    contacts: Mapping[int, tuple[Contact, ...]]
    told: bool

    def duty(self, span: Span | None) -> DutyView | None:
        if span is None:
            return None
        person = self.people[span.user_id]
        return DutyView(
            user_id=span.user_id,
            name=person.name,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            why=span.why,
            email=person.email if self.told else None,
            contacts=self.contacts[span.user_id] if self.told else None,
        )


def _now(rota: RotaView, found: OnCall, known: _Known) -> RotaNow:
    return RotaNow(
        rota=rota,
        primary=known.duty(found.primary),
        lieutenant=known.duty(found.lieutenant),
        next_primary=known.duty(found.next_primary),
        why_nobody=found.why_nobody,
        shadow=known.duty(found.shadow),
    )


def _duty(span: Span, names: dict[int, str]) -> DutyView:
    return DutyView(
        user_id=span.user_id,
        name=names.get(span.user_id, "?"),
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        why=span.why,
    )


def _spans(found: OnCall) -> list[Span]:
    duties = (found.primary, found.lieutenant, found.next_primary, found.shadow)
    return [span for span in duties if span]


def _people(spec: RotaSpec) -> set[int]:
    rules = [plan.lieutenant for plan in spec.plans]
    stacked = [layer for plan in spec.plans for layer in plan.all_layers]
    found = {slot.user_id for layer in stacked for slot in layer.members}
    found |= {rule.user_id for rule in rules} | {o.user_id for o in spec.overrides}
    return {user_id for user_id in found if user_id is not None}
