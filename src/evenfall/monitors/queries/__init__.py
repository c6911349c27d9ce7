"""Named reads of monitors. They return plain values: a template can issue no SQL."""

from evenfall.monitors.queries.counting import check_counts
from evenfall.monitors.queries.history import (
    CheckLine,
    OutageLine,
    checks_page,
    outages,
    points,
)
from evenfall.monitors.queries.reading import (
    MonitorFilter,
    MonitorView,
    monitor,
    monitors,
    monitors_page,
    state_counts,
)
from evenfall.monitors.queries.reports import (
    BackupLine,
    BeatView,
    DriftView,
    DrillLine,
    PingLine,
    backup,
    backups,
    beat,
    drift,
    drill,
    drills,
    pings,
    told_by_name,
    told_over_count,
)
from evenfall.monitors.queries.spans import production_downs
from evenfall.monitors.queries.uptimes import service_uptime, uptimes

__all__ = [
    "BackupLine",
    "BeatView",
    "CheckLine",
    "DriftView",
    "DrillLine",
    "MonitorFilter",
    "MonitorView",
    "OutageLine",
    "PingLine",
    "backup",
    "backups",
    "beat",
    "check_counts",
    "checks_page",
    "drift",
    "drill",
    "drills",
    "monitor",
    "monitors",
    "monitors_page",
    "outages",
    "pings",
    "points",
    "production_downs",
    "service_uptime",
    "state_counts",
    "told_by_name",
    "told_over_count",
    "uptimes",
]
