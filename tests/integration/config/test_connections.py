"""Connections are handed out without asking the server, unless there is a sign that it has left."""

import psycopg
import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from evenfall.config import connections
from evenfall.platform.database import dsn, planned_anew

pytestmark = pytest.mark.django_db


def test_an_idle_connection_is_handed_out_unasked() -> None:
    with psycopg.connect(dsn(), autocommit=True) as held:
        before = _statements(held)
        connections.check(held)
        assert _statements(held) == before


def test_a_connection_whose_server_has_left_is_refused() -> None:
    with psycopg.connect(dsn(), autocommit=True) as held:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [held.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            connections.check(held)


def test_a_connection_with_something_to_read_is_asked_and_kept() -> None:
    with psycopg.connect(dsn(), autocommit=True) as held:
        held.execute("LISTEN evenfall_test_connections")
        with psycopg.connect(dsn(), autocommit=True) as other:
            other.execute("NOTIFY evenfall_test_connections")
        connections.check(held)
        assert held.execute("SELECT 1").fetchone() == (1,)


def test_what_is_to_be_planned_anew_keeps_no_plan(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(10), connection.cursor() as cursor:
        with planned_anew():
            for number in range(5):
                cursor.execute("SELECT %s::int + 1", [number])
        assert _plans("SELECT $1::int + 1") == 0
        for number in range(3):
            cursor.execute("SELECT %s::int + 1", [number])
        assert _plans("SELECT $1::int + 1") == 1


def _plans(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement = %s", [statement]
        )
        found: int = cursor.fetchone()[0]
    return found


def _statements(held: psycopg.Connection) -> tuple[object, ...] | None:
    """When the server last heard of this connection."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT query_start, state_change FROM pg_stat_activity WHERE pid = %s",
            [held.info.backend_pid],
        )
        found: tuple[object, ...] | None = cursor.fetchone()
    return found
