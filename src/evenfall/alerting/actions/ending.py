"""Alerts that end by policy: announced, ended, kept open. Locks: alerts by ascending id."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from msgspec import Struct

from evenfall.alerting import errors, events
from evenfall.alerting.actions.repeats import heard_until
from evenfall.alerting.actions.responding import resolve_alerts
from evenfall.alerting.logic import ending
from evenfall.alerting.logic.ending import End, EndPolicy, Standing
from evenfall.alerting.logic.states import AlertState
from evenfall.alerting.logic.updates import Outcome
from evenfall.alerting.models import Alert, AutoEnd, EndNotice, Integration, RoutingRule
from evenfall.alerting.queries.ending import auto_end, policy_of, scopes
from evenfall.catalog import queries as catalog_queries
from evenfall.platform.events import SYSTEM, publish

ENDED_AT_ONCE: Final = 500

# The policy of the rule goes before that of the service, that before the integration's. Only what
# could be announced or ended now is read; `logic.ending` decides.
_NEAR: Final = """
WITH chosen AS (
    SELECT DISTINCT ON (alert.id) alert.id, alert.state, alert.outcome, alert.last_seen_at,
           alert.opened_at, policy.id AS policy_id, policy.quiet_s, policy.age_s, policy.also_paging
      FROM alerting_auto_end policy
      JOIN alerting_alert alert
        ON alert.rule_id = policy.rule_id OR alert.service_id = policy.service_id
           OR alert.integration_id = policy.integration_id
     WHERE alert.state IN ('open', 'acknowledged') AND alert.expires_at IS NULL
     ORDER BY alert.id, policy.rule_id IS NULL, policy.service_id IS NULL
)
SELECT chosen.id, chosen.policy_id
  FROM chosen LEFT JOIN alerting_end_notice told ON told.alert_id = chosen.id
 WHERE told.is_kept IS NOT TRUE AND (told.id IS NULL OR told.ends_at <= %(now)s)
   AND (chosen.also_paging OR chosen.state = 'acknowledged' OR chosen.outcome <> 'page')
   AND (chosen.last_seen_at <= %(soon)s - make_interval(secs => chosen.quiet_s)
        OR chosen.opened_at <= %(soon)s - make_interval(secs => chosen.age_s))
 ORDER BY chosen.id
 LIMIT %(most)s
