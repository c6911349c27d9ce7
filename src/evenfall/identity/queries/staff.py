"""Teams with their people, and whoever else is asked for: what a page has to know, in one query."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

import msgspec
from django.db import connection
from msgspec import Struct

from evenfall.identity.permissions import Role
from evenfall.identity.queries.people import Person
from evenfall.identity.queries.teams import TeamPeople


class StaffedTeam(Struct, frozen=True, kw_only=True):
    id: int
    name: str
    people: TeamPeople


class Staff(Struct, frozen=True, kw_only=True):
    """Teams by name, also those without anybody, and everybody by their id."""

    teams: list[StaffedTeam]
    people: dict[int, Person]


# By hand, since it is on the way of every page. The conditions stand apart: PostgreSQL uses an
# index for each of them, and for their OR over a subquery none.
_STAFF: Final = """
WITH member AS (
    SELECT team_id, user_id, role, created_at, id
      FROM identity_membership WHERE team_id = ANY(%(teams)s)
), wanted AS (
    SELECT unnest(%(users)s::bigint[]) AS id
     UNION SELECT user_id FROM member
     UNION SELECT id FROM identity_user WHERE role = %(admin)s AND is_active
)
SELECT (SELECT coalesce(json_agg(json_build_array(
                   team.id, team.name,
                   (SELECT coalesce(json_agg(json_build_array(user_id, role)
                                    ORDER BY created_at, id), '[]')
                      FROM member WHERE team_id = team.id)) ORDER BY name, id), '[]')::text
          FROM identity_team team WHERE id = ANY(%(teams)s)),
       (SELECT coalesce(json_agg(json_build_object(
                   'id', id, 'name', name, 'email', email, 'role', role, 'time_zone', time_zone,
                   'language', language, 'is_active', is_active) ORDER BY id), '[]')::text
          FROM identity_user JOIN wanted USING (id))
"""
_TEAMS: Final = msgspec.json.Decoder(list[tuple[int, str, list[tuple[int, Role]]]])
_PEOPLE: Final = msgspec.json.Decoder(list[Person])


def staff(*, team_ids: Collection[int], user_ids: Collection[int] = ()) -> Staff:
    """These teams with their active members, and as people: those, the users, administrators.

    Ids that nobody has are left out, and so are administrators who are not active.
    """
    wanted: dict[str, Any] = {
        "teams": list(team_ids),
        "users": list(user_ids),
        "admin": Role.ADMIN.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STAFF, wanted)
        teams, people = cursor.fetchone()
    found = {person.id: person for person in _PEOPLE.decode(people)}
    return Staff(
        teams=[
            StaffedTeam(id=team_id, name=name, people=_active(members, found))
            for team_id, name, members in _TEAMS.decode(teams)
        ],
        people=found,
    )


def _active(members: Iterable[tuple[int, Role]], people: Mapping[int, Person]) -> TeamPeople:
    there = [(user_id, role) for user_id, role in members if people[user_id].is_active]
    return TeamPeople(
        member_ids=tuple(user_id for user_id, _ in there),
        lead_ids=tuple(user_id for user_id, role in there if role is Role.MANAGER),
    )
