"""An alert on its way through the stages, and what the stages may look at."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Self

from msgspec import Struct, field
from msgspec.structs import replace

from evenfall.alerting.logic.causes import Finding, ServiceGraph
from evenfall.alerting.logic.grouping import DEFAULT_WINDOW, Group
from evenfall.alerting.logic.inhibition import InhibitionBook, Inhibitor, Met, Role
from evenfall.alerting.logic.quiet import Maintenance, Silence
from evenfall.alerting.logic.rules import Effects, RuleBook
from evenfall.alerting.logic.updates import Outcome, Severity, Urgency


class StageResult(Struct, frozen=True):
    """One line of the why-page. `subject` names what decided, e.g. ``silence:3``; may be empty."""

    stage: str
    result: str
    reason: str
    subject: str = ""


class ServiceFacts(Struct, frozen=True):
    id: int
    slug: str
    name: str
    team_id: int | None
    runbook_url: str = ""


class IntegrationFacts(Struct, frozen=True):
    """`service_id` is None for an integration whose alerts find their service by label or rule."""

    id: int
    name: str
    service_id: int | None
    team_id: int | None
    environment: str


class Candidate(Struct, frozen=True, kw_only=True):
    """What is known and what was decided so far. Stages return a changed copy.

    `at` is the time of the decision (aware UTC). `severity` holds the sender's until a rule
    changes it; `told_severity` keeps the sender's word. `zone` is the zone working hours are meant
    in. `repair_failed` says why people are called after all; empty as long as a repair may help.
    `alert_id` is that of its row; `ended` counts how often the same ended shortly before it opened.
    `opened_at` is None for one that opens now; `called` says that people were called for it before,
    `is_split` that somebody said it is no symptom of another service. `cause_id` is the alert that
    it probably comes from, `caused_ids` are those of other teams that probably come from it.
    """

    alert_id: int = 0
    integration_id: int
    dedup_key: str
    at: datetime
    summary: str
    severity: Severity
    told_severity: Severity | None
    source: str = ""
    labels: Mapping[str, str] = {}
    annotations: Mapping[str, str] = {}
    details: Mapping[str, Any] = {}
    told_environment: str | None = None
    unparsed: str = ""
    repair_failed: str = ""
    ended: int = 0
    opened_at: datetime | None = None
    called: bool = False
    is_split: bool = False

    integration: str = ""
    environment: str = ""
    service: str = ""
    service_id: int | None = None
    team_id: int | None = None
    zone: str = "UTC"
    rule_id: int | None = None
    rule_name: str = ""
    effects: Effects = Effects()
    silence_id: int | None = None
    maintenance_id: int | None = None
    inhibitor_id: int | None = None
    cause_id: int | None = None
    caused_ids: tuple[int, ...] = ()
    roles: tuple[Role, ...] = ()
    held_by: str = ""
    policy_id: int | None = None
    group: Group | None = None
    outcome: Outcome = Outcome.RECORD
    urgency: Urgency = Urgency.LOW
    results: tuple[StageResult, ...] = ()

    def noting(
        self,
        stage: str,
        result: str,
        reason: str,
        subject: str = "",
        **changes: Any,  # noqa: ANN401 - the fields of this class
    ) -> Self:
        """Return a copy with one more result, and with the changes it brings."""
        results = (*self.results, StageResult(stage, result, reason, subject))
        return replace(self, results=results, **changes)


class Context(Struct, frozen=True, kw_only=True):
    """Everything the stages may look at; loaded once for a whole batch.

    `groups` holds the last run of each group that the batch may join, by base. `roles` say what
    each alert of the batch is to the inhibition rules, `inhibitors` which causes are open.
    `findings` say what the graph of services makes of the alerts of the batch.
    """

    integrations: Mapping[int, IntegrationFacts]
    services: Mapping[int, ServiceFacts]
    services_by_slug: Mapping[str, ServiceFacts]
    silences: tuple[Silence, ...]
    maintenances: tuple[Maintenance, ...]
    rules: RuleBook
    inhibitions: InhibitionBook = field(default_factory=InhibitionBook)
    groups: Mapping[str, Group] = field(default_factory=dict)
    roles: Mapping[int, tuple[Role, ...]] = field(default_factory=dict)
    inhibitors: Mapping[Met, Sequence[Inhibitor]] = field(default_factory=dict)
    graph: ServiceGraph = field(default_factory=ServiceGraph)
    findings: Mapping[int, Finding] = field(default_factory=dict)
    zone: str = "UTC"
    group_window: timedelta = DEFAULT_WINDOW
