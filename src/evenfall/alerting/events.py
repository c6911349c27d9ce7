"""Facts of alerting.

Alerts are told of with all that the decision said, so that whoever reacts needs no further query.
Subjects: the alert, its service, and the live topic "alerts".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict, override

from evenfall.platform.events import Event

LIVE_TOPIC = "alerts"


@dataclass(frozen=True, kw_only=True)
class _AboutAlert(Event):
    alert_id: int
    integration_id: int
    service_id: int | None
    group_key: str

    @override
    def subjects(self) -> tuple[str, ...]:
        own = f"alert:{self.alert_id}"
        if self.service_id is None:
            return (own, LIVE_TOPIC)
        return (own, f"service:{self.service_id}", LIVE_TOPIC)


@dataclass(frozen=True, kw_only=True)
class _Decided(_AboutAlert):
    """`outcome` page|low|ticket|automate|record with its `reason`; `urgency` high|low.

    `held_by` is ``silence:3``, ``maintenance:4``, ``alert:5`` (an inhibition) or ``cause:5`` (the
    problem of a service it needs) while one of them holds the alert, else empty. `cause_id` is the
    alert it probably comes from, also where it is not held; `caused_ids` are open alerts that
    probably come from it.
    `policy_id` is the one a rule named; None leaves it to service and team. `starts_at` is when the
    trouble began according to the sender. Links are empty when unknown.
    """

    title: str
    severity: str
    environment: str
    team_id: int | None
    outcome: str
    urgency: str
    reason: str
    policy_id: int | None
    rule_id: int | None
    held_by: str
    source: str
    starts_at: datetime
    dedup_key: str = ""
    integration: str = ""
    description: str = ""
    url: str = ""
    runbook_url: str = ""
    dashboard_url: str = ""
    log_lines: tuple[str, ...] = ()
    cause_id: int | None = None
    caused_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AlertOpened(_Decided):
    """A new alert, decided. `unparsed` says why its body could not be understood, else empty."""

    kind = "alerting.alert_opened"
    unparsed: str = ""

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), f"integration:{self.integration_id}")


@dataclass(frozen=True, kw_only=True)
class AlertUpdated(_Decided):
    """A live alert was decided again. `why`: its severity rose, or a silence ended."""

    kind = "alerting.alert_updated"
    why: str
    before: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AlertSuppressed(_Decided):
    """A live alert came under a silence or a maintenance window (`held_by`)."""

    kind = "alerting.alert_suppressed"
    why: str
    before: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AlertAcknowledged(_AboutAlert):
    """The actor took note: a person, or the tool (``integration:4``)."""

    kind = "alerting.alert_acknowledged"


@dataclass(frozen=True, kw_only=True)
class AlertEndsSoon(_AboutAlert):
    """It ends at `ends_at` by policy, unless something is heard of it or somebody keeps it open."""

    kind = "alerting.alert_ends_soon"
    ends_at: datetime
    why: str


@dataclass(frozen=True, kw_only=True)
class AlertKeptOpen(_AboutAlert):
    """Somebody keeps it open, whatever a policy says."""

    kind = "alerting.alert_kept_open"


@dataclass(frozen=True, kw_only=True)
class AlertResolved(_AboutAlert):
    """It is over. `reason` says how we know."""

    kind = "alerting.alert_resolved"
    title: str
    reason: str


class RepairFields(TypedDict):
    """What all facts of a repair share."""

    alert_id: int
    service_id: int | None
    runbook_id: int | None
    runbook: str
    run_id: int | None
    why: str


@dataclass(frozen=True, kw_only=True)
class _AboutRepair(Event):
    """`run_id` is the run of the runbook, None when none was started; `why` says how it stands."""

    alert_id: int
    service_id: int | None
    runbook_id: int | None
    runbook: str
    run_id: int | None
    why: str

    @override
    def subjects(self) -> tuple[str, ...]:
        service = () if self.service_id is None else (f"service:{self.service_id}",)
        return (f"alert:{self.alert_id}", *service, LIVE_TOPIC, "repairs")


@dataclass(frozen=True, kw_only=True)
class RepairStarted(_AboutRepair):
    """A runbook was started for an alert, instead of calling somebody."""

    kind = "alerting.repair_started"


@dataclass(frozen=True, kw_only=True)
class RepairRan(_AboutRepair):
    """The runbook came to a good end; now the alert must clear."""

    kind = "alerting.repair_ran"


@dataclass(frozen=True, kw_only=True)
class RepairHealed(_AboutRepair):
    """The runbook ran and the alert is over: nobody was called."""

    kind = "alerting.repair_healed"


@dataclass(frozen=True, kw_only=True)
class RepairNotNeeded(_AboutRepair):
    """The alert ended before anything was started."""

    kind = "alerting.repair_not_needed"


@dataclass(frozen=True, kw_only=True)
class RepairGaveUp(_AboutRepair):
    """The repair did not help: `undoes` says whether it is taken back. The alert is decided
    again: people are called, unless its rule says otherwise.
    """

    kind = "alerting.repair_gave_up"
    undoes: bool


@dataclass(frozen=True, kw_only=True)
class SignalsIgnored(Event):
    """Messages that changed nothing: `reasons` maps each reason to how many had it."""

    kind = "alerting.signals_ignored"
    integration_id: int
    reasons: dict[str, int]
    examples: tuple[str, ...] = ()

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"integration:{self.integration_id}",)


@dataclass(frozen=True, kw_only=True)
class IntakeInterrupted(Event):
    """Nothing could be received for `seconds`: alerts that wait for a repeat wait that longer."""

    kind = "alerting.intake_interrupted"
    since: datetime
    seconds: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("intake",)


@dataclass(frozen=True, kw_only=True)
class UnknownKeysBegan(Event):
    """After a quiet day somebody sends with a key nobody has; `ends_with` may be empty."""

    kind = "alerting.unknown_keys_began"
    ends_with: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("intake", "integrations")


@dataclass(frozen=True, kw_only=True)
class _Change(Event):
    """Configuration changed; `before` and `after` hold the fields that differ."""

    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _AboutSilence(_Change):
    silence_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"silence:{self.silence_id}", "silences")


@dataclass(frozen=True, kw_only=True)
class SilenceCreated(_AboutSilence):
    kind = "alerting.silence_created"


@dataclass(frozen=True, kw_only=True)
class SilenceChanged(_AboutSilence):
    kind = "alerting.silence_changed"


@dataclass(frozen=True, kw_only=True)
class SilenceEnded(_AboutSilence):
    """Somebody ended it before its time."""

    kind = "alerting.silence_ended"


@dataclass(frozen=True, kw_only=True)
class _AboutMaintenance(_Change):
    maintenance_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"maintenance:{self.maintenance_id}", "maintenance")


@dataclass(frozen=True, kw_only=True)
class MaintenanceCreated(_AboutMaintenance):
    kind = "alerting.maintenance_created"


@dataclass(frozen=True, kw_only=True)
class MaintenanceChanged(_AboutMaintenance):
    kind = "alerting.maintenance_changed"


@dataclass(frozen=True, kw_only=True)
class MaintenanceEnded(_AboutMaintenance):
    """Somebody ended it before its time."""

    kind = "alerting.maintenance_ended"


@dataclass(frozen=True, kw_only=True)
class _AboutRecurring(_Change):
    recurring_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"recurring_maintenance:{self.recurring_id}", "maintenance")


@dataclass(frozen=True, kw_only=True)
class RecurringMaintenanceCreated(_AboutRecurring):
    """Planned work that comes back was announced."""

    kind = "alerting.recurring_maintenance_created"


@dataclass(frozen=True, kw_only=True)
class RecurringMaintenanceChanged(_AboutRecurring):
    """It is another one from its next time on; `before` and `after` hold all of it."""

    kind = "alerting.recurring_maintenance_changed"


@dataclass(frozen=True, kw_only=True)
class RecurringMaintenanceEnded(_AboutRecurring):
    """It does not come back any more."""

    kind = "alerting.recurring_maintenance_ended"


@dataclass(frozen=True, kw_only=True)
class RulesChanged(_Change):
    """A rule was made, changed, moved or deleted; `version` is the book of rules from now on."""

    kind = "alerting.rules_changed"
    rule_id: int
    name: str
    what: str
    version: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"rule:{self.rule_id}", "rules")


@dataclass(frozen=True, kw_only=True)
class InhibitionsChanged(_Change):
    """An inhibition rule was made, changed or deleted; `version` is the book from now on."""

    kind = "alerting.inhibitions_changed"
    inhibition_id: int
    name: str
    what: str
    version: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"inhibition:{self.inhibition_id}", "rules")


@dataclass(frozen=True, kw_only=True)
class AutoEndChanged(_Change):
    """When alerts of a rule, a service or an integration (`name`) end by policy."""

    kind = "alerting.auto_end_changed"
    policy_id: int
    name: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"auto_end:{self.policy_id}", "auto_ends")


@dataclass(frozen=True, kw_only=True)
class DependenceChanged(_Change):
    """When alerts wait for what their service needs: of one service, or the settings of all."""

    kind = "alerting.dependence_changed"
    name: str
    service_id: int | None

    @override
    def subjects(self) -> tuple[str, ...]:
        own = () if self.service_id is None else (f"service:{self.service_id}",)
        return (*own, "dependence")


@dataclass(frozen=True, kw_only=True)
class RepairLimitsChanged(_Change):
    """Automatic repairs were switched on or off, or may be more or fewer at once."""

    kind = "alerting.repair_limits_changed"

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("repairs",)


@dataclass(frozen=True, kw_only=True)
class IntegrationChanged(_Change):
    """`what`: created, changed, mapping changed, key rotated, disabled, enabled; never a key."""

    kind = "alerting.integration_changed"
    integration_id: int
    name: str
    what: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"integration:{self.integration_id}", "integrations")
