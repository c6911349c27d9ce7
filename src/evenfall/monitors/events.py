"""Facts of monitors. Reactions handle them by id; secrets never appear in them."""

from typing import Any, override

from msgspec import field

from evenfall.platform.events import Event


class _AboutMonitor(Event, frozen=True, kw_only=True):
    monitor_id: int
    name: str
    service_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"monitor:{self.monitor_id}", f"service:{self.service_id}", "monitors")


class MonitorSaved(_AboutMonitor, frozen=True, kw_only=True):
    """A monitor was added, or changed: `before` is empty for a new one."""

    kind = "monitors.monitor_saved"
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


class MonitorRemoved(_AboutMonitor, frozen=True, kw_only=True):
    """It looks no more. What it saw stays until it is too old."""

    kind = "monitors.monitor_removed"


class MonitorPaused(_AboutMonitor, frozen=True, kw_only=True):
    """Nobody looks until it is resumed; an alert that it opened is over."""

    kind = "monitors.monitor_paused"


class MonitorResumed(_AboutMonitor, frozen=True, kw_only=True):
    """It looks again, as if it was new."""

    kind = "monitors.monitor_resumed"


class MonitorWentBad(_AboutMonitor, frozen=True, kw_only=True):
    """Enough bad looks in a row: an outage began with the first of them, at `since`."""

    kind = "monitors.went_bad"
    since: str
    note: str


class MonitorWentGood(_AboutMonitor, frozen=True, kw_only=True):
    """It is good now; `lasted_s` is the length of the outage that ended, 0 where there was none."""

    kind = "monitors.went_good"
    lasted_s: int = 0
    note: str = ""


class MonitorWentUnknown(_AboutMonitor, frozen=True, kw_only=True):
    """Nobody could look, several times in a row."""

    kind = "monitors.went_unknown"
    since: str
    note: str


class KeyRotated(_AboutMonitor, frozen=True, kw_only=True):
    """The address that it is told at is another one now."""

    kind = "monitors.key_rotated"


class BackupReported(_AboutMonitor, frozen=True, kw_only=True):
    """A backup was made, or failed."""

    kind = "monitors.backup_reported"
    ok: bool
    size_bytes: int | None = None


class RestoreDrilled(_AboutMonitor, frozen=True, kw_only=True):
    """A restore was tried, and took so many seconds."""

    kind = "monitors.restore_drilled"
    ok: bool
    took_s: float


class StateDeclared(_AboutMonitor, frozen=True, kw_only=True):
    """What should be was said anew; `accepted` where it is what was found live."""

    kind = "monitors.state_declared"
    reason: str
    accepted: bool
    differences: int
