"""Reactors: they hand published events to the handlers that subscribed.

A reactor takes its events in the order of the journal, one batch at a time over the whole
installation (a transaction-level advisory lock), and handles and removes them in one transaction.
A batch that fails is taken again event by event, so that one poisonous event delays only itself;
it is retried with growing pauses, for ever, and is visible in ``evenfall doctor`` and /metrics.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import NamedTuple

from django.db import OperationalError, connection, transaction

from evenfall.platform import events
from evenfall.platform.database import planned_anew
from evenfall.platform.events import Handler, Recorded, Subscription
from evenfall.platform.logs import get_logger
from evenfall.platform.metrics import counter
from evenfall.platform.wakeups import Drain, DrainResult

BATCH = 2000
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=10)

log = get_logger(__name__)
failures = counter("evenfall_reaction_failures_total", "Events a reactor failed on", ("reactor",))


class _Taken(NamedTuple):
    """An event off the outbox; `recorded` is None where this release does not know its kind."""

    kind: str
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


def is_behind(lane: str, *, before: datetime) -> bool:
    """Whether an event that a reactor of this lane has to handle was due before this instant."""
    reactors = sorted({one.reactor for one in events.subscriptions() if one.lane == lane})
    with connection.cursor() as cursor:
        cursor.execute(_IS_BEHIND, [reactors, before])
        found: bool = cursor.fetchone()[0]
    return found


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
        taken = _take(reactor, now, limit)
        for kind_handler, run in _runs(taken, handlers):
            kind_handler([one.recorded for one in run if one.recorded is not None], now=now)
    return len(taken)


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
    taken: Sequence[_Taken], handlers: dict[str, Handler]
) -> Iterator[tuple[Handler, list[_Taken]]]:
    """Yield neighbours that share a handler together, in the order of the journal."""
    known = [one for one in taken if one.recorded is not None and one.kind in handlers]
    for handler, run in groupby(known, key=lambda one: handlers[one.kind]):
        yield handler, list(run)


# One way there and back. A batch that a crash of PostgreSQL loses is taken again, and whatever
# leaves the house waits for the disk (`hand_over`), so that this need not. Whoever gets the lock
# may have looked before the last holder's commit: what that one took is gone by then, and a DELETE
# passes over it.
_TAKE = """
WITH alone AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(hashtext('evenfall.react'), hashtext(%(reactor)s)) AS is_alone,
           set_config('synchronous_commit', 'off', true)
), due AS (
    SELECT pending.id FROM alone CROSS JOIN platform_pending_reaction pending
     WHERE alone.is_alone AND pending.reactor = %(reactor)s AND pending.due_at <= %(now)s
     ORDER BY pending.event_id
     LIMIT %(limit)s
), taken AS (
    DELETE FROM platform_pending_reaction pending USING due
     WHERE pending.id = due.id
    RETURNING pending.event_id, pending.event_at
)
SELECT journal.id, journal.kind, journal.at, journal.actor, journal.data
  FROM taken JOIN platform_journal journal
    ON journal.id = taken.event_id AND journal.at = taken.event_at
 ORDER BY journal.id
"""


def _take(reactor: str, now: datetime, limit: int) -> list[_Taken]:
    """Take the oldest due events off the outbox; a rollback puts them back.

    Empty while another process runs this reactor.
    """
    with connection.cursor() as cursor, planned_anew():
        cursor.execute(_TAKE, {"reactor": reactor, "now": now, "limit": limit})
        return [_taken(*row) for row in cursor.fetchall()]


def _taken(event_id: int, kind: str, at: datetime, actor: str, data: str) -> _Taken:
    if events.event_class(kind) is None:
        return _Taken(kind=kind, recorded=None)
    event = events.decode_text(kind, at=at, actor=actor, data=data)
    return _Taken(kind=kind, recorded=Recorded(id=event_id, event=event))


# The oldest event of each reactor says enough, and the index gives it at once.
_IS_BEHIND = """
SELECT EXISTS (
    SELECT FROM unnest(%s::text[]) AS wiring (reactor) CROSS JOIN LATERAL (
           SELECT due_at FROM platform_pending_reaction pending
            WHERE pending.reactor = wiring.reactor ORDER BY event_id LIMIT 1) AS oldest
     WHERE oldest.due_at < %s)
"""
_FIRST = """
SELECT id, attempts FROM platform_pending_reaction
 WHERE pg_try_advisory_xact_lock(hashtext('evenfall.react'), hashtext(%(reactor)s))
   AND id = (SELECT id FROM platform_pending_reaction
              WHERE reactor = %(reactor)s AND due_at <= %(now)s ORDER BY event_id LIMIT 1)
"""
_POSTPONE = """
UPDATE platform_pending_reaction SET attempts = attempts + 1, due_at = %s, last_error = %s
 WHERE id = %s
"""


def _postpone_first(reactor: str, now: datetime, error: Exception) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FIRST, {"reactor": reactor, "now": now})
        found = cursor.fetchone()
        if found is None:
            return
        pending_id, attempts = found
        pause = min(FIRST_PAUSE * 2 ** min(attempts, 16), LONGEST_PAUSE)
        said = f"{type(error).__name__}: {error}"[:2000]
        cursor.execute(_POSTPONE, [now + pause, said, pending_id])
