"""Writes alerts in bulk: one statement however many there are, and no model objects."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import msgspec
from django.db import connection
from msgspec.structs import astuple

from evenfall.alerting.actions.live_alerts import LiveAlert
from evenfall.alerting.logic.candidate import Candidate
from evenfall.alerting.logic.grouping import LONGEST_WINDOW, Group
from evenfall.alerting.logic.states import key_hash
from evenfall.alerting.logic.updates import AlertUpdate
from evenfall.alerting.models import AlertGroup, AlertRole
from evenfall.platform.recordset import json_rows

_DETAILS_LIMIT = 64_000
_SEARCH_LIMIT = 1000
_EMPTY = "{}"


def new_ids(count: int) -> list[int]:
    """Take ids for alerts that are about to be written, so that their events can name them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('alerting_alert', 'id')) "
            "FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


_COLUMNS = (
    "id", "integration_id", "dedup_key", "key_hash", "state", "severity", "told_severity",
    "environment", "told_environment", "service_id", "team_id", "outcome", "urgency", "held_by",
    "silence_id", "maintenance_id", "inhibitor_id", "rule_id", "rules_version", "policy_id",
    "group_key",
    "decided_at", "summary", "source", "labels", "annotations", "details", "extra",
    "unparsed", "search", "count", "starts_at", "opened_at", "last_seen_at", "expires_at",
    "acknowledged_at", "acknowledged_by", "resolved_at", "resolved_by", "resolve_reason",
    "signal_id", "last_signal_id", "is_flapping", "calm_since",
)  # fmt: skip
_COPY = f"COPY alerting_alert ({', '.join(_COLUMNS)}) FROM STDIN"
_COPY_DECISIONS = "COPY alerting_alert_decision (alert_id, stages) FROM STDIN"


def insert(alerts: Iterable[LiveAlert], *, rules_version: int) -> None:
    """Write new alerts that have an id and a decided candidate."""
    decided = [(alert, alert.candidate) for alert in alerts if alert.candidate]
    if not decided:
        return
    with connection.cursor() as cursor:
        with cursor.copy(_COPY) as copy:
            for alert, candidate in decided:
                copy.write_row(_row(alert, candidate, rules_version))
        with cursor.copy(_COPY_DECISIONS) as copy:
            for alert, candidate in decided:
                copy.write_row((alert.id, _stages(candidate)))


def _row(alert: LiveAlert, candidate: Candidate, rules_version: int) -> tuple[object, ...]:
    """The columns as `_COLUMNS` has them: who and what was decided, then what was told."""
    return (*_decision_of(alert, candidate, rules_version), *_words_of(alert))


def _decision_of(alert: LiveAlert, candidate: Candidate, rules_version: int) -> tuple[object, ...]:
    return (
        alert.id,
        alert.integration_id,
        alert.dedup_key,
        key_hash(alert.dedup_key),
        alert.state.value,
        candidate.severity.value,
        candidate.told_severity.value if candidate.told_severity else "",
        candidate.environment,
        candidate.told_environment or "",
        candidate.service_id,
        candidate.team_id,
        candidate.outcome.value,
        candidate.urgency.value,
        candidate.held_by,
        candidate.silence_id,
        candidate.maintenance_id,
        candidate.inhibitor_id,
        candidate.rule_id,
        rules_version,
        candidate.policy_id,
        candidate.group.key if candidate.group else "",
        candidate.at,
    )


def _words_of(alert: LiveAlert) -> tuple[object, ...]:
    update = alert.update
    return (
        update.summary,
        update.source,
        to_json(update.labels),
        to_json(update.annotations),
        _details(update),
        extra_of(update),
        alert.unparsed,
        _search(update),
        alert.added + 1,
        update.starts_at or alert.opened_at,
        alert.opened_at,
        alert.last_seen_at,
        update.expires_at,
        alert.acknowledged_at,
        alert.actor if alert.acknowledged_at else "",
        alert.resolved_at,
        alert.actor if alert.resolved_at else "",
        alert.resolve_reason,
        alert.first_signal_id,
        alert.signal_id,
        alert.is_flapping,
        alert.calm_since,
    )


