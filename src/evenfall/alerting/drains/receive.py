"""Takes signals off the queue and hands them to the pipeline."""

from collections.abc import Callable
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from evenfall.alerting import actions
from evenfall.alerting.models.signal_queue import QueuedSignal, holds_all, take_signals
from evenfall.platform.logs import get_logger
from evenfall.platform.wakeups import DrainResult

# What is loaded once for a batch (services, rules, silences) should cost next to nothing for each.
BATCH = 2000
# A body may hold hundreds of alerts, so signals alone would not bound a transaction: about a
# thousand alerts, so that their pages need not wait for the rest of a storm.
BATCH_BYTES = 400_000
# So much at once is a storm: more is on its way, although the queue was empty for a moment.
STORM_BYTES = BATCH_BYTES // 8

log = get_logger(__name__)


def receive_waiting(now: datetime) -> DrainResult:
    """Receive the oldest waiting signals; one worker at a time in the whole installation.

    A batch that fails goes back to the queue and is taken again signal by signal.
    """
    try:
        return _receive_with(actions.receive_signals, now)
    except (OperationalError, InterfaceError):
        raise  # the database is away or busy, and no signal is to blame: the batch comes again
    except Exception:
        log.exception("a batch of signals failed; taking them one by one")
        return _receive_with(actions.receive_singly, now)


def _receive_with(receive: Callable[..., None], now: datetime) -> DrainResult:
    with transaction.atomic():
        if not actions.hold_pipeline():
            return DrainResult(done=0)
        signals, is_empty = _take()
        if signals:
            receive(signals=signals, now=now)
    is_storm = sum(len(signal.body) for signal in signals) > STORM_BYTES
    return DrainResult(done=len(signals), took_all=is_empty and not is_storm)


def _take() -> tuple[list[QueuedSignal], bool]:
    """As many as a batch may hold, and whether that was all that waited."""
    taken: list[QueuedSignal] = []
    room = BATCH_BYTES
    while room > 0 and len(taken) < BATCH:
        limit = BATCH - len(taken)
        more = take_signals(limit=limit, body_bytes=room)
        taken += more
        if holds_all(more, limit=limit, body_bytes=room):
            return taken, True
        room -= sum(len(signal.body) for signal in more)
    return taken, False
