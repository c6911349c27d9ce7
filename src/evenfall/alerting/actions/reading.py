"""From raw signals to statements about alerts. A body that cannot be read is never lost."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from evenfall.alerting import ports
from evenfall.alerting.logic.candidate import IntegrationFacts
from evenfall.alerting.logic.updates import AlertUpdate, Decoded, UpdateAction
from evenfall.alerting.models import Alert
from evenfall.alerting.models.signal_queue import QueuedSignal
from evenfall.alerting.queries.context import Sources
from evenfall.platform.logs import get_logger

UNPARSED_KEY = "unparsed"
_SHOWN = 2000

log = get_logger(__name__)


class Statement(Struct, frozen=True):
    """One update with the signal it came in. `unparsed` says why it had to be made up."""

    signal_id: int
    received_at: datetime
    integration_id: int
    update: AlertUpdate
    unparsed: str = ""


class Batch(Struct, frozen=True):
    """What a batch of signals says: about alerts, about changes, and what could not be used.

    `sources` are the integrations it came from, where they were read.
    `refused` holds (integration id, reason) for members of a body that were not valid, `visits`
    (integration id, address) what a sender wants visited.
    """

    statements: list[Statement] = field(default_factory=list)
    sources: Mapping[int, IntegrationFacts] = field(default_factory=dict)
    changes: list[Statement] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    visits: list[tuple[int, str]] = field(default_factory=list)


def read_signals(signals: Sequence[QueuedSignal], known: Sources) -> Batch:
    """Decode the signals in their order; those of integrations that are gone are left out."""
    batch = Batch(sources=known.facts)
    for signal in signals:
        mapping = known.mappings.get(signal.integration_id)
        if mapping is None:
            log.warning("signal of an integration that is gone", signal=signal.id)
            continue
        _read(signal, mapping, batch)
    return batch


def _read(signal: QueuedSignal, mapping: Mapping[str, str], batch: Batch) -> None:
    decoded, reason = _decode(signal, mapping)
    if decoded is None or decoded.unparsed:
        batch.statements.append(unparsed_statement(signal, reason))
        return
    batch.visits.extend((signal.integration_id, url) for url in decoded.visits)
    batch.refused.extend((signal.integration_id, error) for error in decoded.errors)
    for update in decoded.updates:
        kept = batch.changes if update.action is UpdateAction.CHANGE else batch.statements
        kept.append(Statement(signal.id, signal.received_at, signal.integration_id, update))


def _decode(signal: QueuedSignal, mapping: Mapping[str, str]) -> tuple[Decoded | None, str]:
    try:
        decoded = ports.format_named(signal.format).decode(
            signal.body, received_at=signal.received_at, mapping=mapping
        )
    except ports.FormatNotFound:
        return None, f"The format {signal.format} is not known here."
    except Exception as error:
        # a decoder must not raise; one that does must not stop the alerts of everybody else
        log.exception("decoder failed", signal=signal.id, format=signal.format)
        return None, f"Reading it failed: {type(error).__name__}."
    return decoded, " ".join(decoded.errors[:3]) or "The body could not be understood."


def unparsed_statement(signal: QueuedSignal, reason: str) -> Statement:
    """Return the alert that stands for a body nobody understood.

    All such bodies of an integration are one alert, so that a tool gone mad pages once.
    """
    shown = signal.body[:_SHOWN].decode(errors="replace").replace("\0", "")
    details: dict[str, Any] = {"body": shown, "format": signal.format, "signal": signal.id}
    update = AlertUpdate(
        action=UpdateAction.TRIGGER,
        dedup_key=UNPARSED_KEY,
        summary="A message came that could not be understood",
        details=details,
    )
    return Statement(signal.id, signal.received_at, signal.integration_id, update, reason)


def named_by_number(statements: list[Statement]) -> list[Statement]:
    """Give statements that name an alert by our number its key; one query, none without any."""
    numbers = {one.update.alert_id for one in statements if one.update.alert_id is not None}
    if not numbers:
        return statements
    rows = Alert.objects.filter(id__in=numbers).values_list("integration_id", "id", "dedup_key")
    keys = {(integration, number): key for integration, number, key in rows}
    return [_named(one, keys) for one in statements]


def _named(statement: Statement, keys: Mapping[tuple[int, int], str]) -> Statement:
    number = statement.update.alert_id
    key = keys.get((statement.integration_id, number)) if number is not None else None
    if key is None:
        return statement
    return replace(statement, update=replace(statement.update, dedup_key=key))
