"""What goes over the wire."""

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from evenfall.alerting.ports import Severity, Urgency
from evenfall.catalog.ports import Environment
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.logic.states import State
from evenfall.incidents.queries import Told


class NamedOut(Schema):
    id: int
    name: str
    slug: str


class IncidentOut(Schema):
    id: int
    title: str
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
    service: NamedOut | None
    team: NamedOut | None
    alert_count: int
    open_alert_count: int
    merged_into_id: int | None
    recurrence_of_id: int | None
    impact_started_at: datetime | None
    detected_at: datetime | None
    opened_at: datetime
    changed_at: datetime
    state_at: datetime
    state_by: NamedOut | None
    state_reason: str
    """Why it is paused or declined."""
    resume_by: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: NamedOut | None
    mobilised_at: datetime | None
    mobilised_by: NamedOut | None
    mitigated_at: datetime | None
    resolved_at: datetime | None
    resolved_by: NamedOut | None
    closed_at: datetime | None


class IncidentsOut(Schema):
    items: list[IncidentOut]
    next: str | None


class IncidentAlertOut(Schema):
    alert_id: int
    title: str
    severity: Severity
    is_open: bool
    joined_at: datetime
    ended_at: datetime | None
    log_lines: list[str]
    cause_alert_id: int | None
    """While it only waits here for this alert, of a service that its own needs."""


class IncidentAlertsOut(Schema):
    items: list[IncidentAlertOut]
    next: str | None


class NoteImageOut(Schema):
    """`href` is its address below that of the installation."""

    id: int
    name: str
    content_type: str
    width: int
    height: int
    size: int
    href: str


class NoteOut(Schema):
    """`happened_at` is when what it tells took place; names are empty where nobody did it."""

    id: int
    author: str
    text: str
    html: str
    written_at: datetime
    happened_at: datetime
    corrected_at: datetime | None
    corrected_by: str
    struck_at: datetime | None
    struck_by: str
    images: list[NoteImageOut]


class NotesOut(Schema):
    items: list[NoteOut]
    next: str | None = None


class IncidentLineOut(Schema):
    """A line of the story; `folded` holds the lines that it stands for."""

    at: datetime
    kind: str
    text: str
    why: str
    actor: str
    subjects: list[str]
    folded: list["IncidentLineOut"] = Field(default_factory=list)


class IncidentStoryOut(Schema):
    items: list[IncidentLineOut]
    next: str | None = None


class ExportOut(Schema):
    incident: IncidentOut
    alerts: list[IncidentAlertOut]
    notes: list[NoteOut]
    story: list[IncidentLineOut]


class DeclareIn(Schema):
    """`page` calls whoever the policy of the service or team leads to; `user_ids` in any case.

    Only those whom it names see a private one; an outsider does not even find its number.
    """

    title: str
    severity: Sev = Sev.SEV3
    description: str = ""
    environment: Environment = Environment.PROD
    urgency: Urgency = Urgency.HIGH
    service_id: int | None = None
    team_id: int | None = None
    policy_id: int | None = None
    page: bool = True
    user_ids: list[int] = Field(default_factory=list)
    is_private: bool = False


class SimilarOut(Schema):
    """`score` is 0 to 1; `reasons` say in words where it comes from."""

    incident: IncidentOut
    score: float
    reasons: list[str]


class SimilarIncidentsOut(Schema):
    """Named apart from the pairs that people judge."""

    items: list[SimilarOut]


class ResolveIn(Schema):
    not_actionable: bool = False


class ReopenIn(Schema):
    why: str = ""
    page: bool = False


class MergeIn(Schema):
    into_id: int


class SeverityIn(Schema):
    """None lets the alerts decide again."""

    severity: Sev | None


class TitleIn(Schema):
    title: str


class NotActionableIn(Schema):
    not_actionable: bool = True


class PageChainOut(Schema):
    """What led to a page and what came of it, oldest first in every list."""

    exported_at: datetime
    page: dict[str, Any]
    incident: dict[str, Any] | None
    """None for a page that somebody started by hand."""
    incident_story: list[dict[str, Any]]
    alerts: list[dict[str, Any]]
    """At most 100, each with its raw messages and the stages of its decision."""
    story: list[dict[str, Any]]
    """The steps, each with its messages; each of these with its tries and the answers to it."""


class NoteIn(Schema):
    """`happened_at` is now unless it says otherwise."""

    text: str
    happened_at: datetime | None = None


class PageIn(Schema):
    user_ids: list[int] = Field(default_factory=list)
    team_id: int | None = None
    policy_id: int | None = None
    message: str = ""


class StartedPagesOut(Schema):
    page_ids: list[int]


def line_of(told: Told) -> dict[str, Any]:
    """Return a line as it goes over the wire."""
    line = told.line
    return {
        "at": line.at,
        "kind": line.kind,
        "text": line.text,
        "why": line.why,
        "actor": line.actor,
        "subjects": list(line.subjects),
        "folded": [line_of(inner) for inner in told.folded],
    }
