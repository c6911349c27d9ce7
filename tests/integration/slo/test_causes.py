"""Who spent the budget: incidents of what is needed, and experiments, beside the service's own."""

from datetime import timedelta

import pytest
from tests.factories.catalog import make_dependency, make_service
from tests.factories.changes import make_change
from tests.factories.identity import NOW
from tests.factories.incidents import declare
from tests.factories.objectives import MINUTE, count, make_indicator, make_objective

from evenfall.incidents.models import Incident
from evenfall.slo import queries
from evenfall.slo.logic.states import Cause

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
AT = NOW.replace(second=0, microsecond=0)


def test_incidents_of_dependencies_and_experiments_take_their_parts() -> None:
    shop, bank, other = make_service("Shop"), make_service("Bank"), make_service("Other")
    make_dependency(shop, bank)
    indicator = make_indicator(service=shop, now=AT - 6 * HOUR)
    count(indicator, until=AT, minutes=360, total=10, bad=1)
    objective = make_objective(indicator=indicator, now=AT - 6 * HOUR)
    for service, since in ((bank, 5), (shop, 4), (other, 3)):
        incident = declare(f"{service.name} is slow", service_id=service.pk, now=AT - since * HOUR)
        Incident.objects.filter(id=incident.pk).update(mitigated_at=AT - (since - 0.5) * HOUR)
    make_change(shop, "A server is stopped", kind="experiment", at=AT - 2 * HOUR)
    make_change(shop, "Slow disk", kind="experiment", at=AT - HOUR, finished_at=AT - 40 * MINUTE)
    make_change(shop, "Deploy", at=AT - HOUR)
    found = {
        (one.cause.kind, one.cause.title): round(one.share * 360)
        for one in queries.spending(objective.pk, now=AT).parts
        if one.cause
    }
    assert found == {
        (Cause.DEPENDENCY, "Bank: Bank is slow"): 30,
        (Cause.INCIDENT, "Shop is slow"): 30,
        (Cause.EXPERIMENT, "A server is stopped"): 60,
        (Cause.EXPERIMENT, "Slow disk"): 20,
    }
