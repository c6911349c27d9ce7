"""Reactors: they hand published events to the handlers that subscribed.

A reactor takes its events in the order of the journal, one batch at a time over the whole
installation (a transaction-level advisory lock), and handles and removes them in one transaction.
A batch that fails is taken again event by event, so that one poisonous event delays only itself;
it is retried with growing pauses, for ever, and is visible in ``evenfall doctor`` and /metrics.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from django.db import OperationalError, connection, transaction

from evenfall.platform import events
from evenfall.platform.events import Handler, Recorded, Subscription
from evenfall.platform.logs import get_logger
from evenfall.platform.metrics import counter
from evenfall.platform.wakeups import Drain, DrainResult

BATCH = 2000
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=10)

log = get_logger(__name__)
failures = counter("evenfall_reaction_failures_total", "Events a reactor failed on", ("reactor",))


@dataclass(frozen=True, kw_only=True)
class _Claimed:
    pending_id: int
    kind: str
    attempts: int
    recorded: Recorded[events.Event] | None


def drains() -> tuple[Drain, ...]:
    """Return one drain for each reactor in the wiring."""
    by_reactor: dict[str, list[Subscription]] = {}
    for subscription in events.subscriptions():
        by_reactor.setdefault(subscription.reactor, []).append(subscription)
    return tuple(
        Drain(
            name=f"react.{reactor}",
            lane=wiring[0].lane,
            rest_s=wiring[0].rest_s,
            run=partial(_run, reactor, _handlers(wiring)),
        )
        for reactor, wiring in by_reactor.items()
    )


def react_now(now: datetime) -> int:
    """Run every reactor until nothing is left; for tests and one-shot commands."""
    total = 0
    while done := sum(drain.run(now).done for drain in drains()):
        total += done
    return total


def _handlers(wiring: Sequence[Subscription]) -> dict[str, Handler]:
    handlers: dict[str, Handler] = {}
    for subscription in wiring:
        for kind in subscription.kinds:
            if handlers.setdefault(kind, subscription.handler) is not subscription.handler:
                raise ValueError(f"reactor {subscription.reactor} has two handlers for {kind}")
    return handlers


def _run(reactor: str, handlers: dict[str, Handler], now: datetime) -> DrainResult:
    try:
        done = _handle(reactor, handlers, now, limit=BATCH)
        return DrainResult(done=done, took_all=done < BATCH)
    except OperationalError:
        raise  # the database is away: no event is to blame
    except Exception:
        log.exception("a batch of events failed; taking them one by one", reactor=reactor)
        return DrainResult(done=_handle_singly(reactor, handlers, now))


def _handle(reactor: str, handlers: dict[str, Handler], now: datetime, *, limit: int) -> int:
    with transaction.atomic():
        claimed = _claim(reactor, now, limit)
        for kind_handler, run in _runs(claimed, handlers):
            kind_handler([c.recorded for c in run if c.recorded is not None], now=now)
        _remove([c.pending_id for c in claimed])
    return len(claimed)


def _handle_singly(reactor: str, handlers: dict[str, Handler], now: datetime) -> int:
    handled = 0
    for _ in range(BATCH):
        try:
            done = _handle(reactor, handlers, now, limit=1)
        except Exception as error:
            log.exception("an event failed", reactor=reactor)
            failures.labels(reactor).inc()
            _postpone_first(reactor, now, error)
            done = 1
        if not done:
            break
        handled += done
    return handled


def _runs(
    claimed: Sequence[_Claimed], handlers: dict[str, Handler]
) -> Iterator[tuple[Handler, list[_Claimed]]]:
    """Yield neighbours that share a handler together, in the order of the journal."""
    known = [c for c in claimed if c.recorded is not None and c.kind in handlers]
    for handler, run in groupby(known, key=lambda c: handlers[c.kind]):
        yield handler, list(run)


_CLAIM = """
SELECT pending.id, pending.attempts,
       journal.id, journal.kind, journal.at, journal.actor, journal.data
  FROM platform_pending_reaction pending
  JOIN platform_journal journal ON journal.id = pending.event_id AND journal.at = pending.event_at
 WHERE pending.reactor = %s AND pending.due_at <= %s
 ORDER BY pending.event_id
 LIMIT %s
"""


def _claim(reactor: str, now: datetime, limit: int) -> list[_Claimed]:
    """Claim the oldest due events; empty while another process runs this reactor."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext('evenfall.react'), hashtext(%s))", [reactor]
        )
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(_CLAIM, [reactor, now, limit])
        return [_claimed(*row) for row in cursor.fetchall()]


def _claimed(
    pending_id: int, attempts: int, event_id: int, kind: str, at: datetime, actor: str, data: str
) -> _Claimed:
    recorded = None
    if events.event_class(kind) is not None:
        event = events.decode_text(kind, at=at, actor=actor, data=data)
        recorded = Recorded(id=event_id, event=event)
    return _Claimed(pending_id=pending_id, kind=kind, attempts=attempts, recorded=recorded)


def _remove(pending_ids: Sequence[int]) -> None:
    if pending_ids:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM platform_pending_reaction WHERE id = ANY(%s)", [list(pending_ids)]
            )


def _postpone_first(reactor: str, now: datetime, error: Exception) -> None:
    with transaction.atomic():
        claimed = _claim(reactor, now, 1)
        if not claimed:
            return
        pause = min(FIRST_PAUSE * 2 ** min(claimed[0].attempts, 16), LONGEST_PAUSE)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE platform_pending_reaction "
                "SET attempts = attempts + 1, due_at = %s, last_error = %s WHERE id = %s",
                [now + pause, f"{type(error).__name__}: {error}"[:2000], claimed[0].pending_id],
            )
