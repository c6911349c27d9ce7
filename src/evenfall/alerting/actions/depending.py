"""Dependency suppression: its settings, the graph it goes by, and alerts that are split off."""

from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Final

from django.db import connection, transaction
from msgspec import Struct

from evenfall.alerting import errors, events
from evenfall.alerting.actions.inhibiting import WAKE
from evenfall.alerting.actions.redeciding import redecide
from evenfall.alerting.logic.causes import (
    LONGEST_WAY,
    LONGEST_WINDOW,
    MOST_STEPS,
    WINDOW,
    Holding,
    Node,
)
from evenfall.alerting.logic.states import AlertState
from evenfall.alerting.models import Alert, DependenceSettings, GraphBook, ServiceHolding
from evenfall.alerting.queries.alerts import IS_LIVE
from evenfall.alerting.queries.graph import graph_to_json
from evenfall.catalog import queries as catalog_queries
from evenfall.platform.events import publish
from evenfall.platform.journal import changed_fields
from evenfall.platform.wakeups import wake

HELD: Final = "cause:"
_AT_ONCE: Final = 500
_SHORTEST: Final = timedelta(minutes=1)


class Dependence(Struct, frozen=True, kw_only=True):
    """`window` is how far apart cause and symptom may begin, `most_steps` how far in the graph."""

    is_on: bool = True
    most_steps: int = MOST_STEPS
    window: timedelta = WINDOW


@transaction.atomic
def set_dependence(*, wanted: Dependence, now: datetime, actor: str) -> None:
    """Change what holds for all services from the next alert on. Raises DependenceNotValid.

    What is held already stays so until its cause is over; switched off, it is decided again.
    """
    if not 1 <= wanted.most_steps <= LONGEST_WAY:
        reason = f"Between 1 and {LONGEST_WAY} steps."
        raise errors.DependenceNotValid(field="most_steps", reason=reason)
    if not _SHORTEST <= wanted.window <= LONGEST_WINDOW:
        hours = LONGEST_WINDOW // timedelta(hours=1)
        raise errors.DependenceNotValid(field="window", reason=f"1 minute to {hours} hours.")
    _lock_graph()
    first = {"changed_at": now, "changed_by": actor}
    row, _ = DependenceSettings.objects.get_or_create(id=1, defaults=first)
    before = _words(row)
    row.is_on, row.most_steps = wanted.is_on, wanted.most_steps
    row.window_s = int(wanted.window.total_seconds())
    row.changed_at, row.changed_by = now, actor
    changed = changed_fields(before, _words(row))
    if changed:
        row.save()
        _announce("settings", None, changed, now, actor)


@transaction.atomic
def set_holding(*, service_id: int, holding: Holding, now: datetime, actor: str) -> None:
    """Say whether alerts of a service may wait for what it needs. Raises ServiceNotFound."""
    name = catalog_queries.service(service_id).name
    _lock_graph()
    row = ServiceHolding.objects.filter(service_id=service_id).first()
    before = Holding(row.holding) if row else Holding.AUTO
    if before is holding:
        return
    ServiceHolding.objects.update_or_create(
        service_id=service_id,
        defaults={"holding": holding.value, "changed_at": now, "changed_by": actor},
    )
    changed = {"holding": (before.value, holding.value)}
    _announce(name, service_id, changed, now, actor)


def _words(row: DependenceSettings) -> dict[str, Any]:
    return {"is_on": row.is_on, "most_steps": row.most_steps, "window_s": row.window_s}


def _announce(
    name: str,
    service_id: int | None,
    changed: dict[str, tuple[Any, Any]],
    now: datetime,
    actor: str,
) -> None:
    _write(now)
    publish(
        events.DependenceChanged(
            at=now,
            actor=actor,
            name=name,
            service_id=service_id,
            before={field: old for field, (old, _) in changed.items()},
            after={field: new for field, (_, new) in changed.items()},
        )
    )


@transaction.atomic
def write_graph(*, now: datetime) -> bool:
    """Write down who needs whom, where that differs from what is written; say whether it did."""
    _lock_graph()
    return _write(now)


def _lock_graph() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('evenfall.alerting'), hashtext('graph'))"
        )


def _write(now: datetime) -> bool:
    settings = DependenceSettings.objects.first() or DependenceSettings()
    held = dict(ServiceHolding.objects.values_list("service_id", "holding"))
    services = catalog_queries.services()
    edges = [
        edge
        for edge in catalog_queries.hard_edges()
        if settings.is_on and {*edge} <= services.keys()
    ]
    nodes = [
        Node(one.id, one.name, one.team_id, one.tier, Holding(held.get(one.id, Holding.AUTO)))
        for one in services.values()
    ]
    graph = graph_to_json(nodes, edges, most_steps=settings.most_steps, window_s=settings.window_s)
    last = GraphBook.objects.order_by("-id").values_list("graph", flat=True).first()
    if graph == last:
        return False
    GraphBook.objects.create(created_at=now, graph=graph)
    wake(WAKE)
    _decide_again(now)
    return True


def _decide_again(now: datetime) -> None:
    """What waits for another service may have no reason to any more."""
    rows = Alert.objects.filter(IS_LIVE, inhibitor_id__isnull=False, held_by__startswith=HELD)
    for some in batched(rows.order_by("id").values_list("id", flat=True), _AT_ONCE):
        redecide(alert_ids=some, why="The services or their settings changed.", now=now)


def split_off(*, alert_id: int, now: datetime, actor: str) -> None:
    """Say that an alert is a problem of its own: its people are called now, if it is bad enough.

    It does not wait for another service again, whatever happens. Again is fine. Raises
    AlertNotFound, AlertIsOver.
    """
    with transaction.atomic():
        row = Alert.objects.select_for_update().only("state", "is_split").filter(id=alert_id)
        alert = row.first()
        if alert is None:
            raise errors.AlertNotFound(alert_id=alert_id)
        if alert.state == AlertState.RESOLVED:
            raise errors.AlertIsOver(alert_id=alert_id)
        if not alert.is_split:
            Alert.objects.filter(id=alert_id).update(is_split=True)
            why = "Somebody said that it is a problem of its own."
            redecide(alert_ids=[alert_id], why=why, now=now, actor=actor)
