"""Reading the queue of signals, and telling the front doors that an alert is over."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from msgspec import Struct

from evenfall.platform.wakeups import wake

INTAKE_CHANNEL = "evenfall_intake"
PIPELINE_WAKE = "alerting.pipeline"
# What the front door wrote together has numbers that differ in these last bits only.
_BATCH_BITS = 10
_BATCHES_AT_ONCE = 64
# A NOTIFY payload may have 7,999 bytes; one closed alert takes at most 38.
_CLOSED_AT_ONCE = 200

_PUT = """
WITH batch AS (
    SELECT nextval('alerting_signal_batch_number') << %(bits)s AS first_id
), stored AS (
    INSERT INTO alerting_signal (id, received_at, integration_id, format, unparsed, body)
    SELECT first_id, %(at)s, %(integration)s, %(format)s, %(unparsed)s, %(body)s FROM batch
), queued AS (
    INSERT INTO alerting_signal_batch (first_id, size, received_from, received_to, body_bytes)
    SELECT first_id, 1, %(at)s, %(at)s, %(size)s FROM batch
)
SELECT first_id FROM batch
"""
_TAKE = """
WITH waiting AS (
    SELECT * FROM alerting_signal_batch ORDER BY received_from, first_id LIMIT %s
    FOR UPDATE SKIP LOCKED
), counted AS (
    SELECT *, sum(size) OVER before AS signals, sum(body_bytes) OVER before AS bytes FROM waiting
    WINDOW before AS (
        ORDER BY received_from, first_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
)
DELETE FROM alerting_signal_batch batch USING counted
WHERE batch.first_id = counted.first_id
  AND coalesce(signals, 0) < %s AND coalesce(bytes, 0) < %s
RETURNING batch.first_id, batch.size, batch.received_from, batch.received_to
"""
_READ = """
SELECT id, received_at, integration_id, format, unparsed, body FROM alerting_signal
WHERE id = ANY(%s) AND received_at BETWEEN %s AND %s ORDER BY received_at, id
"""


class QueuedSignal(Struct, frozen=True, kw_only=True):
    """One raw request body on its way into the pipeline."""

    id: int
    received_at: datetime
    integration_id: int
    format: str
    unparsed: bool
    body: bytes


def put_signal(
    *, integration_id: int, format_name: str, body: bytes, received_at: datetime, unparsed: bool
) -> int:
    """Queue one signal in the caller's transaction and wake the pipeline; returns its id.

    The front door has a faster way for many, see `intake.writer`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _PUT,
            {
                "bits": _BATCH_BITS,
                "at": received_at,
                "integration": integration_id,
                "format": format_name,
                "unparsed": unparsed,
                "body": body,
                "size": len(body),
            },
        )
        number: int = cursor.fetchone()[0]
    wake(PIPELINE_WAKE)
    return number


def take_signals(*, limit: int = 500, body_bytes: int = 16_000_000) -> list[QueuedSignal]:
    """Take the oldest waiting signals off the queue, in the order received.

    Call it in the transaction that writes what comes of them: a rollback puts them back. Whole
    batches are taken until `limit` signals or `body_bytes` are reached, so a little more may come.
    Batches another worker has locked are skipped; two workers may so handle a trigger and its
    resolve at the same time, so callers must serialise themselves if order matters.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [_BATCHES_AT_ONCE, limit, body_bytes])
        taken = cursor.fetchall()
        if not taken:
            return []
        ids = [first + at for first, size, _, _ in taken for at in range(size)]
        cursor.execute(_READ, [ids, min(row[2] for row in taken), max(row[3] for row in taken)])
        return [_signal(row) for row in cursor.fetchall()]


def holds_all(taken: Sequence[QueuedSignal], *, limit: int, body_bytes: int) -> bool:
    """Whether `take_signals` with these bounds met none of them: nothing waited any more."""
    return (
        len({signal.id >> _BATCH_BITS for signal in taken}) < _BATCHES_AT_ONCE
        and len(taken) < limit
        and sum(len(signal.body) for signal in taken) < body_bytes
    )


def announce_closed(alerts: Iterable[tuple[int, str]]) -> None:
    """Tell every front door, on commit, that these (integration id, dedup key) are not open.

    Each front door answers unchanged repeats of open alerts from memory; without this call a
    repeat of a closed alert would be swallowed. Call it in the transaction that closes them.
    """
    words = [f"{integration}:{key_digest(key)}" for integration, key in alerts]
    with connection.cursor() as cursor:
        for start in range(0, len(words), _CLOSED_AT_ONCE):
            chunk = " ".join(words[start : start + _CLOSED_AT_ONCE])
            cursor.execute("SELECT pg_notify(%s, %s)", [INTAKE_CHANNEL, f"closed {chunk}"])


def key_digest(dedup_key: str) -> str:
    """Return a short name of a dedup key, for notifications."""
    return hashlib.blake2b(dedup_key.encode(errors="replace"), digest_size=8).hexdigest()


def _signal(row: tuple[int, datetime, int, str, bool, memoryview]) -> QueuedSignal:
    number, received_at, integration_id, format_name, unparsed, body = row
    return QueuedSignal(
        id=number,
        received_at=received_at,
        integration_id=integration_id,
        format=format_name,
        unparsed=unparsed,
        body=bytes(body),
    )