def to_json(value: object) -> str:
    return msgspec.json.encode(value).decode() if value else _EMPTY


def _stages(candidate: Candidate) -> str:
    """Without the names of the fields: they would be a fifth of what an alert takes."""
    return msgspec.json.encode([astuple(one) for one in candidate.results]).decode()


def _search(update: AlertUpdate) -> str:
    words = (update.summary, update.source, update.dedup_key, *update.labels.values())
    return " ".join(words).lower()[:_SEARCH_LIMIT]


def _details(update: AlertUpdate) -> str:
    text = to_json(update.details)
    if len(text) <= _DETAILS_LIMIT:
        return text
    # the raw signal has all of it; a list of alerts must not carry half a megabyte each
    return to_json({"shortened": text[:_DETAILS_LIMIT]})


def extra_of(update: AlertUpdate) -> str:
    """Return as JSON what only some senders tell and only the alert's own page shows."""
    extra: dict[str, object] = {
        "url": update.url,
        "client": update.client,
        "client_url": update.client_url,
        "component": update.component,
        "group": update.group,
        "class": update.class_,
        "links": [{"href": link.href, "text": link.text} for link in update.links],
        "images": [{"src": i.src, "href": i.href, "alt": i.alt} for i in update.images],
    }
    return to_json({name: value for name, value in extra.items() if value})


_CHANGE = """
UPDATE alerting_alert alert SET
    state = fresh.state,
    count = alert.count + fresh.added,
    last_seen_at = greatest(alert.last_seen_at, fresh.last_seen_at),
    expires_at = coalesce(fresh.expires_at, alert.expires_at),
    summary = coalesce(nullif(fresh.summary, ''), alert.summary),
    search = coalesce(nullif(fresh.search, ''), alert.search),
    annotations = coalesce(fresh.annotations, alert.annotations),
    acknowledged_at = coalesce(alert.acknowledged_at, fresh.acknowledged_at),
    acknowledged_by = CASE WHEN alert.acknowledged_at IS NULL AND fresh.acknowledged_at IS NOT NULL
                      THEN fresh.actor ELSE alert.acknowledged_by END,
    resolved_at = fresh.resolved_at,
    resolved_by = CASE WHEN fresh.resolved_at IS NULL THEN '' ELSE fresh.actor END,
    resolve_reason = fresh.resolve_reason,
    last_signal_id = fresh.signal_id,
    calm_since = fresh.calm_since
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::timestamptz[], %s::timestamptz[], %s::text[],
            %s::text[], %s::jsonb[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::text[],
            %s::bigint[], %s::timestamptz[])
     AS fresh (id, state, added, last_seen_at, expires_at, summary, search, annotations,
               acknowledged_at, resolved_at, resolve_reason, actor, signal_id, calm_since)
WHERE alert.id = fresh.id
"""


def change(alerts: Sequence[LiveAlert]) -> None:
    """Write what a batch did to alerts that had a row before."""
    if not alerts:
        return
    columns = zip(*(_changed(alert) for alert in alerts), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE, [list(column) for column in columns])


def _changed(alert: LiveAlert) -> tuple[object, ...]:
    told = alert.added > 0
    return (
        alert.id,
        alert.state.value,
        alert.added,
        alert.last_seen_at,
        alert.update.expires_at if told else None,
        alert.update.summary if told else "",
        _search(alert.update) if told and alert.update.summary else "",
        to_json(alert.update.annotations) if told and alert.update.annotations else None,
        alert.acknowledged_at,
        alert.resolved_at,
        alert.resolve_reason,
        alert.actor,
        alert.signal_id,
        alert.calm_since,
    )


