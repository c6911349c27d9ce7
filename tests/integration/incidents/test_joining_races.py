"""An incident that ends while an alert is on its way to it: the alert finds it again."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.factories.identity import NOW
from tests.factories.incidents import make_arrival, open_incident

from evenfall.incidents import actions
from evenfall.incidents.logic.grouping import Arrival
from evenfall.incidents.models import Incident, IncidentAlert

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(minutes=2)
LONGEST_S = 10.0
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def _join(arrival: Arrival) -> None:
    try:
        actions.open_or_join(arrivals=[arrival], now=LATER)
    finally:
        connection.close()


def _wait_until_somebody_waits() -> None:
    deadline = time.monotonic() + LONGEST_S
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody came to the lock of the incident")


def test_an_incident_that_ends_while_an_alert_waits_for_it_comes_back() -> None:
    incident = open_incident(make_arrival("g"))
    late = make_arrival("g")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            actions.resolve_incident(
                incident_id=incident.pk, user_id=None, now=LATER, actor="system"
            )
            joined = pool.submit(_join, late)
            _wait_until_somebody_waits()
        joined.result(timeout=LONGEST_S)
    row = Incident.objects.get()
    assert (row.pk, row.state, row.is_paged) == (incident.pk, "open", True)
    assert IncidentAlert.objects.get(alert_id=late.alert_id).incident_id == incident.pk
