"""How connections to the database are kept and used by every process."""

from typing import Any, Final

import psycopg
from psycopg_pool import ConnectionPool

from evenfall.platform.sockets import is_readable

# Enough for the threads of one process; a request that finds none free waits its turn. The pool
# closes one connection that it can spare every `max_idle` seconds: each takes 5 MB of the database.
_SIZE: Final = {"min_size": 1, "max_size": 24, "timeout": 10, "max_idle": 3}
# From the second time on PostgreSQL has the plan of a statement ready: planning cost more than
# half of what it does for a page. Plans take memory, so each connection keeps a limited number.
_PREPARE_AFTER: Final = 2


def options() -> dict[str, Any]:
    """Return what Django's settings hold about the connections of a process."""
    return {
        "connect_timeout": 5,
        "pool": {**_SIZE, "check": check},
        "server_side_binding": True,
        "prepare_threshold": _PREPARE_AFTER,
    }


def check(connection: psycopg.Connection[Any]) -> None:
    """Raise OperationalError where the server has left; asks it only where there is a sign of it.

    A server that ends closes the socket, which makes it readable, and on an idle connection there
    is nothing else to read but a rare notice. Asking each time would cost a round trip for each
    pass of each drain, a fifth of what an idle installation takes.
    """
    if is_readable(connection.fileno()):
        ConnectionPool.check_connection(connection)
