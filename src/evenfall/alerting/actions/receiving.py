"""From signals to alerts: read, dedup, decide, save, announce, a whole batch at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction
from msgspec import Struct, field

from evenfall.alerting import events
from evenfall.alerting.actions import alert_rows, telling
from evenfall.alerting.actions.changes import record_changes
from evenfall.alerting.actions.checking import check_signals
from evenfall.alerting.actions.fetching import plan_visits
from evenfall.alerting.actions.live_alerts import LiveAlert, standing
from evenfall.alerting.actions.planning_repairs import failed_repairs, plan_repairs
from evenfall.alerting.actions.reading import (
    Batch,
    Statement,
    named_by_number,
    read_signals,
    unparsed_statement,
)
from evenfall.alerting.logic import flapping, pipeline
from evenfall.alerting.logic.candidate import Candidate, Context, IntegrationFacts
from evenfall.alerting.logic.dedup import DEFAULT_SEVERITY, Effect, judge
from evenfall.alerting.logic.states import AlertState
from evenfall.alerting.models.signal_queue import QueuedSignal, announce_closed
from evenfall.alerting.queries.context import context as load_context
from evenfall.alerting.queries.context import prepare, sources
from evenfall.platform.events import Event, publish
from evenfall.platform.logs import get_logger
from evenfall.platform.metrics import counter

_EXAMPLES = 5
_HANGS_AFTER = "60s"

log = get_logger(__name__)
_poisoned = counter("evenfall_alerting_poison_signals_total", "Signals nothing could be made of")


def receive_signals(*, signals: Sequence[QueuedSignal], now: datetime) -> None:
    """Turn signals, in the order received, into alerts; set-based.

    Runs in the caller's transaction, which took the signals off the queue. The caller makes sure
    that no other batch is received at the same time: a resolve must not overtake its trigger.
    Where a signal cannot be handled the transaction has failed, and they go through
    `receive_singly` in the next one.
    """
    _receive(_read(signals, now), now)


def receive_singly(*, signals: Sequence[QueuedSignal], now: datetime) -> None:
    """As `receive_signals`, one by one: what cannot be handled becomes an unparsed alert."""
    for signal in signals:
        _receive_alone(signal, now)


def _receive_alone(signal: QueuedSignal, now: datetime) -> None:
    try:
        with transaction.atomic():
            _receive(_read([signal], now), now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("a signal failed", signal=signal.id)
        _poisoned.inc()
        reason = f"Handling it failed: {type(error).__name__}."
        with transaction.atomic():
            _receive(Batch(statements=[unparsed_statement(signal, reason)]), now)


def _read(signals: Sequence[QueuedSignal], now: datetime) -> Batch:
    """Read what may be believed; what cannot be checked stands for itself."""
    checked = check_signals(signals, now=now)
    batch = read_signals(checked.good, sources({one.integration_id for one in checked.good}))
    batch.refused.extend(checked.refused)
    batch.statements.extend(unparsed_statement(*one) for one in checked.unsure)
    return batch


class _Ledger(Struct):
    """What a batch did. `live` is by identity; an alert resolved in the batch leaves it.

    `ended` counts how often each identity ended lately, this batch included.
    """

    live: dict[tuple[int, str], LiveAlert]
    free_ids: list[int]
    ended: Counter[tuple[int, str]]
    fresh: list[LiveAlert] = field(default_factory=list)
    touched: dict[int, LiveAlert] = field(default_factory=dict)
    acknowledged: list[LiveAlert] = field(default_factory=list)
    resolved: list[LiveAlert] = field(default_factory=list)
    ignored: dict[int, Counter[str]] = field(default_factory=dict)
    examples: dict[int, list[str]] = field(default_factory=dict)


def _receive(batch: Batch, now: datetime) -> None:
    batch.statements[:] = named_by_number(batch.statements)
    keys = {(s.integration_id, s.update.dedup_key): None for s in batch.statements}
    known = standing(keys, ended_since=now - flapping.WINDOW)
    ledger = _Ledger(live=known.live, free_ids=known.free_ids, ended=Counter(known.ended))
    for statement in batch.statements:
        _apply(statement, ledger)
    for integration_id, reason in batch.refused:
        _ignore(ledger, integration_id, reason, "")
    back = _ended_and_back(ledger)
    alert_rows.change(back)  # before the same comes back: only one of a key may be live
    facts = _decide(ledger, batch.sources, now)
    over = {alert.id for alert in back}
    alert_rows.change([alert for alert in ledger.touched.values() if alert.id not in over])
    publish(*facts, *_ends(ledger, now), *_ignored(ledger, now))
    gone = [(alert.integration_id, alert.dedup_key) for alert in ledger.resolved]
    # a flapping alert that settles is open, but its next repeat must not be taken for an old one
    settled = [key for key, alert in ledger.live.items() if alert.calm_since]
    announce_closed([*(key for key in gone if key not in ledger.live), *settled])
    record_changes(batch.changes, now=now)
    plan_visits(batch.visits, now=now)


def _ended_and_back(ledger: _Ledger) -> list[LiveAlert]:
    """Alerts that were open before this batch, ended in it, and are open again as new ones."""
    ended = (alert for alert in ledger.touched.values() if alert.state is AlertState.RESOLVED)
    return [alert for alert in ended if (alert.integration_id, alert.dedup_key) in ledger.live]


def _apply(statement: Statement, ledger: _Ledger) -> None:
    update = statement.update
    identity = (statement.integration_id, update.dedup_key)
    alert = ledger.live.get(identity)
    verdict = judge(update.action, update.severity, alert.known if alert else None)
    if verdict.effect is Effect.OPEN:
        alert = _open(statement, ended=ledger.ended[identity])
        ledger.live[identity] = alert
        ledger.fresh.append(alert)
        return
    if verdict.effect is Effect.IGNORE or alert is None:
        _ignore(ledger, statement.integration_id, verdict.reason, update.dedup_key)
        return
    alert.signal_id = statement.signal_id
    alert.last_seen_at = max(alert.last_seen_at, statement.received_at)
    if alert.id:
        ledger.touched[alert.id] = alert
    if verdict.effect is Effect.ACKNOWLEDGE:
        alert.state = AlertState.ACKNOWLEDGED
        alert.acknowledged_at = statement.received_at
        ledger.acknowledged.append(alert)
    elif verdict.effect is Effect.SETTLE:
        alert.calm_since = alert.calm_since or statement.received_at
    elif verdict.effect is Effect.RESOLVE:
        _resolve(alert, statement, verdict.reason, ledger)
    else:
        _repeat(alert, statement, raised=verdict.effect is Effect.RAISE)


def _open(statement: Statement, *, ended: int) -> LiveAlert:
    update = statement.update
    return LiveAlert(
        integration_id=statement.integration_id,
        dedup_key=update.dedup_key,
        update=update,
        told=update.severity or DEFAULT_SEVERITY,
        unparsed=statement.unparsed,
        signal_id=statement.signal_id,
        first_signal_id=statement.signal_id,
        opened_at=statement.received_at,
        last_seen_at=statement.received_at,
        ended=ended,
        is_flapping=flapping.is_flapping(ended),
    )


def _repeat(alert: LiveAlert, statement: Statement, *, raised: bool) -> None:
    alert.added += 1
    alert.calm_since = None
    alert.update = statement.update
    if raised and statement.update.severity:
        alert.raised = alert.raised or alert.id != 0
        alert.told = statement.update.severity


def _resolve(alert: LiveAlert, statement: Statement, reason: str, ledger: _Ledger) -> None:
    alert.state = AlertState.RESOLVED
    # the sender's moment, unless its clock says it ended before it began
    alert.resolved_at = max(statement.update.ends_at or statement.received_at, alert.opened_at)
    alert.resolve_reason = reason
    ledger.resolved.append(alert)
    ledger.ended[alert.integration_id, alert.dedup_key] += 1
    del ledger.live[alert.integration_id, alert.dedup_key]


def _ignore(ledger: _Ledger, integration_id: int, reason: str, key: str) -> None:
    ledger.ignored.setdefault(integration_id, Counter())[reason] += 1
    examples = ledger.examples.setdefault(integration_id, [])
    if key and len(examples) < _EXAMPLES:
        examples.append(key)


def _decide(
    ledger: _Ledger, integrations: Mapping[int, IntegrationFacts], now: datetime
) -> list[Event]:
    """Take new and raised alerts through the stages and write what was decided."""
    raised = [alert for alert in ledger.touched.values() if alert.raised]
    alerts = [*ledger.fresh, *raised]
    if not alerts:
        return []
    for alert, number in zip(ledger.fresh, _ids_for(ledger), strict=True):
        alert.id = number
    failed = failed_repairs(alert.id for alert in raised)
    candidates = [candidate_of(alert, now, failed.get(alert.id, "")) for alert in alerts]
    known = load_context(candidates, now=now, known=integrations)
    decided = pipeline.run(candidates, known, prepare)
    for alert, candidate in zip(alerts, decided, strict=True):
        alert.candidate = candidate
    return _save(ledger.fresh, raised, known, now)


def _ids_for(ledger: _Ledger) -> list[int]:
    """An id for each new alert; what ended and came again within the batch needs one more."""
    missing = len(ledger.fresh) - len(ledger.free_ids)
    ids = ledger.free_ids + (alert_rows.new_ids(missing) if missing > 0 else [])
    return ids[: len(ledger.fresh)]


def candidate_of(alert: LiveAlert, now: datetime, repair_failed: str = "") -> Candidate:
    update = alert.update
    return Candidate(
        alert_id=alert.id,
        integration_id=alert.integration_id,
        dedup_key=alert.dedup_key,
        at=now,
        summary=update.summary,
        severity=alert.told,
        told_severity=alert.told if update.severity else None,
        source=update.source,
        labels=update.labels,
        annotations=update.annotations,
        details=update.details,
        told_environment=update.environment,
        unparsed=alert.unparsed,
        repair_failed=repair_failed,
        ended=alert.ended,
        opened_at=alert.opened_at,
        called=alert.called,
        is_split=alert.is_split,
    )


def _save(
    fresh: Sequence[LiveAlert], raised: Sequence[LiveAlert], known: Context, now: datetime
) -> list[Event]:
    version = known.rules.version
    alert_rows.insert(fresh, rules_version=version)
    decisions = [(alert.id, alert.candidate) for alert in raised if alert.candidate]
    alert_rows.decide(decisions, rules_version=version)
    candidates = [alert.candidate for alert in (*fresh, *raised) if alert.candidate]
    alert_rows.remember_groups(c.group for c in candidates if c.group)
    if known.inhibitions.rules:
        alert_rows.insert_roles(candidates, known=[alert.id for alert in raised])
    decided = ((a.id, a.candidate) for a in (*fresh, *raised) if a.candidate)
    plan_repairs(decided, now=now)
    # what waits for a cause comes after it, so that the incident of the cause is there already
    in_order = sorted(fresh, key=lambda alert: bool(alert.candidate and alert.candidate.cause_id))
    return [
        *(telling.opened(alert, alert.candidate, now=now) for alert in in_order if alert.candidate),
        *(telling.raised(alert, alert.candidate, now=now) for alert in raised if alert.candidate),
    ]


def _ends(ledger: _Ledger, now: datetime) -> list[Event]:
    return [
        *(telling.acknowledged(alert, now=now) for alert in ledger.acknowledged),
        *(telling.resolved(alert, now=now) for alert in ledger.resolved),
    ]


def _ignored(ledger: _Ledger, now: datetime) -> list[Event]:
    return [
        events.SignalsIgnored(
            at=now,
            actor=f"integration:{integration_id}",
            integration_id=integration_id,
            reasons=dict(reasons),
            examples=tuple(ledger.examples.get(integration_id, ())),
        )
        for integration_id, reasons in ledger.ignored.items()
    ]


def hold_pipeline() -> bool:
    """Take the right to receive signals until the transaction ends; False if another has it.

    One batch at a time in the whole installation, because the order of signals is what makes a
    resolve come after its trigger. One core handles far more than a storm brings. PostgreSQL takes
    the right away from a process that hangs in the middle of a batch, and the batch comes again;
    so it does where a crash of PostgreSQL loses the commit, which need not wait for the disk.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext('evenfall.alerting'), hashtext('pipeline')),"
            " set_config('idle_in_transaction_session_timeout', %s, true),"
            " set_config('synchronous_commit', 'off', true)",
            [_HANGS_AFTER],
        )
        return bool(cursor.fetchone()[0])
