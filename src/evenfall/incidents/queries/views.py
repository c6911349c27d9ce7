"""Incidents as others see them: plain values, so that a template can issue no SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from evenfall.alerting.ports import Severity, Urgency
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.incidents.logic.states import LIVE, State
from evenfall.incidents.models import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something with a page of its own; `slug` only where its address has one."""

    id: int
    name: str
    slug: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """One incident; times are aware UTC, None where it has not happened (yet)."""

    id: int
    title: str
    headline: str
    description: str
    state: State
    severity: Severity
    severity_set_by_person: bool
    urgency: Urgency
    environment: Environment
    declared: bool
    not_actionable: bool
    service: Named | None
    team: Named | None
    alert_count: int
    open_alert_count: int
    merged_into_id: int | None
    opened_at: datetime
    changed_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: Named | None
    mobilised_at: datetime | None
    mobilised_by: Named | None
    resolved_at: datetime | None
    resolved_by: Named | None

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def team_id(self) -> int | None:
        return None if self.team is None else self.team.id

    @property
    def service_id(self) -> int | None:
        return None if self.service is None else self.service.id

    @property
    def subject(self) -> str:
        return f"incident:{self.id}"


@dataclass(frozen=True, slots=True)
class _Names:
    """Everything that a list of incidents names, read once."""

    services: dict[int, Named]
    teams: dict[int, Named]
    people: dict[int, Named]


def incident_views(rows: Sequence[Incident]) -> list[IncidentView]:
    """Return the rows with their names; three queries however many rows, none for no row."""
    if not rows:
        return []
    names = _names(rows)
    return [_view(row, names) for row in rows]


def _names(rows: Sequence[Incident]) -> _Names:
    services = catalog_queries.services({row.service_id for row in rows if row.service_id})
    teams = identity_queries.teams({row.team_id for row in rows if row.team_id})
    ids = {
        number
        for row in rows
        for number in (row.acknowledged_by_id, row.mobilised_by_id, row.resolved_by_id)
        if number is not None
    }
    people = identity_queries.people(ids)
    return _Names(
        services={s.id: Named(id=s.id, name=s.name, slug=s.slug) for s in services.values()},
        teams={t.id: Named(id=t.id, name=t.name, slug=t.slug) for t in teams},
        people={p.id: Named(id=p.id, name=p.name) for p in people.values()},
    )


def _view(row: Incident, names: _Names) -> IncidentView:
    return IncidentView(
        id=row.pk,
        title=row.title,
        headline=row.headline,
        description=row.description,
        state=State(row.state),
        severity=Severity(row.severity),
        severity_set_by_person=row.severity_set_by_person,
        urgency=Urgency(row.urgency),
        environment=Environment(row.environment),
        declared=row.declared,
        not_actionable=row.not_actionable,
        service=names.services.get(row.service_id or 0),
        team=names.teams.get(row.team_id or 0),
        alert_count=row.alert_count,
        open_alert_count=row.open_alert_count,
        merged_into_id=row.merged_into_id,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=names.people.get(row.acknowledged_by_id or 0),
        mobilised_at=row.mobilised_at,
        mobilised_by=names.people.get(row.mobilised_by_id or 0),
        resolved_at=row.resolved_at,
        resolved_by=names.people.get(row.resolved_by_id or 0),
    )
