"""Facts of monitors. Reactions handle them by id; secrets never appear in them."""

from dataclasses import dataclass, field
from typing import Any, override

from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class _AboutMonitor(Event):
    monitor_id: int
    name: str
    service_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"monitor:{self.monitor_id}", f"service:{self.service_id}", "monitors")


@dataclass(frozen=True, kw_only=True)
class MonitorSaved(_AboutMonitor):
    """A monitor was added, or changed: `before` is empty for a new one."""

    kind = "monitors.monitor_saved"
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MonitorRemoved(_AboutMonitor):
    """It looks no more. What it saw stays until it is too old."""

    kind = "monitors.monitor_removed"


@dataclass(frozen=True, kw_only=True)
class MonitorPaused(_AboutMonitor):
    """Nobody looks until it is resumed; an alert that it opened is over."""

    kind = "monitors.monitor_paused"


@dataclass(frozen=True, kw_only=True)
class MonitorResumed(_AboutMonitor):
    """It looks again, as if it was new."""

    kind = "monitors.monitor_resumed"


@dataclass(frozen=True, kw_only=True)
class MonitorWentBad(_AboutMonitor):
    """Enough bad looks in a row: an outage began with the first of them, at `since`."""

    kind = "monitors.went_bad"
    since: str
    note: str


@dataclass(frozen=True, kw_only=True)
class MonitorWentGood(_AboutMonitor):
    """It is good now; `lasted_s` is the length of the outage that ended, 0 where there was none."""

    kind = "monitors.went_good"
    lasted_s: int = 0
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class MonitorWentUnknown(_AboutMonitor):
    """Nobody could look, several times in a row."""

    kind = "monitors.went_unknown"
    since: str
    note: str


@dataclass(frozen=True, kw_only=True)
class KeyRotated(_AboutMonitor):
    """The address that it is told at is another one now."""

    kind = "monitors.key_rotated"


@dataclass(frozen=True, kw_only=True)
class BackupReported(_AboutMonitor):
    """A backup was made, or failed."""

    kind = "monitors.backup_reported"
    ok: bool
    size_bytes: int | None = None


@dataclass(frozen=True, kw_only=True)
class RestoreDrilled(_AboutMonitor):
    """A restore was tried, and took so many seconds."""

    kind = "monitors.restore_drilled"
    ok: bool
    took_s: float


@dataclass(frozen=True, kw_only=True)
class StateDeclared(_AboutMonitor):
    """What should be was said anew; `accepted` where it is what was found live."""

    kind = "monitors.state_declared"
    reason: str
    accepted: bool
    differences: int
