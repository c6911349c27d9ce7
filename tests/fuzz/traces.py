"""What a request left in the database, without reading every table after each of them."""

from collections.abc import Collection, Mapping

from django.db import connection

type Fingerprint = Mapping[str, tuple[int, int]]

# the token's last use; sessions
_NOTED_ANYWAY = {"identity_apitoken", "django_session"}
# as pg_stat_xact_user_tables, which also asks for what nobody reads here
_WRITES = """
SELECT relname, writes FROM pg_class, LATERAL (
    SELECT pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
         + pg_stat_get_xact_tuples_deleted(oid) AS writes
) AS counted
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND writes > 0
"""


def fingerprint(tables: Collection[str] | None = None) -> Fingerprint:
    """The number of rows and the youngest writer of each table (None: of all)."""
    known = set(connection.introspection.table_names()) - _NOTED_ANYWAY
    wanted = sorted(known if tables is None else known & set(tables))
    parts = [
        f"SELECT '{name}', count(*), coalesce(max(xmin::text::bigint), 0) FROM {name}"
        for name in wanted
    ]
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {name: (rows, writer) for name, rows, writer in cursor.fetchall()}


class Watch:
    """Begins before a request. `rest` is what the tables hold until somebody changes them."""

    def __init__(self, rest: Fingerprint) -> None:
        self._rest = rest
        self._writes = _writes()

    def left(self) -> list[str]:
        """The tables that hold something else than before.

        PostgreSQL counts what this transaction wrote, undone or not: only those tables are read.
        """
        now = _writes()
        touched = [name for name, count in now.items() if count != self._writes.get(name, 0)]
        found = fingerprint(touched)
        return [name for name, one in found.items() if one != self._rest[name]]


def _writes() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITES)
        return dict(cursor.fetchall())
