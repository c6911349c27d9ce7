"""Facts about objectives; `objective:5` is also its live topic."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, override

from evenfall.platform.events import Event

LIVE_TOPIC = "objectives"


@dataclass(frozen=True, kw_only=True)
class ObjectiveEvent(Event):
    """Root of the facts about one objective."""

    objective_id: int
    name: str
    service_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"objective:{self.objective_id}", f"service:{self.service_id}", LIVE_TOPIC)


@dataclass(frozen=True, kw_only=True)
class ObjectiveSaved(ObjectiveEvent):
    """It is new (`before` is empty), or says something else now."""

    kind: ClassVar[str] = "slo.objective_saved"
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ObjectiveArchived(ObjectiveEvent):
    kind: ClassVar[str] = "slo.objective_archived"


@dataclass(frozen=True, kw_only=True)
class BudgetStateChanged(ObjectiveEvent):
    """OK, WARN, FROZEN or UNKNOWN; `rest` is the share of the budget that is left."""

    kind: ClassVar[str] = "slo.budget_state_changed"
    before: str
    after: str
    rest: float | None


@dataclass(frozen=True, kw_only=True)
class ObjectiveAlertBegan(ObjectiveEvent):
    """`alert` is page, ticket, absent or exhausted; `pair` names the windows that fired."""

    kind: ClassVar[str] = "slo.alert_began"
    alert: str
    pair: str
    said: str


@dataclass(frozen=True, kw_only=True)
class ObjectiveAlertEnded(ObjectiveEvent):
    kind: ClassVar[str] = "slo.alert_ended"
    alert: str
    began_at: datetime


@dataclass(frozen=True, kw_only=True)
class CorrectionMade(ObjectiveEvent):
    """A time does not count any more; `is_withdrawn` when it does again."""

    kind: ClassVar[str] = "slo.correction_made"
    correction_id: int
    starts_at: datetime
    ends_at: datetime
    reason: str
    is_withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class ExceptionMoved(ObjectiveEvent):
    """An exception to a frozen budget was asked for, approved, revoked or reviewed: `step`."""

    kind: ClassVar[str] = "slo.exception_moved"
    exception_id: int
    step: str
    reason: str
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class IndicatorSaved(Event):
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
