"""New items: reported by people, by programs, and by alerts that need nobody tonight."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from msgspec import Struct

from evenfall.alerting.ports import Severity
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.platform.events import SYSTEM, publish
from evenfall.triage import errors, events
from evenfall.triage.actions.recording import By, record
from evenfall.triage.logic.priority import Level, priority_of
from evenfall.triage.logic.states import State, What
from evenfall.triage.models import Item, TeamReview
from evenfall.triage.ports import Source

TITLE_LENGTH = 200
STRAY = (
    "No team has this alert: neither its integration nor its rule names a service or a team. It is "
    "here because this team takes what belongs to nobody."
)


class NewItem(Struct, frozen=True, kw_only=True):
    """What is reported. `team_id` None: the owner of the service."""

    title: str
    source: Source
    description: str = ""
    team_id: int | None = None
    service_id: int | None = None
    environment: Environment = Environment.PROD
    release: str = ""
    workaround: str = ""
    reporter_name: str = ""
    reporter_contact: str = ""
    impact: Level = Level.MEDIUM
    urgency: Level = Level.MEDIUM
    users_affected: int = 0
    recurs: bool = False


class AlertTicket(Struct, frozen=True, kw_only=True):
    """An alert whose outcome is "ticket"; its text, and where it comes from."""

    alert_id: int
    title: str
    description: str
    severity: Severity
    environment: Environment
    team_id: int
    service_id: int | None
    source: str
    at: datetime
    is_stray: bool = False
    """No team has the alert, so that it is in the queue of the one that takes such."""


_OF_SEVERITY = {
    Severity.CRITICAL: (Level.HIGH, Level.HIGH),
    Severity.ERROR: (Level.HIGH, Level.MEDIUM),
    Severity.WARNING: (Level.MEDIUM, Level.MEDIUM),
    Severity.INFO: (Level.LOW, Level.LOW),
}
"""Impact and urgency as the monitor sees them; people correct them."""


@transaction.atomic
def report_item(*, new: NewItem, now: datetime, actor: str) -> int:
    """Put something into the queue of its team and return its number.

    Raises `ItemIncomplete`, and `ServiceNotFound` or `TeamNotFound`.
    """
    title = " ".join(new.title.split())[:TITLE_LENGTH]
    if not title:
        raise errors.ItemIncomplete(reason="Say in a few words what it is about.", field="title")
    item = Item(
        title=title,
        description=new.description.strip(),
        source=new.source.value,
        team_id=_team(new),
        service_id=new.service_id,
        environment=new.environment.value,
        release=new.release.strip(),
        workaround=new.workaround.strip(),
        reporter_name=new.reporter_name.strip(),
        reporter_contact=new.reporter_contact.strip(),
        users_affected=new.users_affected,
        recurs=new.recurs,
    )
    return _open(item, new.impact, new.urgency, By(actor, now))


def report_alerts(*, tickets: Sequence[AlertTicket], now: datetime) -> int:
    """Make an item of each alert that has none yet; return how many. Runs in a transaction."""
    wanted = {ticket.alert_id: ticket for ticket in tickets}
    known = set(Item.objects.filter(alert_id__in=wanted).values_list("alert_id", flat=True))
    fresh = [ticket for number, ticket in wanted.items() if number not in known]
    for ticket in fresh:
        impact, urgency = _OF_SEVERITY[ticket.severity]
        by, why = By(SYSTEM, min(ticket.at, now)), STRAY if ticket.is_stray else ""
        _open(_of_alert(ticket), impact, urgency, by, why)
    return len(fresh)


def _of_alert(ticket: AlertTicket) -> Item:
    return Item(
        title=" ".join(ticket.title.split())[:TITLE_LENGTH] or "An alert without a title",
        description=ticket.description,
        source=Source.ALERT.value,
        alert_id=ticket.alert_id,
        team_id=ticket.team_id,
        service_id=ticket.service_id,
        environment=ticket.environment.value,
        reporter_name=ticket.source[:100],
    )


def _open(item: Item, impact: Level, urgency: Level, by: By, why: str = "") -> int:
    item.impact, item.urgency = impact.value, urgency.value
    item.priority = priority_of(impact, urgency).value
    item.state = State.NEW.value
    item.calendar_id = (
        TeamReview.objects.filter(team_id=item.team_id)
        .values_list("calendar_id", flat=True)
        .first()
    )
    item.reported_at = item.changed_at = by.at
    item.save()
    record(item, What.REPORTED, by, text=why)
    publish(
        events.ItemReported(
            item_id=item.pk,
            team_id=item.team_id,
            title=item.title,
            priority=item.priority,
            source=item.source,
            alert_id=item.alert_id,
            at=by.at,
            actor=by.actor,
        )
    )
    return item.pk


def _team(new: NewItem) -> int:
    owner = None if new.service_id is None else catalog_queries.service(new.service_id).team_id
    if new.team_id is not None:
        return identity_queries.team(new.team_id).id
    if owner is None:
        raise errors.ItemIncomplete(
            reason="Choose a team, or a service that has one.", field="team_id"
        )
    return owner
