"""Several people at the same moment: real connections, real locks."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from evenfall.platform.errors import DomainError


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run these in threads of their own, started together; return what each came to."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=10)
            act()
        except DomainError as error:
            return error.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def is_waited_for() -> bool:
    """Whether any connection to this database waits for a lock.

    PostgreSQL remembers for the rest of a transaction what it said of others, unless told not to.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        found: bool = cursor.fetchone()[0]
    return found


def await_waiter[T](waiting: Future[T], patience_s: float = 10.0) -> bool:
    """Ask until it waits for a lock; False where it went through without one, or never came."""
    deadline = time.monotonic() + patience_s
    while not waiting.done() and time.monotonic() < deadline:
        if is_waited_for():
            return True
    return False
