"""What can be done with monitors. Import this module, not its parts."""

from evenfall.monitors.actions.comparing_configuration import compare_configuration
from evenfall.monitors.actions.declaring import fetch_declared
from evenfall.monitors.actions.judging import judge_told
from evenfall.monitors.actions.looking import look_outside
from evenfall.monitors.actions.reporting import (
    BackupWish,
    DrillWish,
    accept_live,
    declare_state,
    report_backup,
    report_drill,
    report_live,
)
from evenfall.monitors.actions.telling import PingWish, rotate_key, take_named_ping, take_ping
from evenfall.monitors.actions.watching import watch_metrics
from evenfall.monitors.actions.writing import (
    FETCH,
    LOOK,
    Made,
    MonitorWish,
    add_monitor,
    change_monitor,
    look_now,
    pause_monitor,
    remove_monitor,
    resume_monitor,
)

__all__ = [
    "FETCH",
    "LOOK",
    "BackupWish",
    "DrillWish",
    "Made",
    "MonitorWish",
    "PingWish",
    "accept_live",
    "add_monitor",
    "change_monitor",
    "compare_configuration",
    "declare_state",
    "fetch_declared",
    "judge_told",
    "look_now",
    "look_outside",
    "pause_monitor",
    "remove_monitor",
    "report_backup",
    "report_drill",
    "report_live",
    "resume_monitor",
    "rotate_key",
    "take_named_ping",
    "take_ping",
    "watch_metrics",
]
