"""Rows of the table of who hears what, and the workers that go by it."""

from datetime import datetime

from tests.factories.identity import NOW

from evenfall.identity.models import Team, User
from evenfall.incidents import actions
from evenfall.incidents.logic.hearing import Hears
from evenfall.incidents.ports import Sev
from evenfall.platform.reactions import drains


def make_listener(
    who: User | Team,
    hears: Hears = Hears.CALLED,
    *,
    severity: Sev = Sev.SEV2,
    team: Team | None = None,
    now: datetime = NOW,
) -> int:
    """A row for a person or a team; of incidents of one team where it is given."""
    is_person = isinstance(who, User)
    wish = actions.ListenerWish(
        severity=severity,
        hears=hears,
        team_id=team.pk if team else None,
        user_id=who.pk if is_person else None,
        group_id=None if is_person else who.pk,
    )
    return actions.add_listener(wish=wish, now=now, actor="system")


def react(now: datetime, *reactors: str) -> None:
    """Let these reactors take what happened, as the workers do; those of this table if none."""
    wanted = reactors or ("incidents.invitations", "incidents.hearing", "incidents.insiders")
    for name in wanted:
        (drain,) = [one for one in drains() if one.name.endswith(name)]
        while drain.run(now).done:
            pass
