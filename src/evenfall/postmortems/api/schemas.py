"""What goes over the wire about post-mortems."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from evenfall.catalog.ports import Environment
from evenfall.incidents.ports import Sev
from evenfall.postmortems.actions import ActionDraft
from evenfall.postmortems.logic.action_life import (
    ActionClass,
    ActionState,
    ActionStep,
    ActionType,
    Effort,
)
from evenfall.postmortems.logic.guardrails import Guardrail
from evenfall.postmortems.logic.states import State, Step
from evenfall.postmortems.logic.templates import Kind


class PostmortemPersonOut(Schema):
    id: int
    name: str


class PostmortemOut(Schema):
    id: int
    incident_id: int
    title: str
    state: State
    kind: Kind
    severity: Sev
    environment: Environment
    service_id: int | None
    team_id: int | None
    owner: PostmortemPersonOut | None
    reviewers: list[PostmortemPersonOut]
    tags: list[str]
    factors: list[str]
    reason: str
    is_public: bool
    approved_by: PostmortemPersonOut | None
    approved_at: datetime | None
    created_at: datetime
    due_at: datetime
    published_at: datetime | None
    closed_at: datetime | None
    open_actions: int
    action_count: int


class PostmortemsOut(Schema):
    items: list[PostmortemOut]
    next: str | None


class PostmortemSectionOut(Schema):
    id: int
    title: str
    prompt: str
    text: str
    html: str
    version: int
    """What a save has to name."""


class PostmortemSectionsOut(Schema):
    items: list[PostmortemSectionOut]
    next: str | None = None


class PostmortemSectionIn(Schema):
    text: str
    version: int = Field(ge=0, le=2**31 - 1)
    """The version that the text started from; a later one saved meanwhile answers 409."""


class PostmortemStepIn(Schema):
    step: Step
    reason: str = ""
    """Wanted for waive, send_back and reopen."""
    is_public: bool = False
    """For publish: to the public too."""


class PostmortemPeopleIn(Schema):
    owner_id: int | None
    reviewer_ids: list[int] = Field(default_factory=list, max_length=50)


class PostmortemWordsIn(Schema):
    tags: list[str] = Field(default_factory=list, max_length=20)
    factors: list[str] = Field(default_factory=list, max_length=30)


class PostmortemCommentOut(Schema):
    id: int
    author: str
    text: str
    html: str
    written_at: datetime
    section_id: int | None
    resolved_at: datetime | None
    resolved_by: str


class PostmortemCommentsOut(Schema):
    items: list[PostmortemCommentOut]
    next: str | None = None


class PostmortemCommentIn(Schema):
    text: str
    """Markdown; “@ada.lovelace” tells her."""
    section_id: int | None = Field(default=None, ge=1, le=2**63 - 1)


class PostmortemCommentSettledIn(Schema):
    is_resolved: bool


class PostmortemActionOut(Schema):
    id: int
    postmortem_id: int
    incident_id: int
    title: str
    owner_id: int
    owner: str
    team_id: int | None
    type: ActionType
    level: ActionClass
    state: ActionState
    due_at: datetime
    is_overdue: bool
    extensions: int
    reason: str
    proof_url: str
    ticket_url: str
    guardrail_url: str
    guardrail_kind: Guardrail | None
    recurrences: int
    """How often it was done and did not hold."""
    review_at: datetime | None
    created_at: datetime
    done_at: datetime | None
    settled_at: datetime | None
    effort: Effort | None
    factor: str
    """The contributing factor that it is about."""
    answer_by: datetime | None
    """Until when its owner accepts it; null once somebody did."""
    is_unanswered: bool


class PostmortemActionsOut(Schema):
    items: list[PostmortemActionOut]
    next: str | None


class PostmortemActionIn(Schema):
    title: str
    owner_id: int
    """One person, never a team."""
    type: ActionType = ActionType.PREVENT
    level: ActionClass = ActionClass.P2
    """P1 is due in 2 weeks, P2 in 4, P3 in 8."""
    ticket_url: str = ""
    guardrail_url: str = ""
    guardrail_kind: Guardrail | None = None
    """What it can become, so that a machine keeps it."""
    effort: Effort | None = None
    """Small is up to a day, medium some days, large a week or more."""
    factor: str = ""
    """One that the post-mortem names."""

    def draft(self) -> ActionDraft:
        kind = self.guardrail_kind.value if self.guardrail_kind else ""
        effort = self.effort.value if self.effort else ""
        return ActionDraft(**{**dict(self), "guardrail_kind": kind, "effort": effort})


class PostmortemActionStepIn(Schema):
    step: ActionStep
    proof_url: str = ""
    """Wanted for finish."""
    reason: str = ""
    """Wanted for reject, accept_risk and reopen."""
    review_at: datetime | None = None
    """Wanted for accept_risk."""


class PostmortemActionDateIn(Schema):
    due_at: datetime
    reason: str


class PostmortemActionReportOut(Schema):
    finished: int
    in_time: float | None
    """Share of the finished ones that were done before their date."""
    open: int
    overdue: int
    moved: int
    median_age_s: float | None
    oldest_age_s: float | None
