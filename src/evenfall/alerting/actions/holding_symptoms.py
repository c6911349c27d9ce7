"""Symptoms follow their causes: held when one opens, decided again when the last one is over."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection, transaction
from msgspec import Struct

from evenfall.alerting.actions import alert_rows
from evenfall.alerting.actions.depending import write_graph
from evenfall.alerting.actions.receiving import hold_pipeline
from evenfall.alerting.actions.redeciding import Batch, batch_of, redecide
from evenfall.alerting.logic import pipeline
from evenfall.alerting.logic.causes import LINGER
from evenfall.alerting.models import Alert, AlertRole, RolesBook
from evenfall.alerting.queries.alerts import IS_LIVE
from evenfall.alerting.queries.context import books

_AT_ONCE: Final = 500

# A cause that is new meets the symptoms that were open before it; those that came with it know.
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
  JOIN alerting_alert alert
    ON alert.id = symptom.alert_id AND alert.inhibitor_id IS DISTINCT FROM fresh.alert_id
 WHERE symptom.is_target AND symptom.alert_id <> fresh.alert_id
 ORDER BY 1
"""
# A cause that is over, or that calls nobody any more: only what calls may keep others waiting. What
# waits for a service that its own needs goes on for `LINGER` after that one is over.
_IS_FREE: Final = """
held.inhibitor_id IS NOT NULL AND held.state IN ('open', 'acknowledged')
   AND NOT EXISTS (SELECT FROM alerting_alert cause
                    WHERE cause.id = held.inhibitor_id
                      AND CASE WHEN NOT starts_with(held.held_by, 'cause:')
                               THEN cause.state IN ('open', 'acknowledged')
                               ELSE cause.outcome = 'page' AND cause.held_by = ''
                                    AND (cause.resolved_at IS NULL OR cause.resolved_at > %(since)s)
                          END)
"""
_FREED: Final = f"""
SELECT held.id FROM alerting_alert held WHERE {_IS_FREE} ORDER BY 1 LIMIT 2000
"""  # noqa: S608 - our own condition
_FORGET: Final = """
DELETE FROM alerting_alert_role role USING alerting_alert alert
 WHERE alert.id = role.alert_id AND alert.state NOT IN ('open', 'acknowledged')
"""
_LOOK: Final = f"""
SELECT (SELECT max(id) FROM alerting_rule_book) AS newest,
       (SELECT max(version) FROM alerting_roles_book) AS known,
       (SELECT max(id) FROM alerting_graph_book) IS NOT NULL AS has_graph,
       EXISTS (SELECT FROM alerting_alert_role WHERE is_source AND NOT is_applied) AS has_causes,
       EXISTS (SELECT FROM alerting_alert held WHERE {_IS_FREE}) AS has_freed
"""  # noqa: S608 - our own condition


class Followed(Struct, frozen=True):
    """How many alerts were looked at; `is_unused` when neither rules nor services hold any."""

    done: int
    is_unused: bool = False


class _Look(NamedTuple):
    newest: int | None
    known: int | None
    has_graph: bool
    has_causes: bool
    has_freed: bool


def follow_causes(*, now: datetime) -> Followed:
    """Hold the symptoms of new causes, and free those of causes that are over.

    One statement where there is nothing to do. Any number of workers may do it at once: roles are
    claimed, alerts are locked by `redecide`.
    """
    look = _look(now)
    done = _follow_book(look, now)
    if not look.has_graph:
        write_graph(now=now)
    if look.has_causes:
        with transaction.atomic():
            done += _again(_ids(_NEW, now), why="An alert that is its cause opened.", now=now)
    if look.has_freed:
        with transaction.atomic():
            done += _again(_ids(_FREED, now), why="The alert that was its cause is over.", now=now)
    if look.has_causes or look.has_freed:
        with connection.cursor() as cursor:
            cursor.execute(_FORGET)
        return Followed(done)
    return Followed(done, is_unused=not done and _is_unused(look, now))


def _look(now: datetime) -> _Look:
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, {"since": now - LINGER})
        return _Look(*cursor.fetchone())


def _is_unused(look: _Look, now: datetime) -> bool:
    """Whether no rule and no service holds anything; whoever writes one wakes the drain."""
    if not look.has_graph or look.newest != look.known:
        return False
    written = books(now)
    return not written.inhibitions.rules and not written.graph.needs


def _ids(statement: str, now: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"since": now - LINGER})
        return [row[0] for row in cursor.fetchall()]


def _again(alert_ids: Collection[int], *, why: str, now: datetime) -> int:
    ids = list(alert_ids)
    for first in range(0, len(ids), _AT_ONCE):
        redecide(alert_ids=ids[first : first + _AT_ONCE], why=why, now=now)
    return len(ids)


def _follow_book(look: _Look, now: datetime) -> int:
    """When the rules changed, find the roles of all live alerts anew.

    It holds the pipeline meanwhile, whose batches would otherwise write roles by an older book;
    when another has it, the next pass tries again.
    """
    if (look.newest or 0) == (look.known or 0):
        return 0
    with transaction.atomic():
        if not hold_pipeline():
            return 0
        return _find_roles(look.newest or 0, now)


def _find_roles(version: int, now: datetime) -> int:
    AlertRole.objects.all().delete()
    concerned = set(
        Alert.objects.filter(IS_LIVE, inhibitor_id__isnull=False).values_list("id", flat=True)
    )
    last = 0
    while rows := _live_after(last):
        last = rows[-1].pk
        concerned |= keep_roles(batch_of(rows, now=now))
    RolesBook.objects.update_or_create(id=1, defaults={"version": version})
    return _again(sorted(concerned), why="The inhibition rules changed.", now=now)


def _live_after(alert_id: int) -> list[Alert]:
    rows = Alert.objects.filter(IS_LIVE, id__gt=alert_id).order_by("id")
    return list(rows[:_AT_ONCE])


def keep_roles(batch: Batch) -> set[int]:
    """Write down the roles of these alerts; return those that are symptoms of something."""
    if not batch.known.inhibitions.rules:
        return set()
    enriched = [pipeline.with_roles(one, batch.known) for one in batch.candidates]
    alert_rows.insert_roles(enriched)
    return {one.alert_id for one in enriched if any(role.is_target for role in one.roles)}
