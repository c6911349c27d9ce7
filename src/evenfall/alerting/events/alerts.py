"""Facts of alerts: what was decided, and what became of them.

Alerts are told of with all that the decision said, so that whoever reacts needs no further query.
"""

from datetime import datetime
from typing import Any, override

from msgspec import field

from evenfall.platform.events import Event

LIVE_TOPIC = "alerts"


class _AboutAlert(Event, frozen=True, kw_only=True):
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


class _Decided(_AboutAlert, frozen=True, kw_only=True):
    """`outcome` page|low|ticket|automate|record with its `reason`; `urgency` high|low.

    `held_by` is ``silence:3``, ``maintenance:4``, ``alert:5`` (an inhibition) or ``cause:5`` (the
    problem of a service it needs) while one of them holds the alert, ``wait:180`` while its rule
    waits so many seconds before it pages, else empty. `cause_id` is the
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


class AlertOpened(_Decided, frozen=True, kw_only=True):
    """A new alert, decided. `unparsed` says why its body could not be understood, else empty."""

    kind = "alerting.alert_opened"
    unparsed: str = ""

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), f"integration:{self.integration_id}")


class AlertUpdated(_Decided, frozen=True, kw_only=True):
    """A live alert was decided again. `why`: its severity rose, or a silence ended."""

    kind = "alerting.alert_updated"
    why: str
    before: dict[str, Any] = field(default_factory=dict)


class AlertSuppressed(_Decided, frozen=True, kw_only=True):
    """A live alert came under a silence or a maintenance window (`held_by`)."""

    kind = "alerting.alert_suppressed"
    why: str
    before: dict[str, Any] = field(default_factory=dict)


class AlertAcknowledged(_AboutAlert, frozen=True, kw_only=True):
    """The actor took note: a person, or the tool (``integration:4``)."""

    kind = "alerting.alert_acknowledged"


class _TakenBack(_AboutAlert, frozen=True, kw_only=True):
    """What somebody did to it and others at `done_at` was taken back; nobody changed it since.

    `calls` says that people are to be called for such an alert, `is_acknowledged` that somebody
    knows of it all the same.
    """

    title: str
    done_at: datetime
    is_acknowledged: bool = False
    calls: bool = False


class AlertUnacknowledged(_TakenBack, frozen=True, kw_only=True):
    """It is nobody's again."""

    kind = "alerting.alert_unacknowledged"


class AlertReopened(_TakenBack, frozen=True, kw_only=True):
    """It was not over."""

    kind = "alerting.alert_reopened"


class AlertEndsSoon(_AboutAlert, frozen=True, kw_only=True):
    """It ends at `ends_at` by policy, unless something is heard of it or somebody keeps it open."""

    kind = "alerting.alert_ends_soon"
    ends_at: datetime
    why: str


class AlertKeptOpen(_AboutAlert, frozen=True, kw_only=True):
    """Somebody keeps it open, whatever a policy says."""

    kind = "alerting.alert_kept_open"


class AlertResolved(_AboutAlert, frozen=True, kw_only=True):
    """It is over. `reason` says how we know."""

    kind = "alerting.alert_resolved"
    title: str
    reason: str
