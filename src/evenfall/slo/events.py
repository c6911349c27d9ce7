"""Facts about objectives; `objective:5` is also its live topic."""

from datetime import datetime
from typing import Any, ClassVar, override

from evenfall.platform.events import Event

LIVE_TOPIC = "objectives"


class ObjectiveEvent(Event, frozen=True, kw_only=True):
    """Root of the facts about one objective."""

    objective_id: int
    name: str
    service_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"objective:{self.objective_id}", f"service:{self.service_id}", LIVE_TOPIC)


class ObjectiveSaved(ObjectiveEvent, frozen=True, kw_only=True):
    """It is new (`before` is empty), or says something else now."""

    kind: ClassVar[str] = "slo.objective_saved"
    before: dict[str, Any]
    after: dict[str, Any]


class ObjectiveArchived(ObjectiveEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "slo.objective_archived"


class BudgetStateChanged(ObjectiveEvent, frozen=True, kw_only=True):
    """OK, WARN, FROZEN or UNKNOWN; `rest` is the share of the budget that is left."""

    kind: ClassVar[str] = "slo.budget_state_changed"
    before: str
    after: str
    rest: float | None


class ObjectiveAlertBegan(ObjectiveEvent, frozen=True, kw_only=True):
    """`alert` is page, ticket, absent or exhausted; `pair` names the windows that fired."""

    kind: ClassVar[str] = "slo.alert_began"
    alert: str
    pair: str
    said: str


class ObjectiveAlertEnded(ObjectiveEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "slo.alert_ended"
    alert: str
    began_at: datetime


class CorrectionMade(ObjectiveEvent, frozen=True, kw_only=True):
    """A time does not count any more; `is_withdrawn` when it does again."""

    kind: ClassVar[str] = "slo.correction_made"
    correction_id: int
    starts_at: datetime
    ends_at: datetime
    reason: str
    is_withdrawn: bool = False


class ExceptionMoved(ObjectiveEvent, frozen=True, kw_only=True):
    """An exception to a frozen budget was asked for, approved, revoked or reviewed: `step`."""

    kind: ClassVar[str] = "slo.exception_moved"
    exception_id: int
    step: str
    reason: str
    ends_at: datetime


class IndicatorSaved(Event, frozen=True, kw_only=True):
    """What is counted is new (`before` is empty), something else, or archived (`after` is)."""

    kind: ClassVar[str] = "slo.indicator_saved"
    indicator_id: int
    name: str
    service_id: int
    before: dict[str, Any]
    after: dict[str, Any]

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"indicator:{self.indicator_id}", f"service:{self.service_id}", LIVE_TOPIC)
