"""Connections to the one database outside of Django's requests and drains."""

from collections.abc import Callable

from django.conf import settings
from django.db import connection, connections
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
