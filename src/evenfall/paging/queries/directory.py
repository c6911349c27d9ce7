"""Who could be meant, read once for a whole batch of pages: the input of `logic.people`."""

from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec import Struct, field

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Role
from evenfall.notifications import queries as notifications_queries
from evenfall.oncall import queries as oncall_queries
from evenfall.paging.logic.people import ROTA_KINDS, Directory, DutyNow, TeamNow
from evenfall.paging.logic.policy import PolicySpec, TargetSpec
from evenfall.paging.logic.rules import INBOX
from evenfall.paging.logic.words import TargetKind

TEAM_KINDS = frozenset({TargetKind.TEAM, TargetKind.TEAM_LEAD})


class Snapshot(Struct, frozen=True, kw_only=True):
    """The directory of one instant, with what notices need: people and the kinds they have."""

    directory: Directory = field(default_factory=Directory)
    people: dict[int, identity_queries.Person] = field(default_factory=dict)
    ways: notifications_queries.Ways = field(default_factory=lambda: notifications_queries.Ways({}))

    @property
    def kinds(self) -> dict[int, set[str]]:
        return self.ways.kinds


def snapshot(
    specs: Iterable[PolicySpec],
    *,
    team_ids: Collection[int],
    at: datetime,
    user_ids: Collection[int] = (),
    extra_targets: Iterable[TargetSpec] = (),
) -> Snapshot:
    """Everybody whom these policies could lead to at `at`, for pages of these teams.

    The number of queries does not depend on how many pages, rotas, teams or people there are.
    `user_ids` are further people who may be notified, such as the holders of the pages.
    """
    wanted = list(specs)
    targets = [target for spec in wanted for step in spec.steps for target in step.targets]
    targets += [target for spec in wanted for target in spec.last_targets]
    targets += extra_targets
    concerned = {*team_ids, *_ids(targets, TEAM_KINDS)}
    duties = oncall_queries.duties_of_teams(
        concerned,
        and_ids=_ids(targets, ROTA_KINDS),
        at=at,
        with_next=any(target.kind is TargetKind.NEXT for target in targets),
    )
    rotas = {duty.id: _duty_now(duty) for duty in duties}
    candidates = {*user_ids, *_ids(targets, {TargetKind.USER})}
    candidates |= {i for duty in rotas.values() for i in _on_duty(duty)}
    staff = identity_queries.staff(team_ids=concerned, user_ids=candidates)
    teams, people = _teams(staff.teams, duties), staff.people
    ways = notifications_queries.ways_of(people)
    active = frozenset(i for i, person in people.items() if person.is_active)
    directory = Directory(
        rotas=rotas,
        teams=teams,
        administrator_ids=_administrators(people.values()),
        active=active,
        reachable=frozenset(i for i in active if ways.kinds[i] - {INBOX}),
    )
    return Snapshot(directory=directory, people=people, ways=ways)


def _administrators(people: Iterable[identity_queries.Person]) -> tuple[int, ...]:
    """The ids of the active ones, the oldest account first."""
    found = (p.id for p in people if p.is_active and p.role is Role.ADMIN)
    return tuple(sorted(found))


def _on_duty(duty: DutyNow) -> set[int]:
    people = (duty.primary, duty.lieutenant, duty.next_primary, duty.shadow)
    return {user_id for user_id in people if user_id is not None}


def _ids(targets: Iterable[TargetSpec], kinds: Collection[TargetKind]) -> set[int]:
    return {t.id for t in targets if t.kind in kinds and t.id is not None}


def _duty_now(rota: oncall_queries.RotaDuty) -> DutyNow:
    duty = rota.on_call
    return DutyNow(
        name=rota.name,
        primary=duty.primary.user_id if duty.primary else None,
        lieutenant=duty.lieutenant.user_id if duty.lieutenant else None,
        next_primary=duty.next_primary.user_id if duty.next_primary else None,
        primary_why=duty.primary.why.rstrip(".") if duty.primary else "",
        lieutenant_why=duty.lieutenant.why.rstrip(".") if duty.lieutenant else "",
        shadow=duty.shadow.user_id if duty.shadow else None,
    )


def _teams(
    teams: Iterable[identity_queries.StaffedTeam], rotas: Iterable[oncall_queries.RotaDuty]
) -> dict[int, TeamNow]:
    owned: dict[int, list[int]] = {}
    for rota in rotas:
        owned.setdefault(rota.team_id, []).append(rota.id)
    return {
        team.id: TeamNow(
            name=team.name,
            rota_ids=tuple(owned.get(team.id, ())),
            member_ids=team.people.member_ids,
            lead_ids=team.people.lead_ids,
        )
        for team in teams
    }
