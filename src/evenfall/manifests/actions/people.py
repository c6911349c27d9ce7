"""Teams and who is in them, as a manifest wants them."""

from collections.abc import Iterator, Sequence
from typing import Any

from evenfall.identity import actions as identity_actions
from evenfall.identity.actions import NewTeam, Place
from evenfall.manifests.actions.hands import Hands
from evenfall.manifests.logic import specs
from evenfall.manifests.logic.planning import Change
from evenfall.manifests.queries.names import PEOPLE


def teams(changes: Sequence[Change], hands: Hands) -> list[int]:
    """Make, change or delete teams. Their members become those that are named, if any are."""
    for change in changes:
        hands.manage(change.own_id)
    made = iter(_made(changes, hands))
    own_ids = [next(made) if c.own_id is None else _changed(c.own_id, c, hands) for c in changes]
    pairs = zip(own_ids, changes, strict=True)
    places = [place for own_id, change in pairs for place in _places(own_id, change, hands)]
    if places:
        identity_actions.place_members(wanted=places, **hands.signed)
    return own_ids


def _made(changes: Sequence[Change], hands: Hands) -> list[int]:
    wanted = [
        NewTeam(slug=change.thing.key, name=after.name, description=after.description)
        for change in changes
        if change.own_id is None and isinstance(after := change.after, specs.Team)
    ]
    return identity_actions.create_teams(wanted=wanted, **hands.signed) if wanted else []


def _changed(team_id: int, change: Change, hands: Hands) -> int:
    after = change.after
    if isinstance(after, specs.Team):
        said: dict[str, Any] = {"name": after.name, "description": after.description}
        identity_actions.change_team(team_id=team_id, **said, **hands.signed)
    else:
        identity_actions.delete_team(team_id=team_id, **hands.signed)
    return team_id


def _places(team_id: int, change: Change, hands: Hands) -> Iterator[Place]:
    """Whom to put into a team, and whom to take out of it."""
    if not isinstance(change.after, specs.Team) or change.after.members is None:
        return
    was = change.before.members if isinstance(change.before, specs.Team) else None
    before, after = was or {}, change.after.members
    for email, role in after.items():
        if before.get(email) != role:
            user_id = hands.names.id(PEOPLE, email)
            yield Place(team_id=team_id, user_id=user_id, role=role.value)
    for email in before.keys() - after.keys():
        yield Place(team_id=team_id, user_id=hands.names.id(PEOPLE, email), role=None)
