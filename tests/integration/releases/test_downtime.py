"""Planned downtime is a maintenance window; actual downtime is what incidents and probes say."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.incidents import declare
from tests.factories.monitors import make_monitor
from tests.factories.releases import Ready, deploy, ready_release

from evenfall.alerting import actions as alerting
from evenfall.alerting import queries as alerting_queries
from evenfall.incidents.ports import Sev
from evenfall.monitors.models import Outage
from evenfall.platform.clock import utc_now
from evenfall.releases import actions, errors, queries
from evenfall.releases.actions import DowntimeWish

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def ready() -> Ready:
    return ready_release(now=utc_now() - HOUR)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def plan(ready: Ready, **wish: Any) -> None:
    actions.plan_downtime(
        passage_id=ready.passage.pk, wish=DowntimeWish(**wish), now=utc_now(), actor="system"
    )
    ready.passage.refresh_from_db()


def windows() -> list[tuple[str, str]]:
    return [(one.name, one.state) for one in alerting_queries.maintenance_page(now=utc_now()).items]


def test_planned_downtime_is_announced_moved_and_taken_back(client: Client, ready: Ready) -> None:
    client.force_login(ready.ada)
    page = f"/releases/{ready.passage.release_id}/?passage={ready.passage.pk}&part=beside"
    address = f"/passages/{ready.passage.pk}/downtime/"
    begins = utc_now() + 5 * HOUR  # in whatever zone
    said = {"starts_at": begins.strftime("%Y-%m-%dT%H:%M"), "minutes": 15}
    assert "Say when it begins" in text(client.post(address, {"minutes": 15}, follow=True))
    client.post(address, said)
    assert "15 min" in text(client.get(page))
    first = _window(ready)
    assert first.service_ids == (ready.service.pk,)
    assert first.environments == ("PROD",)
    assert first.ends_at - first.starts_at == 15 * MINUTE
    client.post(address, {**said, "minutes": 30})
    second = _window(ready)
    assert second.id != first.id
    assert [one[1] for one in windows()] == ["pending"]
    assert second.name in text(client.get(page))
    client.post(address, {"minutes": 0})
    ready.passage.refresh_from_db()
    assert (ready.passage.maintenance_id, windows()) == (None, [])


def _window(ready: Ready) -> alerting_queries.MaintenanceView:
    ready.passage.refresh_from_db()
    assert ready.passage.maintenance_id is not None
    return alerting_queries.maintenance(ready.passage.maintenance_id, now=utc_now())


def test_a_window_that_was_announced_is_linked_and_outlives_the_release(ready: Ready) -> None:
    now = utc_now()
    number, other = (
        _announce([service.pk], now + HOUR) for service in (ready.service, make_service())
    )
    with pytest.raises(errors.DowntimeUnclear, match="other services"):
        plan(ready, maintenance_id=other)
    plan(ready, maintenance_id=number)
    assert ready.passage.planned_downtime_minutes == 60
    assert [one.id for one in queries.announced(ready.service.pk, now=now)] == [number]
    actions.cancel_passage(passage_id=ready.passage.pk, now=now, actor="system")
    assert len(windows()) == 2
    with pytest.raises(errors.StateNotPossible):
        plan(ready, minutes=0)


def _announce(service_ids: list[int], begins: Any) -> int:
    return alerting.create_maintenance(
        name="Move",
        service_ids=service_ids,
        starts_at=begins,
        ends_at=begins + HOUR,
        by_name="Ada",
        now=utc_now(),
        actor="system",
    )


def test_what_does_not_go_needs_no_window(ready: Ready) -> None:
    plan(ready, starts_at=utc_now() + HOUR, minutes=5)
    assert len(windows()) == 1
    actions.cancel_passage(passage_id=ready.passage.pk, now=utc_now(), actor="system")
    assert windows() == []


def test_actual_downtime_is_measured_from_incidents_and_probes(
    client: Client, ready: Ready
) -> None:
    now = utc_now()
    deploy(ready.passage, now=now - HOUR)
    declare("Nobody can pay", severity=Sev.SEV1, service_id=ready.service.pk, now=now - 20 * MINUTE)
    probe = make_monitor(service=ready.service)
    Outage.objects.create(monitor=probe, from_at=now - 40 * MINUTE, until_at=now - 10 * MINUTE)
    found = queries.downtime(queries.passage(ready.passage.pk), now=now)
    assert (found.measured, found.incidents, found.probes) == (40 * MINUTE, 1, 1)
    client.force_login(ready.ada)
    page = f"/releases/{ready.passage.release_id}/?passage={ready.passage.pk}&part=beside"
    assert "from 1 incident and 1 outage of probes" in text(client.get(page))


def test_downtime_over_the_api(client: Client, ready: Ready) -> None:
    client.force_login(ready.ada)
    address = f"/api/v1/passages/{ready.passage.pk}/downtime"
    body = {"starts_at": (utc_now() + HOUR).isoformat(), "minutes": 7}
    answer = client.put(address, body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["planned_downtime_minutes"] == 7
    assert answer.json()["maintenance_id"]
