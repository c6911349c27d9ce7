"""What monitors see, counted as good and total: unknown counts in neither."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_user, signed_in
from tests.factories.monitors import make_monitor
from tests.factories.objectives import MINUTE, make_indicator

from evenfall.monitors.logic.looks import Result
from evenfall.monitors.models import Check
from evenfall.slo import actions
from evenfall.slo.logic.spec import IndicatorSpec, Origin
from evenfall.slo.models import Count, Indicator, Objective

pytestmark = pytest.mark.django_db


def looked(monitor_id: int, minutes_ago: int, *results: Result) -> None:
    at = NOW - minutes_ago * MINUTE
    for second, result in enumerate(results):
        Check.objects.create(
            monitor_id=monitor_id,
            at=at + timedelta(seconds=second),
            result=result.value,
            note="",
        )


def test_looks_of_all_monitors_of_an_indicator_add_up() -> None:
    service = make_service("Till", slug="till")
    one = make_monitor(service=service, name="One").pk
    two = make_monitor(service=service, name="Two").pk
    looked(one, 5, Result.GOOD, Result.BAD)
    looked(two, 5, Result.GOOD)
    looked(two, 4, Result.UNKNOWN)
    spec = IndicatorSpec(origin=Origin.MONITORS, monitor_ids=(one, two))
    make_indicator(spec=spec, service=service)
    actions.read_due(now=NOW)
    found = list(Count.objects.values_list("good", "total"))
    assert found == [(2.0, 3.0)]
    assert Indicator.objects.get().problem == ""


def test_the_form_makes_an_objective_of_monitors() -> None:
    service = make_service("Till", slug="till")
    number = make_monitor(service=service, name="Home page").pk
    client: Client = signed_in(make_user("Max", "manager"))
    page = client.get("/objectives/new/").content.decode()
    assert "Home page (Till)" in page
    said = {
        "name": "Answers",
        "service_id": service.pk,
        "environment": "PROD",
        "target": "99.9",
        "window": "28d",
        "measure": "monitors",
        "monitor_ids": [number],
        "op": "lte",
        "method": "Occurrences",
        "slice_minutes": 1,
        "slice_target": 100,
        "no_data": "skip",
        "scaling": "fixed",
        "least_total": 0,
        "least_bad": 3,
        "warn_below": 25,
        "thaw_from": 10,
        "limit": 0,
        "do": "save",
    }
    made = client.post("/objectives/new/", said)
    assert made.status_code == 302, made.content.decode()
    objective = Objective.objects.get()
    assert objective.indicator is not None
    assert objective.indicator.monitor_ids == [number]
    none = client.post("/objectives/new/", {**said, "monitor_ids": []})
    assert "Choose the monitors" in none.content.decode()
