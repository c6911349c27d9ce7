"""Heartbeats that tools tell by a name, with the key of an integration."""

from collections.abc import Mapping

from evenfall.monitors import errors
from evenfall.monitors.logic.inside import HEARTBEAT
from evenfall.monitors.models import Monitor
from evenfall.monitors.models.monitors import CALLED, TOLD_OVER


def named(integration_id: int, called: str) -> Monitor | None:
    """The heartbeat of this name; "" is the one that an integration has for itself."""
    rows = Monitor.objects.annotate(told_over=TOLD_OVER, called=CALLED)
    return rows.filter(
        told_over=str(integration_id), called=called, kind=HEARTBEAT, removed_at=None
    ).first()


def check_name(settings: Mapping[str, str], *, but: int | None) -> None:
    """Raise MonitorUnclear where another monitor than `but` is told over the same name."""
    if not settings["integration"]:
        return
    other = named(int(settings["integration"]), settings["called"])
    if other is not None and other.pk != but:
        reason = f"“{other.name}” is told over this integration and name already."
        raise errors.MonitorUnclear(field="called", reason=reason)
