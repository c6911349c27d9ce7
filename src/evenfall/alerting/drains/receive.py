"""Takes signals off the queue and hands them to the pipeline."""

from datetime import datetime

from django.db import transaction

from evenfall.alerting import actions
from evenfall.alerting.models.signal_queue import QueuedSignal, take_signals
from evenfall.platform.wakeups import DrainResult

# What is loaded once for a batch (services, rules, silences) should cost next to nothing for each.
BATCH = 2000
# A body may hold hundreds of alerts, so signals alone would not bound a transaction: about a
# thousand alerts, so that their pages need not wait for the rest of a storm.
BATCH_BYTES = 400_000


def receive_waiting(now: datetime) -> DrainResult:
    """Receive the oldest waiting signals; one worker at a time in the whole installation."""
    with transaction.atomic():
        if not actions.hold_pipeline():
            return DrainResult(done=0)
        signals = _take()
        if signals:
            actions.receive_signals(signals=signals, now=now)
    return DrainResult(done=len(signals))


def _take() -> list[QueuedSignal]:
    taken: list[QueuedSignal] = []
    room = BATCH_BYTES
    while room > 0 and len(taken) < BATCH:
        more = take_signals(limit=BATCH - len(taken), body_bytes=room)
        if not more:
            break
        taken += more
        room -= sum(len(signal.body) for signal in more)
    return taken
