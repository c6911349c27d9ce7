"""The tables of alerting."""

from evenfall.alerting.models.alerts import (
    Alert,
    AlertDecision,
    AlertGroup,
    IntakeBeat,
)
from evenfall.alerting.models.bulk import BulkAct
from evenfall.alerting.models.dependence import DependenceSettings, GraphBook, ServiceHolding
from evenfall.alerting.models.ending import AutoEnd, EndNotice
from evenfall.alerting.models.intake import (
    Integration,
    MappingVersion,
    Signal,
    SignalBatch,
    VendorFetch,
    WaitingSignal,
)
from evenfall.alerting.models.quiet import MaintenanceWindow, RecurringMaintenance, Silence
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
    "AlertDecision",
    "AlertGroup",
    "AlertRole",
    "AutoEnd",
    "BulkAct",
    "DependenceSettings",
    "EndNotice",
    "GraphBook",
    "InhibitionRow",
    "IntakeBeat",
    "Integration",
    "MaintenanceWindow",
    "MappingVersion",
    "RecurringMaintenance",
    "Repair",
    "RepairLimits",
    "RolesBook",
    "RoutingRule",
    "RuleBookVersion",
    "ServiceHolding",
    "Signal",
    "SignalBatch",
    "Silence",
    "VendorFetch",
    "WaitingSignal",
]