_DECIDE = """
WITH fresh AS (
    SELECT * FROM unnest(
        %s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::text[],
        %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
        %s::bigint[], %s::bigint[], %s::text[], %s::jsonb[], %s::timestamptz[]
    ) AS told (id, severity, told_severity, environment, service_id, team_id, outcome, urgency,
               held_by, silence_id, maintenance_id, inhibitor_id, rule_id, rules_version, policy_id,
               group_key, stages, decided_at)
), said AS (
    INSERT INTO alerting_alert_decision (alert_id, stages) SELECT id, stages FROM fresh
    ON CONFLICT (alert_id) DO UPDATE SET stages = excluded.stages
)
UPDATE alerting_alert alert SET
    severity = fresh.severity, told_severity = fresh.told_severity,
    environment = fresh.environment, service_id = fresh.service_id, team_id = fresh.team_id,
    outcome = fresh.outcome, urgency = fresh.urgency, held_by = fresh.held_by,
    silence_id = fresh.silence_id, maintenance_id = fresh.maintenance_id,
    inhibitor_id = fresh.inhibitor_id, rule_id = fresh.rule_id,
    rules_version = fresh.rules_version, policy_id = fresh.policy_id, group_key = fresh.group_key,
    decided_at = fresh.decided_at
FROM fresh WHERE alert.id = fresh.id
"""


def decide(decisions: Sequence[tuple[int, Candidate]], *, rules_version: int) -> None:
    """Write new decisions about alerts that have a row."""
    if not decisions:
        return
    rows = (_decided(number, candidate, rules_version) for number, candidate in decisions)
    with connection.cursor() as cursor:
        cursor.execute(_DECIDE, [list(column) for column in zip(*rows, strict=True)])


def _decided(number: int, candidate: Candidate, rules_version: int) -> tuple[object, ...]:
    return (
        number,
        candidate.severity.value,
        candidate.told_severity.value if candidate.told_severity else "",
        candidate.environment,
        candidate.service_id,
        candidate.team_id,
        candidate.outcome.value,
        candidate.urgency.value,
        candidate.held_by,
        candidate.silence_id,
        candidate.maintenance_id,
        candidate.inhibitor_id,
        candidate.rule_id,
        rules_version,
        candidate.policy_id,
        candidate.group.key if candidate.group else "",
        _stages(candidate),
        candidate.at,
    )


_ROLES = """
INSERT INTO alerting_alert_role (alert_id, rule_id, key, is_source, is_target, is_applied)
SELECT alert_id, rule_id, decode(key, 'hex'), is_source, is_target, FALSE
  FROM jsonb_to_recordset(%s::jsonb) AS fresh
       (alert_id bigint, rule_id bigint, key text, is_source boolean, is_target boolean)
"""


def insert_roles(candidates: Iterable[Candidate], *, known: Collection[int] = ()) -> None:
    """Keep what alerts are to the inhibition rules; those that are `known` get new ones."""
    if known:
        AlertRole.objects.filter(alert_id__in=known).delete()
    rows = [
        {
            "alert_id": one.alert_id,
            "rule_id": role.rule_id,
            "key": role.key.hex(),
            "is_source": role.is_source,
            "is_target": role.is_target,
        }
        for one in candidates
        for role in one.roles
    ]
    if not rows:
        return
    with connection.cursor() as cursor:  # one text: the driver would look at each member of arrays
        cursor.execute(_ROLES, [json_rows(rows)])


_GROUPS = """
INSERT INTO alerting_group (base, key, last_alert_at)
SELECT * FROM unnest(%s::text[], %s::text[], %s::timestamptz[])
ON CONFLICT (base) DO UPDATE
SET key = excluded.key, last_alert_at = excluded.last_alert_at
"""


def remember_groups(groups: Iterable[Group]) -> None:
    """Keep the last run of each group. Sorted, so that two writers cannot wait for each other."""
    last = {group.base: group for group in groups}
    ordered = [last[base] for base in sorted(last)]
    if not ordered:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _GROUPS,
            [
                [group.base for group in ordered],
                [group.key for group in ordered],
                [group.last_alert_at for group in ordered],
            ],
        )


def forget_groups(*, now: datetime) -> int:
    """Delete groups that nothing can join any more; return how many."""
    deleted, _ = AlertGroup.objects.filter(last_alert_at__lt=now - LONGEST_WINDOW).delete()
    return deleted