"""


class AutoEndDraft(Struct, frozen=True, kw_only=True):
    """Of exactly one rule, service or integration; at least one of the times."""

    rule_id: int | None = None
    service_id: int | None = None
    integration_id: int | None = None
    quiet: timedelta | None = None
    age: timedelta | None = None
    also_paging: bool = False


@transaction.atomic
def set_auto_end(*, draft: AutoEndDraft, now: datetime, actor: str) -> int:
    """Say when alerts of something end; one policy for each. Returns its id.

    Raises AutoEndNotValid with the field.
    """
    scope = _checked(draft)
    row, _ = AutoEnd.objects.update_or_create(
        **scope,
        defaults={
            "quiet_s": None if draft.quiet is None else int(draft.quiet.total_seconds()),
            "age_s": None if draft.age is None else int(draft.age.total_seconds()),
            "also_paging": draft.also_paging,
            "changed_at": now,
            "changed_by": actor,
        },
    )
    _announce(row, now, actor, is_gone=False)
    return row.pk


@transaction.atomic
def delete_auto_end(*, policy_id: int, now: datetime, actor: str) -> None:
    """Let alerts stay open; what was announced stays as well. Raises AutoEndNotFound."""
    row = AutoEnd.objects.select_for_update().filter(id=policy_id).first()
    if row is None:
        raise errors.AutoEndNotFound(policy_id=policy_id)
    _announce(row, now, actor, is_gone=True)
    row.delete()


def _announce(row: AutoEnd, now: datetime, actor: str, *, is_gone: bool) -> None:
    view = auto_end(row.pk)
    said = {
        "quiet_minutes": view.quiet_minutes,
        "age_minutes": view.age_minutes,
        "also_paging": view.also_paging,
    }
    publish(
        events.AutoEndChanged(
            at=now,
            actor=actor,
            policy_id=row.pk,
            name=f"{view.kind} {view.scope}",
            before=said if is_gone else {},
            after={} if is_gone else said,
        )
    )


def _checked(draft: AutoEndDraft) -> dict[str, Any]:
    given = {
        "rule_id": draft.rule_id,
        "service_id": draft.service_id,
        "integration_id": draft.integration_id,
    }
    scope = {name: number for name, number in given.items() if number is not None}
    if len(scope) != 1:
        reason = "Name one rule, one service or one integration."
        raise errors.AutoEndNotValid(field="scope", reason=reason)
    if not _exists(draft):
        raise errors.AutoEndNotValid(field="scope", reason="It does not exist any more.")
    spans = {"quiet": draft.quiet, "age": draft.age}
    if all(span is None for span in spans.values()):
        reason = "Say after how long a silence, or at what age."
        raise errors.AutoEndNotValid(field="quiet", reason=reason)
    for field, span in spans.items():
        if span is not None and not ending.SHORTEST <= span <= ending.LONGEST:
            reason = f"Between 30 minutes and {ending.LONGEST.days} days."
            raise errors.AutoEndNotValid(field=field, reason=reason)
    return scope


def _exists(draft: AutoEndDraft) -> bool:
    if draft.rule_id is not None:
        return RoutingRule.objects.filter(id=draft.rule_id).exists()
    if draft.service_id is not None:
        return bool(catalog_queries.services([draft.service_id]))
    return Integration.objects.filter(id=draft.integration_id or 0).exists()


def end_by_policy(*, now: datetime) -> int:
    """Announce and end what is due; return how many, at most 500 in one go.

    Nothing ends while the front door is closed, nor because of what waits in the queue.
    """
    until = heard_until(now=now)
    rows = {row.pk: row for row in AutoEnd.objects.all()}
    if not rows or until is None:
        return 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            soon = until + timedelta(hours=1)
            cursor.execute(_NEAR, {"now": now, "soon": soon, "most": ENDED_AT_ONCE})
            near = dict(cursor.fetchall())
        alerts = list(Alert.objects.filter(id__in=near).order_by("id").select_for_update())
        names = scopes(list(rows.values()))
        found = [(a, rows[near[a.pk]], _end(a, policy_of(rows[near[a.pk]]))) for a in alerts]
        told = _told([a.pk for a in alerts])
        ended = [one for one in found if _is_due(one[2], told.get(one[0].pk), until)]
        _resolve(ended, names, now)
        over = {alert.pk for alert, *_ in ended}
        left = [one for one in found if one[0].pk not in over]
        done = _tell([(a, r, e, names[r.pk]) for a, r, e in left if e], told, until, now)
    return len(ended) + done


def _resolve(
    ended: Sequence[tuple[Alert, AutoEnd, End | None]], names: Mapping[int, str], now: datetime
) -> None:
    """One statement for all that end for the same reason."""
    reasons: dict[str, list[int]] = {}
    for alert, row, end in ended:
        if end is not None:
            why = ending.words_of(end.why, policy_of(row), scope=names[row.pk])
            reasons.setdefault(why, []).append(alert.pk)
    for why, ids in reasons.items():
        resolve_alerts(alert_ids=ids, now=now, actor=SYSTEM, reason=why)


def _end(alert: Alert, policy: EndPolicy) -> End | None:
    standing = Standing(
        opened_at=alert.opened_at,
        last_seen_at=alert.last_seen_at,
        is_repeated=alert.expires_at is not None,
        pages=alert.outcome == Outcome.PAGE,
        is_acknowledged=alert.state == AlertState.ACKNOWLEDGED,
    )
    return ending.end_of(standing, policy)


def _told(alert_ids: Sequence[int]) -> dict[int, EndNotice]:
    return {row.alert_id: row for row in EndNotice.objects.filter(alert_id__in=alert_ids)}


def _is_due(end: End | None, told: EndNotice | None, until: datetime) -> bool:
    """Only what was announced ends, and only when nothing was heard since."""
    return end is not None and told is not None and end.at <= until and told.ends_at >= end.at


def _tell(
    found: Sequence[tuple[Alert, AutoEnd, End, str]],
    told: dict[int, EndNotice],
    until: datetime,
    now: datetime,
) -> int:
    """Announce what ends soon; what was announced and heard of since gets a new end."""
    facts = []
    for alert, row, end, scope in found:
        policy = policy_of(row)
        known = told.get(alert.pk)
        if end.at - policy.warning > until or (known and known.ends_at >= end.at):
            continue
        # an end that is past when it is announced still leaves people the time of the warning
        ends_at = max(end.at, now + policy.warning)
        why = ending.words_of(end.why, policy, scope=scope)
        EndNotice.objects.update_or_create(
            alert=alert, defaults={"ends_at": ends_at, "told_at": now, "why": why}
        )
        facts.append(
            events.AlertEndsSoon(
                at=now,
                actor=SYSTEM,
                alert_id=alert.pk,
                integration_id=alert.integration_id,
                service_id=alert.service_id,
                group_key=alert.group_key,
                ends_at=ends_at,
                why=why,
            )
        )
    publish(*facts)
    return len(facts)


@transaction.atomic
def keep_open(*, alert_id: int, now: datetime, actor: str) -> None:
    """Let no policy end this alert. Again is fine. Raises AlertNotFound, AlertIsOver."""
    alert = Alert.objects.select_for_update().filter(id=alert_id).first()
    if alert is None:
        raise errors.AlertNotFound(alert_id=alert_id)
    if alert.state == AlertState.RESOLVED:
        raise errors.AlertIsOver(alert_id=alert_id)
    EndNotice.objects.update_or_create(
        alert=alert,
        defaults={"is_kept": True},
        create_defaults={"ends_at": now, "told_at": now, "why": "", "is_kept": True},
    )
    publish(
        events.AlertKeptOpen(
            at=now,
            actor=actor,
            alert_id=alert.pk,
            integration_id=alert.integration_id,
            service_id=alert.service_id,
            group_key=alert.group_key,
        )
    )
