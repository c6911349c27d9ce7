"""Empties the database after a test that committed, without touching what is empty anyway.

Django truncates every table and looks for missing permissions, which takes most of a second with
some hundred tables; a test fills a dozen.
"""

from django.db import connection
from django.test import TransactionTestCase

# made by the migrations, the same for every test
KEPT = frozenset({"django_content_type", "auth_permission"})


def empty_tables() -> None:
    """Delete all rows of all models, also those of transactions that just end.

    Needs a superuser: the order of foreign keys is not asked.
    """
    filled = _filled()
    if not filled:
        return
    steps = [
        "BEGIN",
        f"LOCK TABLE {', '.join(filled)} IN ACCESS EXCLUSIVE MODE",
        "SET LOCAL session_replication_role = replica",
        *(f"DELETE FROM {name}" for name in filled),
        "COMMIT",
    ]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(steps))


def _filled() -> list[str]:
    """The tables that have rows, quoted."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    looks = [
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM {connection.ops.quote_name(name)})"
        for name in sorted({*names} - KEPT)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(looks))
        return [connection.ops.quote_name(name) for (name,) in cursor.fetchall()]


def use() -> None:
    """Let tests with transactions clean up this way; Django has no other way in."""
    TransactionTestCase._fixture_teardown = lambda _case: empty_tables()  # type: ignore[attr-defined] # not in the stubs
