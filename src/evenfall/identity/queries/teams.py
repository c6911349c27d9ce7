"""Reads of teams and of who is in them."""

from collections.abc import Collection
from typing import Final

from django.db.models import Count, Q, QuerySet
from msgspec import Struct

from evenfall.identity import errors
from evenfall.identity.models import Membership, Team
from evenfall.identity.permissions import Role
from evenfall.identity.queries.people import Person, person_of
from evenfall.platform import once

_KNOWN: Final = "identity.teams"


class TeamView(Struct, frozen=True, kw_only=True):
    id: int
    slug: str
    name: str
    description: str = ""
    member_count: int | None = None
    """None where nobody counted."""


class Member(Struct, frozen=True, kw_only=True):
    person: Person
    role: Role


def teams(ids: Collection[int] | None = None) -> list[TeamView]:
    """These teams by name, or all of them."""
    if ids is not None:
        found = once.known(_KNOWN, ids, lambda: _read(Team.objects.filter(id__in=ids)))
    else:
        found = _read(Team.objects.all())
        once.learn(_KNOWN, found)
    return list(found.values())


def _read(rows: QuerySet[Team]) -> dict[int, TeamView]:
    """Rows without the model around them: forms offer all teams there are."""
    found = rows.order_by("name", "id").values_list("id", "slug", "name", "description")
    return {
        row[0]: TeamView(id=row[0], slug=row[1], name=row[2], description=row[3]) for row in found
    }


def teams_with_counts() -> list[TeamView]:
    """All teams by name with the number of their active members."""
    counted = Team.objects.annotate(
        member_count=Count("memberships", filter=Q(memberships__user__is_active=True))
    )
    return [_team(team, team.member_count) for team in counted.order_by("name", "id")]


def team(team_id: int) -> TeamView:
    """Raise `TeamNotFound` when there is none."""
    return _found(Team.objects.filter(id=team_id).first(), team_id)


def team_by_slug(slug: str) -> TeamView:
    """Raise `TeamNotFound` when there is none."""
    return _found(Team.objects.filter(slug=slug).first(), slug)


def find_teams(text: str, *, limit: int = 5) -> list[TeamView]:
    rows = Team.objects.filter(Q(name__icontains=text) | Q(slug__icontains=text))
    return [_team(team) for team in rows.order_by("name", "id")[:limit]]


class TeamPeople(Struct, frozen=True, kw_only=True):
    """The ids of a team's active members and of those who manage it, oldest membership first."""

    member_ids: tuple[int, ...] = ()
    lead_ids: tuple[int, ...] = ()

    @property
    def leading_ids(self) -> tuple[int, ...]:
        """Those who manage it; everybody in it where nobody does, so that somebody hears."""
        return self.lead_ids or self.member_ids


def team_people(team_ids: Collection[int]) -> dict[int, TeamPeople]:
    """Who is in each of these teams, in one query; teams without an active member are left out."""
    rows = Membership.objects.filter(team_id__in=team_ids, user__is_active=True)
    members: dict[int, list[int]] = {}
    leads: dict[int, list[int]] = {}
    for team_id, user_id, role in rows.order_by("created_at", "id").values_list(
        "team_id", "user_id", "role"
    ):
        members.setdefault(team_id, []).append(user_id)
        if role == Role.MANAGER:
            leads.setdefault(team_id, []).append(user_id)
    return {
        team_id: TeamPeople(member_ids=tuple(ids), lead_ids=tuple(leads.get(team_id, ())))
        for team_id, ids in members.items()
    }


def roles_in_teams() -> dict[int, dict[int, Role]]:
    """For each team the roles of its active members by their ids, in one query."""
    found: dict[int, dict[int, Role]] = {}
    rows = Membership.objects.filter(user__is_active=True).order_by("team_id", "id")
    for team_id, user_id, role in rows.values_list("team_id", "user_id", "role"):
        found.setdefault(team_id, {})[user_id] = Role(role)
    return found


def team_members(team_id: int) -> list[Member]:
    """The active members by name."""
    rows = Membership.objects.filter(team_id=team_id, user__is_active=True)
    return [
        Member(person=person_of(row.user), role=Role(row.role))
        for row in rows.select_related("user").order_by("user__name", "user_id")
    ]


def team_leads(team_id: int) -> list[int]:
    """The ids of the active members who manage the team, oldest membership first."""
    rows = Membership.objects.filter(team_id=team_id, role=Role.MANAGER, user__is_active=True)
    return list(rows.order_by("created_at", "id").values_list("user_id", flat=True))


def team_ids_of(user_id: int) -> list[int]:
    return list(
        Membership.objects.filter(user_id=user_id)
        .order_by("team__name", "team_id")
        .values_list("team_id", flat=True)
    )


def _team(team: Team, member_count: int | None = None) -> TeamView:
    return TeamView(
        id=team.id,
        slug=team.slug,
        name=team.name,
        description=team.description,
        member_count=member_count,
    )


def _found(team: Team | None, key: object) -> TeamView:
    if team is None:
        raise errors.TeamNotFound(team=key)
    return _team(team)
