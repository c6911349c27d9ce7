"""Incidents as others see them: plain values, so that a template can issue no SQL."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.alerting.ports import Severity, Urgency
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.incidents.logic.duties import Duty, duty
from evenfall.incidents.logic.severity import Sev, loudness
from evenfall.incidents.logic.stamps import WORDS, Stamp
from evenfall.incidents.logic.states import ENDED, LIVE, State
from evenfall.incidents.logic.steps import Step, asking, next_steps
from evenfall.incidents.models import Incident


class Named(Struct, frozen=True, kw_only=True):
    """Something with a page of its own; `slug` only where its address has one."""

    id: int
    name: str
    slug: str = ""


class IncidentView(Struct, frozen=True, kw_only=True):
    """One incident; times are aware UTC, None where it has not happened (yet)."""

    id: int
    title: str
    headline: str
    description: str
    state: State
    severity: Sev
    declared_severity: Sev
    severity_set_by_person: bool
    urgency: Urgency
    environment: Environment
    declared: bool
    not_actionable: bool
    is_private: bool
    service: Named | None
    team: Named | None
    alert_count: int
    open_alert_count: int
    merged_into_id: int | None
    recurrence_of_id: int | None
    impact_started_at: datetime | None
    detected_at: datetime | None
    opened_at: datetime
    changed_at: datetime
    state_at: datetime
    state_by: Named | None
    state_reason: str
    resume_by: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: Named | None
    mobilised_at: datetime | None
    mobilised_by: Named | None
    mitigated_at: datetime | None
    resolved_at: datetime | None
    resolved_by: Named | None
    closed_at: datetime | None

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def has_ended(self) -> bool:
        """Whether it was an incident and is over: resolved, in review or closed."""
        return self.state in ENDED

    @property
    def word(self) -> str:
        """The state as people say it: an acknowledged one with hands on it is "mobilised"."""
        in_hand = self.state is State.ACKNOWLEDGED and self.mobilised_at is not None
        return "mobilised" if in_hand else self.state.value

    @property
    def holder(self) -> Named | None:
        """Who has it now; None for one that nobody answered, or that is over."""
        if self.state is State.OPEN or not self.is_live:
            return None
        return self.mobilised_by or self.acknowledged_by

    @property
    def loudness(self) -> Severity:
        """The word that notices and chat tools have for its severity."""
        return loudness(self.severity)

    @property
    def duty(self) -> Duty:
        """What its severity asks of people."""
        return duty(self.severity)

    @property
    def stamps(self) -> dict[Stamp, datetime | None]:
        return {
            Stamp.IMPACT_STARTED: self.impact_started_at,
            Stamp.DETECTED: self.detected_at,
            Stamp.DECLARED: self.opened_at,
            Stamp.ACKNOWLEDGED: self.acknowledged_at,
            Stamp.MITIGATED: self.mitigated_at,
            Stamp.RESOLVED: self.resolved_at,
            Stamp.CLOSED: self.closed_at,
        }

    @property
    def times(self) -> list[tuple[str, datetime | None]]:
        """The stamps with the words that people read."""
        return [(WORDS[stamp], at) for stamp, at in self.stamps.items()]

    @property
    def steps(self) -> tuple[Step, ...]:
        """What is one tap away, the most likely first."""
        return next_steps(self.state, in_hand=self.mobilised_at is not None)

    @property
    def asking(self) -> frozenset[str]:
        """What else is possible, with a few words: "pause", "decline", "reopen", "merge"."""
        return asking(self.state)

    @property
    def team_id(self) -> int | None:
        return None if self.team is None else self.team.id

    @property
    def service_id(self) -> int | None:
        return None if self.service is None else self.service.id

    @property
    def subject(self) -> str:
        return f"incident:{self.id}"


class _Names(Struct, frozen=True):
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
        for number in (
            row.acknowledged_by_id,
            row.mobilised_by_id,
            row.resolved_by_id,
            row.state_by_id,
        )
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
        severity=Sev(row.severity),
        declared_severity=Sev(row.declared_severity),
        severity_set_by_person=row.severity_set_by_person,
        urgency=Urgency(row.urgency),
        environment=Environment(row.environment),
        declared=row.declared,
        not_actionable=row.not_actionable,
        is_private=row.is_private,
        service=names.services.get(row.service_id or 0),
        team=names.teams.get(row.team_id or 0),
        alert_count=row.alert_count,
        open_alert_count=row.open_alert_count,
        merged_into_id=row.merged_into_id,
        recurrence_of_id=row.recurrence_of_id,
        impact_started_at=row.impact_started_at,
        detected_at=row.detected_at,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        state_at=row.state_at,
        state_by=names.people.get(row.state_by_id or 0),
        state_reason=row.state_reason,
        resume_by=row.resume_by,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=names.people.get(row.acknowledged_by_id or 0),
        mobilised_at=row.mobilised_at,
        mobilised_by=names.people.get(row.mobilised_by_id or 0),
        mitigated_at=row.mitigated_at,
        resolved_at=row.resolved_at,
        resolved_by=names.people.get(row.resolved_by_id or 0),
        closed_at=row.closed_at,
    )
