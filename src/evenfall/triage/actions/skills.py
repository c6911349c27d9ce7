"""What people can, as those say who manage their team."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from evenfall.identity import queries as identity_queries
from evenfall.platform.events import publish
from evenfall.triage import errors, events, queries
from evenfall.triage.logic.skills import are_sound, skills_of
from evenfall.triage.models import MemberSkills, TeamReview


@transaction.atomic
def set_skills(
    *, team_id: int, skills: Mapping[int, Sequence[str]], now: datetime, actor: str
) -> None:
    """Say what some members of a team can; of the others nothing changes.

    Locks the review of the team. Raises `TeamNotFound`, `ItemIncomplete`.
    """
    identity_queries.team(team_id)
    TeamReview.objects.get_or_create(team_id=team_id)
    TeamReview.objects.select_for_update().get(team_id=team_id)
    members = {one.user_id: one for one in queries.skills_of_team(team_id)}
    if not set(skills) <= set(members):
        raise errors.ItemIncomplete(reason="Somebody there is not in the team.", field="people")
    given = {user_id: sound_skills(words) for user_id, words in skills.items()}
    changed = {who: words for who, words in given.items() if members[who].skills != words}
    for user_id, words in changed.items():
        MemberSkills.objects.update_or_create(
            team_id=team_id, user_id=user_id, defaults={"skills": list(words)}
        )
    if changed:
        before = {members[who].name: list(members[who].skills) for who in changed}
        after = {members[who].name: list(words) for who, words in changed.items()}
        publish(
            events.TeamReviewChanged(
                team_id=team_id,
                before={"skills": before},
                after={"skills": after},
                at=now,
                actor=actor,
            )
        )


def sound_skills(given: Sequence[str]) -> tuple[str, ...]:
    """The skills as they are stored. Raises `ItemIncomplete`."""
    words = skills_of(given)
    if not are_sound(words):
        raise errors.ItemIncomplete(reason="At most 20 skills of 40 letters.", field="skills")
    return words
