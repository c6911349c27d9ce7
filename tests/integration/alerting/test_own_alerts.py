"""Alerts that Evenfall finds itself: they enter where all others do."""

from datetime import timedelta

import pytest
from tests.factories.alerting import receive
from tests.factories.catalog import make_service

from evenfall.alerting import actions
from evenfall.alerting.actions import OwnAlert
from evenfall.alerting.models import Alert, Integration
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
NOW = utc_now()


def say(*, is_over: bool = False, at: int = 0) -> None:
    alert = OwnAlert(
        key="objective:7:page",
        summary="Till burns its budget",
        is_over=is_over,
        severity="critical",
        service="till",
        environment="PROD",
        url="https://evenfall.example.org/objectives/7/",
        image_url="https://evenfall.example.org/objectives/7/budget.svg",
        labels={"objective": "7"},
    )
    now = NOW + timedelta(seconds=at)
    actions.raise_own_alerts(source="Objectives", alerts=[alert], now=now)
    receive(now)


def test_it_opens_once_is_repeated_and_ends() -> None:
    service = make_service("Till", slug="till")
    say()
    say(at=60)
    alert = Alert.objects.get()
    assert (alert.service_id, alert.severity, alert.environment) == (service.pk, "critical", "PROD")
    assert alert.labels["objective"] == "7"
    assert "budget.svg" in str(alert.extra)
    say(is_over=True, at=120)
    alert.refresh_from_db()
    assert alert.state == "resolved"


def test_one_source_is_one_integration_whose_key_nobody_knows() -> None:
    say()
    say(at=1)
    row = Integration.objects.get()
    assert (row.name, row.kind) == ("Objectives", "evenfall")
    actions.raise_own_alerts(source="Monitors", alerts=[], now=NOW)
    assert Integration.objects.count() == 1
