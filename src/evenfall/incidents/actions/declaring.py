"""Incidents that a person declares before any monitor sees them."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from django.db import connection, transaction

from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.ports import Urgency
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.incidents import errors, events
from evenfall.incidents.actions import calling
from evenfall.incidents.actions.moving import By
from evenfall.incidents.actions.naming import name_insiders
from evenfall.incidents.actions.reaching import page_more
from evenfall.incidents.logic.severity import CAP, Sev, may_be
from evenfall.incidents.logic.titles import one_line
from evenfall.incidents.models import Incident
from evenfall.platform.events import publish


def declare_incident(
    *,
    title: str,
    severity: Sev,
    now: datetime,
    actor: str,
    description: str = "",
    environment: Environment = Environment.PROD,
    urgency: Urgency = Urgency.HIGH,
    service_id: int | None = None,
    team_id: int | None = None,
    policy_id: int | None = None,
    page: bool = True,
    user_ids: Sequence[int] = (),
    request_key: str = "",
    is_private: bool = False,
    user_id: int | None = None,
) -> int:
    """Declare an incident by hand and return its number.

    Outside production it has low urgency out of working hours. With `page` whoever the policy leads
    to is called at once; `user_ids` are called in any case. The severity stays as the person set
    it, and only a person ends it. The same actor with the same `request_key` gets the number of
    what they declared with it before, and nobody is called again. A private one is seen by
    `user_id`, who declares it, and by `user_ids`. Raises TitleMissing, SeverityTooHigh (outside
    production), and ServiceNotFound, TeamNotFound or UserNotFound of the catalog and of identity.
    """
    check_severity(severity, environment)
    by = By(actor=actor, at=now, user_id=user_id)
    key = _key(actor, request_key)
    with transaction.atomic():
        if key and (known := _declared_with(key)) is not None:
            return known
        incident = Incident.objects.create(
            title=_title(title),
            description=description.strip(),
            severity=severity.value,
            declared_severity=severity.value,
            severity_set_by_person=True,
            urgency=_urgency(urgency, environment, now).value,
            environment=environment.value,
            declared=True,
            is_private=is_private,
            request_key=key,
            service_id=service_id,
            team_id=_team(service_id, team_id),
            policy_id=policy_id,
            opened_at=now,
            state_at=now,
            changed_at=now,
        )
        name_insiders(incident, [user_id, *user_ids], at=now)
        _announce(incident, by, page=page, user_ids=user_ids)
    return incident.pk


def _key(actor: str, request_key: str) -> str:
    """Return the stored form of a key: of one actor, and as long as any other."""
    return sha256(f"{actor} {request_key}".encode()).hexdigest() if request_key else ""


def _declared_with(key: str) -> int | None:
    """Return what was declared with the key; whoever comes second at the same time waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    return Incident.objects.filter(request_key=key).values_list("id", flat=True).first()


def _announce(incident: Incident, by: By, *, page: bool, user_ids: Sequence[int]) -> None:
    publish(_opened(incident, by))
    if page:
        calling.start(incident, by)
    if user_ids:
        page_more(incident_id=incident.pk, user_ids=user_ids, now=by.at, actor=by.actor)


def _title(title: str) -> str:
    wanted = one_line(title)
    if not wanted:
        raise errors.TitleMissing(field="title")
    return wanted


def _team(service_id: int | None, team_id: int | None) -> int | None:
    """Return the team that answers: the one named, else the owner of the service."""
    owner = None if service_id is None else catalog_queries.service(service_id).team_id
    return owner if team_id is None else identity_queries.team(team_id).id


def _urgency(wanted: Urgency, environment: Environment, now: datetime) -> Urgency:
    """UAT and DEV wake nobody out of working hours, whatever the form said."""
    return wanted if alerting_queries.may_wake(environment, now) else Urgency.LOW


def _opened(incident: Incident, by: By) -> events.IncidentOpened:
    return events.IncidentOpened(
        incident_id=incident.pk,
        service_id=incident.service_id,
        team_id=incident.team_id,
        title=incident.title,
        severity=incident.severity,
        urgency=incident.urgency,
        environment=incident.environment,
        declared=True,
        at=by.at,
        actor=by.actor,
    )


def check_severity(severity: Sev, environment: Environment) -> None:
    """Raise SeverityTooHigh when nothing in this environment can be that bad."""
    if not may_be(severity, environment):
        raise errors.SeverityTooHigh(
            field="severity", environment=environment.value, most=CAP.value
        )
