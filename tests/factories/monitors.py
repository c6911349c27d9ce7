"""Monitors for tests, and what looks at them. Times are `NOW` unless given."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.factories.catalog import make_service
from tests.factories.identity import NOW

from evenfall.catalog.models import Service
from evenfall.monitors import actions
from evenfall.monitors.actions import MonitorWish, PingWish
from evenfall.monitors.actions.telling import rotate_key
from evenfall.monitors.models import Monitor

URL = "https://shop.example.org/health"


def wish(service: Service, settings: Mapping[str, str] | None = None, **more: Any) -> MonitorWish:
    return MonitorWish(
        **{
            "name": "Shop",
            "service_id": service.pk,
            "settings": {"url": URL} if settings is None else settings,
            **more,
        }
    )


def make_monitor(
    kind: str = "http",
    settings: Mapping[str, str] | None = None,
    *,
    service: Service | None = None,
    now: datetime = NOW,
    **more: Any,
) -> Monitor:
    """One of a new service unless one is given; due at once."""
    made = actions.add_monitor(
        kind=kind,
        wish=wish(service or make_service(), settings, **more),
        now=now,
        actor="system",
    )
    return Monitor.objects.get(id=made.monitor_id)


def make_heartbeat(**said: str) -> Monitor:
    """Every ten minutes with five minutes of grace unless it is said otherwise."""
    return make_monitor("heartbeat", {"period": "10m", "grace": "5m", **said}, name="Nightly")


def key_of(monitor: Monitor) -> str:
    """A new key: the first one is shown to nobody here."""
    return rotate_key(monitor_id=monitor.pk, now=NOW, actor="system")


def tell(key: str, what: str = "success", *, at: datetime, **more: Any) -> None:
    actions.take_ping(key=key, wish=PingWish(what=what, **more), now=at)


def look(monitor: Monitor, *, at: datetime) -> Monitor:
    """Let it be due, look at all that is, and return it as it stands then."""
    Monitor.objects.filter(id=monitor.pk, due_at__gt=at).update(due_at=at)
    actions.look_outside(now=at)
    actions.watch_metrics(now=at)
    actions.judge_told(now=at)
    actions.compare_configuration(now=at)
    monitor.refresh_from_db()
    return monitor


def later(**length: float) -> datetime:
    return NOW + timedelta(**length)
