"""Post-mortems and actions for tests, made the way the product makes them."""

from datetime import datetime, timedelta

from tests.factories.identity import NOW
from tests.factories.incidents import declare

from evenfall.identity.models import User
from evenfall.incidents import actions as incidents
from evenfall.incidents.models import Incident
from evenfall.incidents.ports import Sev
from evenfall.postmortems import actions
from evenfall.postmortems.actions import ActionDraft
from evenfall.postmortems.logic.action_life import ActionClass
from evenfall.postmortems.models import Action, Postmortem, Section


def ended_incident(
    *,
    title: str = "Shop is slow",
    severity: Sev = Sev.SEV3,
    by: User | None = None,
    team_id: int | None = None,
    service_id: int | None = None,
    now: datetime = NOW,
) -> Incident:
    """An incident of half an hour, ended at `now` by somebody or by nobody in particular."""
    began = now - timedelta(minutes=30)
    row = declare(title, severity=severity, team_id=team_id, service_id=service_id, now=began)
    actor = "system" if by is None else f"user:{by.id}"
    user_id = None if by is None else by.id
    incidents.resolve_incident(incident_id=row.id, user_id=user_id, now=now, actor=actor)
    row.refresh_from_db()
    return row


def make_postmortem(
    *,
    title: str = "Shop is slow",
    severity: Sev = Sev.SEV3,
    by: User | None = None,
    owner: User | None = None,
    team_id: int | None = None,
    service_id: int | None = None,
    now: datetime = NOW,
) -> Postmortem:
    incident = ended_incident(
        title=title, severity=severity, by=by, team_id=team_id, service_id=service_id, now=now
    )
    number = actions.start_postmortem(
        incident_id=incident.id, owner_id=owner.id if owner else None, now=now, actor="system"
    )
    return Postmortem.objects.get(id=number)


def first_section(postmortem: Postmortem) -> Section:
    return Section.objects.get(postmortem=postmortem, position=0)


def make_action(
    postmortem: Postmortem,
    owner: User,
    *,
    title: str = "Deploys stop while a migration waits",
    level: ActionClass = ActionClass.P2,
    now: datetime = NOW,
) -> Action:
    number = actions.add_action(
        postmortem_id=postmortem.id,
        draft=ActionDraft(title=title, owner_id=owner.id, level=level),
        now=now,
        actor="system",
    )
    return Action.objects.get(id=number)
