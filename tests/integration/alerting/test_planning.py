"""A statement that comes often is planned once: its plan must serve whatever it is sent."""

import pytest
from django.db import connection

from evenfall.alerting.queries.alerts import AlertFilter, filtered
from evenfall.incidents.models import IS_LIVE, Incident

pytestmark = pytest.mark.django_db


def plan(sql: str, words: tuple[object, ...]) -> str:
    """How PostgreSQL answers for any parameters, on a table that is too large to be read whole."""
    wanted = sql % tuple(f"${number}" for number, _ in enumerate(words, start=1))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.cursor.execute(f"EXPLAIN (GENERIC_PLAN) {wanted}", prepare=False)
        return "\n".join(row[0] for row in cursor.fetchall())


def test_live_alerts_have_an_index_whatever_is_looked_for() -> None:
    rows = filtered(AlertFilter(text="disk")).order_by("-id").only("id")
    assert "alert_live" in plan(*rows.query.sql_with_params())


def test_live_incidents_have_an_index() -> None:
    rows = Incident.objects.filter(IS_LIVE).order_by("-opened_at", "-id").only("id")
    assert "incident_live" in plan(*rows.query.sql_with_params())
