"""What the members of a team can."""

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.triage.models import MemberSkills


class SkilledMember(Struct, frozen=True, kw_only=True):
    user_id: int
    name: str
    skills: tuple[str, ...]


def skills_of_team(team_id: int) -> list[SkilledMember]:
    """The members of a team, also those of whom no skill is known."""
    known = skills_by_member(team_id)
    return [
        SkilledMember(
            user_id=member.person.id,
            name=member.person.name,
            skills=known.get(member.person.id, ()),
        )
        for member in identity_queries.team_members(team_id)
    ]


def skills_by_member(team_id: int) -> dict[int, tuple[str, ...]]:
    """By the ids of people, also of such as left the team."""
    rows = MemberSkills.objects.filter(team_id=team_id).values_list("user_id", "skills")
    return {user_id: tuple(skills) for user_id, skills in rows}
