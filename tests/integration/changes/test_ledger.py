from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.changes import make_change
from tests.factories.identity import make_team, make_token, make_user, signed_in

from evenfall.catalog import errors as catalog_errors
from evenfall.changes import actions, errors, queries
from evenfall.platform import journal

pytestmark = pytest.mark.django_db


def record(now: datetime, **changes: Any) -> int:
    values = {"service_id": None, "summary": "Deploy 1.2.3", "at": now, "now": now, **changes}
    return actions.record_change(**values)


def test_a_change_is_kept_and_announced(now: datetime) -> None:
    service = make_service()
    change_id = record(
        now,
        service_id=service.id,
        kind="deploy",
        environment="prod",
        source="pipeline",
        links=[{"href": "https://ci.example/1", "text": ""}, {"href": "javascript:x"}],
        details={"commit": "abc"},
    )
    (change,) = queries.recent_changes(service.id, now)
    assert (change.id, change.kind, change.environment) == (change_id, "deploy", "PROD")
    assert change.links == [{"href": "https://ci.example/1", "text": "https://ci.example/1"}]
    (entry,) = journal.entries(subject=f"service:{service.id}")
    assert entry.data["summary"] == "Deploy 1.2.3"


def test_the_same_report_is_one_change(now: datetime) -> None:
    first = record(now, source="ci", external_id="7")
    assert record(now, source="ci", external_id="7") == first
    assert record(now, source="other", external_id="7") != first
    assert record(now) != record(now)
    assert len(journal.recent(kinds=["changes.change_recorded"])) == 4


def test_an_unknown_kind_is_other(now: datetime) -> None:
    service = make_service()
    record(now, service_id=service.id, kind="earthquake")
    assert queries.recent_changes(service.id, now)[0].kind == "other"


def test_a_change_needs_a_summary(now: datetime) -> None:
    with pytest.raises(errors.SummaryMissing):
        record(now, summary=" ")


def test_a_change_of_no_known_service_is_refused(now: datetime) -> None:
    with pytest.raises(catalog_errors.ServiceNotFound):
        record(now, service_id=987654)


def test_recent_changes_are_those_before_the_trouble(now: datetime) -> None:
    service = make_service()
    for minutes in range(8):
        make_change(service, f"Deploy {minutes}", at=now + timedelta(minutes=minutes))
    shown = queries.recent_changes(service.id, now + timedelta(minutes=6))
    assert [change.summary for change in shown] == [f"Deploy {n}" for n in (6, 5, 4, 3, 2)]
    since = now + timedelta(minutes=5)
    shown = queries.recent_changes(service.id, now + timedelta(minutes=6), since=since)
    assert len(shown) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_last_changes_takes_one_query_however_many_services(
    count: int, django_assert_num_queries: Any, now: datetime
) -> None:
    services = [make_service() for _ in range(count)]
    for service in services:
        for minutes in (3, 1, 2, 9):
            make_change(service, f"Deploy {minutes}", at=now + timedelta(minutes=minutes))
    quiet = make_service()
    with django_assert_num_queries(1):
        found = queries.last_changes(
            [quiet.id, *(one.id for one in services)], now + timedelta(minutes=5)
        )
    assert {number: change.summary for number, change in found.items()} == {
        service.id: "Deploy 3" for service in services
    }
    assert queries.last_changes([], now) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_many(
    count: int, django_assert_num_queries: object, now: datetime
) -> None:
    service = make_service()
    for number in range(count):
        make_change(service, f"Deploy {number}", at=now)
    browser = signed_in(make_user())
    with django_assert_num_queries(7):  # type: ignore[operator]  # pytest-django's fixture
        answer = browser.get(f"/services/{service.slug}/changes/")
    assert len(answer.context["changes"]) == count


def test_the_part_of_the_services_page_shows_five(now: datetime) -> None:
    service = make_service()
    for number in range(6):
        make_change(service, f"Deploy {number}", at=now - timedelta(days=500))
    answer = signed_in(make_user()).get(f"/services/{service.slug}/changes/recent/")
    assert len(answer.context["changes"]) == 5
    assert f'data-live="service:{service.id}"'.encode() in answer.content


def test_the_api_takes_reports_from_responders_of_the_team() -> None:
    user = make_user(role="observer")
    service = make_service(slug="shop", team=make_team(members=[user]))
    foreign = make_service(slug="bank")
    client = Client(headers={"Authorization": f"Bearer {make_token(user)}"})
    body = {"summary": "Deploy 1.2.3", "service": "shop", "kind": "deploy"}
    made = client.post("/api/v1/changes", body, "application/json")
    assert made.status_code == 201
    refused = client.post("/api/v1/changes", {**body, "service": foreign.slug}, "application/json")
    assert refused.status_code == 403
    listed = client.get(f"/api/v1/changes?service={service.slug}").json()
    assert [one["id"] for one in listed["items"]] == [made.json()["id"]]
    assert listed["items"][0]["actor"].startswith("token:")


def test_the_api_refuses_a_time_without_a_zone() -> None:
    client = Client(headers={"Authorization": f"Bearer {make_token(make_user())}"})
    body = {"summary": "Deploy", "at": "2026-01-01T12:00:00"}
    assert client.post("/api/v1/changes", body, "application/json").status_code == 422
