"""Facts of alerting. Subjects: the alert, its service, and the live topic "alerts"."""

from evenfall.alerting.events.alerts import (
    LIVE_TOPIC,
    AlertAcknowledged,
    AlertEndsSoon,
    AlertKeptOpen,
    AlertOpened,
    AlertResolved,
    AlertSuppressed,
    AlertUpdated,
)
from evenfall.alerting.events.intake import (
    IntakeInterrupted,
    SignalsIgnored,
    UnknownKeysBegan,
)
from evenfall.alerting.events.quiet_times import (
    MaintenanceChanged,
    MaintenanceCreated,
    MaintenanceEnded,
    RecurringMaintenanceChanged,
    RecurringMaintenanceCreated,
    RecurringMaintenanceEnded,
    SilenceChanged,
    SilenceCreated,
    SilenceEnded,
)
from evenfall.alerting.events.repairs import (
    RepairFields,
    RepairGaveUp,
    RepairHealed,
    RepairNotNeeded,
    RepairRan,
    RepairStarted,
)
from evenfall.alerting.events.settings import (
    AutoEndChanged,
    DependenceChanged,
    InhibitionsChanged,
    IntegrationChanged,
    RepairLimitsChanged,
    RulesChanged,
)

__all__ = [
    "LIVE_TOPIC",
    "AlertAcknowledged",
    "AlertEndsSoon",
    "AlertKeptOpen",
    "AlertOpened",
    "AlertResolved",
    "AlertSuppressed",
    "AlertUpdated",
    "AutoEndChanged",
    "DependenceChanged",
    "InhibitionsChanged",
    "IntakeInterrupted",
    "IntegrationChanged",
    "MaintenanceChanged",
    "MaintenanceCreated",
    "MaintenanceEnded",
    "RecurringMaintenanceChanged",
    "RecurringMaintenanceCreated",
    "RecurringMaintenanceEnded",
    "RepairFields",
    "RepairGaveUp",
    "RepairHealed",
    "RepairLimitsChanged",
    "RepairNotNeeded",
    "RepairRan",
    "RepairStarted",
    "RulesChanged",
    "SignalsIgnored",
    "SilenceChanged",
    "SilenceCreated",
    "SilenceEnded",
    "UnknownKeysBegan",
]
