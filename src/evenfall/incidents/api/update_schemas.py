"""Updates and promises as they go over the wire."""

from datetime import datetime

from ninja import Schema
from pydantic import AwareDatetime

from evenfall.incidents.api.crew_schemas import CrewPersonOut
from evenfall.incidents.logic.approving import Decision
from evenfall.incidents.logic.cadence import Audience


class UpdateTextOut(Schema):
    """What one audience was told; without `next_update_at` nothing more was promised."""

    audience: Audience
    text: str
    html: str
    next_update_at: datetime | None


class IncidentUpdateOut(Schema):
    """One update; `severity` and `state` as they were then."""

    id: int
    incident_id: int
    author: str
    draft: str
    severity: str
    state: str
    told_at: datetime
    texts: list[UpdateTextOut]


class IncidentUpdatesOut(Schema):
    items: list[IncidentUpdateOut]
    next: str | None = None


class ProposedUpdateOut(Schema):
    """A text for the public that waits for a second person, until `decided_at`.

    `update_id` is what was told once it was approved, `reason` why it was sent back.
    """

    id: int
    incident_id: int
    author: str
    text: str
    html: str
    next_update_at: datetime | None
    written_at: datetime
    decision: Decision
    decided_at: datetime | None
    decided_by: str
    reason: str
    update_id: int | None


class ProposedUpdatesOut(Schema):
    items: list[ProposedUpdateOut]
    next: str | None = None


class SendBackIn(Schema):
    reason: str


class WordingIn(Schema):
    """Without `text` the draft as it stands; without a time the one of the table."""

    text: str = ""
    next_update_at: AwareDatetime | None = None


class TellUpdateIn(Schema):
    """`audiences` are those to tell: {"public": {}, "staff": {"text": "…"}}."""

    draft: str = ""
    audiences: dict[Audience, WordingIn]


class PromiseOut(Schema):
    """An audience hears something until `due_at`; broken means that it waits twice as long."""

    id: int
    audience: Audience
    is_first: bool
    made_at: datetime
    due_at: datetime
    is_overdue: bool
    is_broken: bool
    broken_at: datetime | None
    named_by: str
    nudges: int


class IncidentPromisesOut(Schema):
    """`suggested`: when each audience would hear more after an update now; null: not promised."""

    items: list[PromiseOut]
    suggested: dict[Audience, datetime | None]
    is_long: bool
    next: str | None = None


class NextUpdateIn(Schema):
    due_at: AwareDatetime


class LongIncidentIn(Schema):
    is_long: bool


class PromiseLineOut(Schema):
    """A promise with its incident; `speaker` has communications, else commands."""

    promise: PromiseOut
    incident_id: int
    title: str
    severity: str
    state: str
    speaker: CrewPersonOut | None
    waits_for_approval: bool


class PromiseBoardOut(Schema):
    items: list[PromiseLineOut]
    next: str | None


class PromiseScoreOut(Schema):
    """`late` came after its time, `broken` not even in twice the time; in the median are both."""

    audience: Audience | None
    severity: str
    count: int
    kept: int
    late: int
    broken: int
    percent_kept: float | None
    late_minutes: float | None


class PromiseReportOut(Schema):
    """`open`: promises of that time that nobody has to judge yet, or that are late and counted."""

    since: datetime
    until: datetime
    total: PromiseScoreOut
    scores: list[PromiseScoreOut]
    open: int
