"""Changes of what decides about alerts, as values: for whoever wants to know what they would do."""

from evenfall.alerting.logic.proposals import (
    AlertingChange,
    InhibitionChange,
    MaintenanceChange,
    OrderChange,
    RuleChange,
    RulesChange,
    SilenceChange,
)
from evenfall.alerting.logic.replaying import LEFT_OUT, Configuration, Turn

__all__ = [
    "LEFT_OUT",
    "AlertingChange",
    "Configuration",
    "InhibitionChange",
    "MaintenanceChange",
    "OrderChange",
    "RuleChange",
    "RulesChange",
    "SilenceChange",
    "Turn",
]
