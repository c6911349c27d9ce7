"""What triage does when alerts need nobody tonight, and when incidents need people.

Batches come in the order of the journal.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from evenfall.alerting import events as alerting_events
from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.ports import Outcome, Severity
from evenfall.alerting.queries import AlertFilter, AlertRow
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity import events as identity_events
from evenfall.incidents import events as incidents_events
from evenfall.platform.events import Event, Recorded
from evenfall.triage import actions, queries
from evenfall.triage.actions import AlertTicket

ALERT_EVENTS: tuple[type[Event], ...] = (
    alerting_events.AlertOpened,
    alerting_events.AlertUpdated,
)

MORE_RESPONDERS: tuple[type[Event], ...] = (
    incidents_events.IncidentAcknowledged,
    incidents_events.IncidentMobilised,
    incidents_events.IncidentReopened,
    incidents_events.RoleTaken,
    incidents_events.SeverityChanged,
)
"""After these somebody may answer a critical incident who did not before."""

INCIDENT_ENDS: tuple[type[Event], ...] = (
    incidents_events.IncidentResolved,
    incidents_events.IncidentReopened,
)

TEAMS_MADE: tuple[type[Event], ...] = (identity_events.TeamCreated,)

MOST_TAKEN_IN = 500

type Ending = incidents_events.IncidentResolved | incidents_events.IncidentReopened
type Decided = alerting_events.AlertOpened | alerting_events.AlertUpdated


def follow_alerts(events: Sequence[Recorded[Decided]], *, now: datetime) -> None:
    """Put what alerts ask for into the queue of their team; what no team has, into that of one."""
    wanted = [one.event for one in events if _is_ticket(one.event)]
    if wanted:
        actions.report_alerts(tickets=list(_tickets(wanted)), now=now)


def take_in_strays(
    events: Sequence[Recorded[identity_events.TeamCreated]], *, now: datetime
) -> None:
    """The first team finds what was told while there was none: the tickets that are open yet.

    At most five hundred, the newest: more than that nobody reads one by one.
    """
    team_id = queries.stray_team()
    if team_id is not None and team_id in {one.event.team_id for one in events}:
        actions.report_alerts(tickets=list(_waiting(team_id)), now=now)


def clear_the_lane(events: Sequence[Recorded[Event]], *, now: datetime) -> None:
    """Who answers a critical incident has nothing else in work."""
    del events
    actions.make_way(now=now)


def follow_incidents(events: Sequence[Recorded[Ending]], *, now: datetime) -> None:
    """Say on what became an incident that this is over, or open again; the last word counts."""
    last = {
        one.event.incident_id: isinstance(one.event, incidents_events.IncidentResolved)
        for one in events
    }
    for incident_id, is_over in sorted(last.items()):
        actions.follow_incident(incident_id=incident_id, is_over=is_over, now=now)


def _is_ticket(fact: Decided) -> bool:
    return fact.outcome == Outcome.TICKET.value and not fact.held_by


def _tickets(facts: Sequence[Decided]) -> Iterator[AlertTicket]:
    services = catalog_queries.services({one.service_id for one in facts if one.service_id})
    owners = {number: one.team_id for number, one in services.items()}
    teams = [one.team_id or owners.get(one.service_id or 0) for one in facts]
    strays_go_to = None if all(teams) else queries.stray_team()
    for fact, own_team in zip(facts, teams, strict=True):
        team_id = own_team or strays_go_to
        if team_id is not None:  # until there is a team the alert itself waits, and is open
            yield _ticket(
                fact,
                alert_id=fact.alert_id,
                description=fact.description,
                team_id=team_id,
                is_stray=own_team is None,
                at=fact.at,
            )


def _waiting(team_id: int) -> Iterator[AlertTicket]:
    wanted = AlertFilter(outcome=Outcome.TICKET.value)
    found = alerting_queries.alerts_page(wanted, size=MOST_TAKEN_IN).items
    rows = [row for row in found if row.team_id is None and not row.held_by]
    notes = alerting_queries.annotations([row.id for row in rows])
    for row in rows:
        yield _ticket(
            row,
            alert_id=row.id,
            description=notes.get(row.id, {}).get("description", ""),
            team_id=team_id,
            is_stray=True,
            at=row.opened_at,
        )


def _ticket(
    alert: Decided | AlertRow,
    *,
    alert_id: int,
    description: str,
    team_id: int,
    is_stray: bool,
    at: datetime,
) -> AlertTicket:
    """What an alert asks for, told by its fact or read later."""
    return AlertTicket(
        alert_id=alert_id,
        title=alert.title,
        description=description,
        severity=Severity(alert.severity),
        environment=Environment(alert.environment),
        team_id=team_id,
        is_stray=is_stray,
        service_id=alert.service_id,
        source=alert.source or alert.integration,
        at=at,
    )
