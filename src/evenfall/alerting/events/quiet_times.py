"""Facts of silences and maintenance."""

from typing import override

from evenfall.alerting.events.changes import Change


class _AboutSilence(Change, frozen=True, kw_only=True):
    silence_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"silence:{self.silence_id}", "silences")


class SilenceCreated(_AboutSilence, frozen=True, kw_only=True):
    kind = "alerting.silence_created"


class SilenceChanged(_AboutSilence, frozen=True, kw_only=True):
    kind = "alerting.silence_changed"


class SilenceEnded(_AboutSilence, frozen=True, kw_only=True):
    """Somebody ended it before its time."""

    kind = "alerting.silence_ended"


class _AboutMaintenance(Change, frozen=True, kw_only=True):
    maintenance_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"maintenance:{self.maintenance_id}", "maintenance")


class MaintenanceCreated(_AboutMaintenance, frozen=True, kw_only=True):
    kind = "alerting.maintenance_created"


class MaintenanceChanged(_AboutMaintenance, frozen=True, kw_only=True):
    kind = "alerting.maintenance_changed"


class MaintenanceEnded(_AboutMaintenance, frozen=True, kw_only=True):
    """Somebody ended it before its time."""

    kind = "alerting.maintenance_ended"


class _AboutRecurring(Change, frozen=True, kw_only=True):
    recurring_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"recurring_maintenance:{self.recurring_id}", "maintenance")


class RecurringMaintenanceCreated(_AboutRecurring, frozen=True, kw_only=True):
    """Planned work that comes back was announced."""

    kind = "alerting.recurring_maintenance_created"


class RecurringMaintenanceChanged(_AboutRecurring, frozen=True, kw_only=True):
    """It is another one from its next time on; `before` and `after` hold all of it."""

    kind = "alerting.recurring_maintenance_changed"


class RecurringMaintenanceEnded(_AboutRecurring, frozen=True, kw_only=True):
    """It does not come back any more."""

    kind = "alerting.recurring_maintenance_ended"
