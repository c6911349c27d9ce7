"""What ends by itself: alerts that are no longer repeated, silences, maintenance windows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from evenfall.alerting.actions.redeciding import redecide
from evenfall.alerting.actions.repeats import heard_until
from evenfall.alerting.actions.responding import resolve_alerts
from evenfall.alerting.logic import flapping
from evenfall.alerting.models import Alert, MaintenanceWindow, Silence
from evenfall.alerting.queries.alerts import IS_LIVE
from evenfall.alerting.queries.context import maintenance_value, silence_value
from evenfall.alerting.queries.quiet import live_values
from evenfall.platform import durations
from evenfall.platform.events import SYSTEM

_AT_ONCE = 500
# by the index of what waits: nothing is read where no rule does
_WAITED = """
SELECT id FROM alerting_alert
 WHERE state = 'open' AND held_by LIKE 'wait:%%'
   AND opened_at + make_interval(secs => split_part(held_by, ':', 2)::int) <= %(now)s
 ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED
"""


def resolve_silent_alerts(*, now: datetime) -> int:
    """Resolve alerts that were not sent again in time; return how many.

    Nothing is resolved while the front door is closed, nor because of what waits in the queue.
    """
    until = heard_until(now=now)
    if until is None:
        return 0
    due = Alert.objects.filter(IS_LIVE, expires_at__lte=until).order_by("expires_at")
    with transaction.atomic():
        ids = list(due.select_for_update(skip_locked=True).values_list("id", flat=True)[:_AT_ONCE])
        if not ids:
            return 0
        reason = "The tool did not send it again in time."
        return len(resolve_alerts(alert_ids=ids, now=now, actor=SYSTEM, reason=reason))


def resolve_calm_alerts(*, now: datetime) -> int:
    """Resolve flapping alerts that were said to be over, and quiet since; return how many."""
    until = heard_until(now=now)
    if until is None:
        return 0
    due = Alert.objects.filter(IS_LIVE, calm_since__lte=until - flapping.CALM)
    with transaction.atomic():
        rows = due.order_by("id").select_for_update(skip_locked=True)
        ids = list(rows.values_list("id", flat=True)[:_AT_ONCE])
        if not ids:
            return 0
        reason = f"It flapped, and has been quiet for {durations.exact(flapping.CALM)}."
        return len(resolve_alerts(alert_ids=ids, now=now, actor=SYSTEM, reason=reason))


def release_waiting(*, now: datetime) -> int:
    """Call people for what is still open after its rule waited; return how many were looked at.

    What somebody acknowledged meanwhile goes on waiting: they know of it.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_WAITED, {"now": now})
            ids = [row[0] for row in cursor.fetchall()]
        if ids:
            redecide(alert_ids=ids, why="It is still open after its rule waited.", now=now)
    return len(ids)


def apply_silences(*, now: datetime) -> int:
    """Hold open alerts that a silence, now in force, matches; return how many silences began."""
    return _begin(Silence.objects.filter(applied_at=None, starts_at__lte=now), now)


def apply_maintenance(*, now: datetime) -> int:
    """Hold open alerts that planned work, now begun, covers; return how many windows began."""
    return _begin(MaintenanceWindow.objects.filter(applied_at=None, starts_at__lte=now), now)


def release_silences(*, now: datetime) -> int:
    """Decide again about what a silence held that is over; return how many were released."""
    return _end(Silence.objects.filter(released_at=None, ends_at__lte=now), "silence_id", now)


def release_maintenance(*, now: datetime) -> int:
    """Decide again about what planned work held that is over; return how many windows ended."""
    over = MaintenanceWindow.objects.filter(released_at=None, ends_at__lte=now)
    return _end(over, "maintenance_id", now)


def _begin(pending: QuerySet[Any], now: datetime) -> int:
    with transaction.atomic():
        row = pending.order_by("id").select_for_update(skip_locked=True).first()
        if row is None:
            return 0
        if row.ends_at > now:
            _redecide_in_parts(_covered(row, now), why=_began(row), now=now)
        row.applied_at = now
        row.save(update_fields=["applied_at"])
    return 1


def _began(row: Silence | MaintenanceWindow) -> str:
    if isinstance(row, Silence):
        return f"Silence {row.id} by {row.created_by_name} began."
    return f'Maintenance "{row.name}" began.'


def _end(over: QuerySet[Any], column: str, now: datetime) -> int:
    """Release one: first those that are not applied any more, then its mark."""
    with transaction.atomic():
        row = over.order_by("id").select_for_update(skip_locked=True).first()
        if row is None:
            return 0
        held = Alert.objects.filter(IS_LIVE, **{column: row.id}).order_by("id")
        why = f"{'Silence' if column == 'silence_id' else 'Maintenance'} {row.id} is over."
        _redecide_in_parts(held.values_list("id", flat=True), why=why, now=now)
        row.released_at = now
        row.applied_at = row.applied_at or now
        row.save(update_fields=["released_at", "applied_at"])
    return 1


def _redecide_in_parts(alert_ids: Iterable[int], *, why: str, now: datetime) -> None:
    ids = list(alert_ids)
    for start in range(0, len(ids), _AT_ONCE):
        redecide(alert_ids=ids[start : start + _AT_ONCE], why=why, now=now)


def _covered(row: Silence | MaintenanceWindow, now: datetime) -> list[int]:
    if isinstance(row, Silence):
        silence = silence_value(row)
        return [
            number
            for number, values, *_ in live_values(silence.matchers)
            if silence.covers(values, now)
        ]
    window = maintenance_value(row)
    return [
        number
        for number, values, service_id, environment in live_values(window.matchers)
        if window.covers(values, service_id=service_id, environment=environment, at=now)
    ]
