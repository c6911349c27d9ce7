"""The tables of monitors."""

from evenfall.monitors.models.checks import Check, Outage, Tally
from evenfall.monitors.models.monitors import Monitor
from evenfall.monitors.models.reports import Backup, Beat, Drift, DriftSource, Drill, Ping

__all__ = [
    "Backup",
    "Beat",
    "Check",
    "Drift",
    "DriftSource",
    "Drill",
    "Monitor",
    "Outage",
    "Ping",
    "Tally",
]
