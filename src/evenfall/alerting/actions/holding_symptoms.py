"""Symptoms follow their causes: held when one opens, decided again when the last one is over."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from evenfall.alerting.actions import alert_rows
from evenfall.alerting.actions.receiving import hold_pipeline
from evenfall.alerting.actions.redeciding import candidate_of, redecide
from evenfall.alerting.logic import pipeline
from evenfall.alerting.models import Alert, AlertRole, RolesBook
from evenfall.alerting.queries.alerts import LIVE
from evenfall.alerting.queries.context import books
from evenfall.alerting.queries.context import context as load_context

_AT_ONCE: Final = 500

# A cause that is new meets the symptoms that were open before it.
_NEW: Final = """
WITH fresh AS (
    SELECT id, alert_id, rule_id, key FROM alerting_alert_role
     WHERE is_source AND NOT is_applied ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED
), marked AS (
    UPDATE alerting_alert_role role SET is_applied = TRUE FROM fresh WHERE role.id = fresh.id
)
SELECT DISTINCT symptom.alert_id
  FROM fresh JOIN alerting_alert_role symptom
    ON symptom.rule_id = fresh.rule_id AND symptom.key = fresh.key
 WHERE symptom.is_target AND symptom.alert_id <> fresh.alert_id
 ORDER BY 1
"""
_FREED: Final = """
SELECT held.id FROM alerting_alert held
 WHERE held.inhibitor_id IS NOT NULL AND held.state IN ('open', 'acknowledged')
   AND NOT EXISTS (SELECT FROM alerting_alert cause
                    WHERE cause.id = held.inhibitor_id AND cause.state IN ('open', 'acknowledged'))
 ORDER BY 1 LIMIT 2000
"""
_FORGET: Final = """
DELETE FROM alerting_alert_role role USING alerting_alert alert
 WHERE alert.id = role.alert_id AND alert.state NOT IN ('open', 'acknowledged')
"""


def follow_causes(*, now: datetime) -> int:
    """Hold the symptoms of new causes, and free those of causes that are over.

    Returns how many alerts were looked at. Any number of workers may do it at once: roles are
    claimed, alerts are locked by `redecide`.
    """
    rules, inhibitions = books()
    done = _follow_book(rules.version, now)
    if not inhibitions.rules:
        return done
    with transaction.atomic():
        done += _again(_ids(_NEW), why="An alert that is its cause opened.", now=now)
    with transaction.atomic():
        done += _again(_ids(_FREED), why="The alert that was its cause is over.", now=now)
        with connection.cursor() as cursor:
            cursor.execute(_FORGET)
    return done


def _ids(statement: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]


def _again(alert_ids: Collection[int], *, why: str, now: datetime) -> int:
    ids = list(alert_ids)
    for first in range(0, len(ids), _AT_ONCE):
        redecide(alert_ids=ids[first : first + _AT_ONCE], why=why, now=now)
    return len(ids)


def _follow_book(newest: int, now: datetime) -> int:
    """When the rules changed, find the roles of all live alerts anew.

    It holds the pipeline meanwhile, whose batches would otherwise write roles by an older book;
    when another has it, the next pass tries again.
    """
    known = RolesBook.objects.values_list("version", flat=True).first()
    if newest == (known or 0):
        return 0
    with transaction.atomic():
        if not hold_pipeline():
            return 0
        return _find_roles(newest, now)


def _find_roles(version: int, now: datetime) -> int:
    AlertRole.objects.all().delete()
    concerned = set(
        Alert.objects.filter(state__in=LIVE, inhibitor_id__isnull=False).values_list(
            "id", flat=True
        )
    )
    last = 0
    while rows := _live_after(last):
        last = rows[-1].pk
        concerned |= _roles_of(rows, now)
    RolesBook.objects.update_or_create(id=1, defaults={"version": version})
    return _again(sorted(concerned), why="The inhibition rules changed.", now=now)


def _live_after(alert_id: int) -> list[Alert]:
    rows = Alert.objects.filter(state__in=LIVE, id__gt=alert_id).order_by("id")
    return list(rows[:_AT_ONCE])


def _roles_of(rows: Sequence[Alert], now: datetime) -> set[int]:
    """Keep the roles of these alerts; return those that are symptoms of something."""
    candidates = [candidate_of(row, "", now) for row in rows]
    known = load_context(candidates, now=now)
    if not known.inhibitions.rules:
        return set()
    enriched = [pipeline.with_roles(one, known) for one in candidates]
    alert_rows.insert_roles(enriched)
    return {one.alert_id for one in enriched if any(role.is_target for role in one.roles)}
