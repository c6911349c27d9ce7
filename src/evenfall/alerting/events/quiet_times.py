"""Facts of silences and maintenance."""

from dataclasses import dataclass
from typing import override

from evenfall.alerting.events.changes import Change


@dataclass(frozen=True, kw_only=True)
class _AboutSilence(Change):
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
class _AboutMaintenance(Change):
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
class _AboutRecurring(Change):
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
