"""The tables of alerting."""

from evenfall.alerting.models.alerts import Alert, AlertGroup, IntakeBeat
from evenfall.alerting.models.intake import (
    Integration,
    MappingVersion,
    Signal,
    SignalBatch,
    VendorFetch,
    WaitingSignal,
)
from evenfall.alerting.models.quiet import MaintenanceWindow, Silence
from evenfall.alerting.models.repairs import Repair, RepairLimits
from evenfall.alerting.models.rules import (
    AlertRole,
    InhibitionRow,
    RolesBook,
    RoutingRule,
    RuleBookVersion,
)

__all__ = [
    "Alert",
    "AlertGroup",
    "AlertRole",
    "InhibitionRow",
    "IntakeBeat",
    "Integration",
    "MaintenanceWindow",
    "MappingVersion",
    "Repair",
    "RepairLimits",
    "RolesBook",
    "RoutingRule",
    "RuleBookVersion",
    "Signal",
    "SignalBatch",
    "Silence",
    "VendorFetch",
    "WaitingSignal",
]
