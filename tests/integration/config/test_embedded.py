"""The PostgreSQL that comes with Evenfall: set up for little memory, and never less durable."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        row = cursor.fetchone()
    assert row
    return str(row[0])


@pytest.fixture(autouse=True)
def _is_ours() -> None:
    """Tests may be run on a server of one's own."""
    if "evenfall-test-" not in setting("data_directory"):
        pytest.skip("another server")


def test_it_starts_no_helper_that_nobody_needs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT backend_type FROM pg_stat_activity")
        kinds = [kind for (kind,) in cursor.fetchall()]
    assert "io worker" not in kinds
    assert "logical replication launcher" not in kinds


def test_it_looks_at_its_queues_often_and_compiles_nothing() -> None:
    assert (setting("autovacuum_naptime"), setting("jit")) == ("20s", "off")
