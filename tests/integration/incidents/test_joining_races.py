"""An incident that ends while an alert is on its way to it: the alert finds it again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import transaction
from tests.factories.identity import NOW
from tests.factories.incidents import make_arrival, open_incident
from tests.factories.races import await_waiter

from evenfall.incidents import actions
from evenfall.incidents.models import Incident, IncidentAlert
from evenfall.platform.database import in_own_connections

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(minutes=2)
LONGEST_S = 10.0


def test_an_incident_that_ends_while_an_alert_waits_for_it_comes_back() -> None:
    incident = open_incident(make_arrival("g"))
    late = make_arrival("g")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            actions.resolve_incident(
                incident_id=incident.pk, user_id=None, now=LATER, actor="system"
            )
            joined = pool.submit(
                in_own_connections,
                lambda: actions.open_or_join(arrivals=[late], now=LATER),
            )
            assert await_waiter(joined, LONGEST_S), "nobody came to the lock of the incident"
        joined.result(timeout=LONGEST_S)
    row = Incident.objects.get()
    assert (row.pk, row.state, row.is_paged) == (incident.pk, "open", True)
    assert IncidentAlert.objects.get(alert_id=late.alert_id).incident_id == incident.pk
