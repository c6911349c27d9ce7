"""Public updates that wait for a second person."""

from collections.abc import Collection
from datetime import datetime

from tests.factories.identity import NOW

from evenfall.identity.models import User
from evenfall.incidents import actions
from evenfall.incidents.actions import Said, Wording
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.roles import CrewRole
from evenfall.incidents.models import Incident, ProposedText
from evenfall.incidents.ports import Sev


def ask_for_two(*severities: Sev, now: datetime = NOW) -> None:
    """Public updates of these severities need a second person; SEV1 and SEV2 if none is named."""
    wanted: Collection[Sev] = severities or (Sev.SEV1, Sev.SEV2)
    actions.set_approval(severities=wanted, now=now, actor="system")


def seat(incident: Incident, *, now: datetime = NOW, **roles: User) -> None:
    for role, user in roles.items():
        actions.give_role(
            incident_id=incident.pk,
            role=CrewRole(role),
            user_id=user.pk,
            now=now,
            actor=f"user:{user.pk}",
        )


def say(incident: Incident, author: User | None, at: datetime, **texts: str) -> Said:
    """Tell audiences, by name."""
    return actions.say_update(
        incident_id=incident.pk,
        draft="",
        wordings={Audience(name): Wording(text=text) for name, text in texts.items()},
        user_id=author.pk if author else None,
        now=at,
        actor=f"user:{author.pk}" if author else "system",
    )


def make_proposed(incident: Incident, text: str = "Fuzz", *, now: datetime = NOW) -> ProposedText:
    """A text that waits, as a rule would have made it; of nobody who is known."""
    return ProposedText.objects.create(
        incident=incident, actor="system", text=text, html=f"<p>{text}</p>", written_at=now
    )
