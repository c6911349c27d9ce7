"""Connections to the one database outside of Django's requests and drains."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection, connections
from psycopg.conninfo import make_conninfo


def dsn() -> str:
    """Return a libpq connection string for the database that Django uses right now.

    Tests run on a database of another name, so the name is read from the live connection.
    """
    return make_conninfo(settings.EVENFALL.database_url, dbname=connection.settings_dict["NAME"])


def in_own_connections[T](work: Callable[[], T]) -> T:
    """Do work in a thread that ends soon after, and would leave its connection open."""
    held = {id(one) for one in connections.all(initialized_only=True)}
    try:
        return work()
    finally:
        for one in connections.all(initialized_only=True):
            if id(one) not in held:
                one.close()


def in_lent_connection[T](work: Callable[[], T]) -> T:
    """Do work in a thread that waits for its next task after it, and give its connection back.

    Threads that wait share a few connections of the pool instead of holding one each.
    """
    try:
        return work()
    finally:
        close_old_connections()


@contextmanager
def planned_anew() -> Iterator[None]:
    """Let what is executed inside be planned for the tables as they are now.

    PostgreSQL keeps the plan of a statement that comes often. For a queue that was empty when the
    plan was made, it scans the queue: a thousand times a second too slow once a storm has filled
    it, until the tables are analysed again a minute later. Planning costs a fraction of a
    millisecond.
    """
    with connection.execute_wrapper(_unprepared):
        yield


def _unprepared(
    _execute: object, sql: str, params: object, _many: object, context: dict[str, Any]
) -> Any:  # noqa: ANN401 - what a cursor returns
    with connection.wrap_database_errors:
        return context["cursor"].cursor.execute(sql, params, prepare=False)
