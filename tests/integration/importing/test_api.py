"""The API of moving in."""

from typing import Any

import pytest
from django.test import Client
from tests.factories.identity import make_team, make_token, make_user
from tests.factories.importing import sample

from evenfall.oncall import queries as oncall_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def headers() -> dict[str, str]:
    return {"Authorization": f"Bearer {make_token(make_user('Boss', role='admin'))}"}


def send(headers: dict[str, str], body: bytes, **query: Any) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return Client().post(f"/api/v1/imports?{asked}", body, "application/json", headers=headers)


def test_a_dry_run_answers_the_report(headers: dict[str, str]) -> None:
    answer = send(headers, sample("pagerduty"), vendor="pagerduty", team_id=make_team().id)
    assert answer.status_code == 201
    report = answer.json()
    assert [rota["step"] for rota in report["rotas"]] == ["create", "create"]
    assert report["imported_at"] is None
    assert {found["severity"] for found in report["findings"]} == {
        "cannot",
        "approximated",
        "ignored",
    }
    assert oncall_queries.rotas() == []
    ran = Client().post(f"/api/v1/imports/{report['id']}/run", headers=headers).json()
    assert [rota["step"] for rota in ran["rotas"]] == ["same", "same"]
    again = Client().get(f"/api/v1/imports/{report['id']}", headers=headers).json()
    assert again["rotas"] == ran["rotas"]


def test_without_dry_run_it_is_written_at_once(headers: dict[str, str]) -> None:
    send(headers, sample("opsgenie"), vendor="opsgenie", team_id=make_team().id, dry_run="false")
    assert len(oncall_queries.rotas()) == 3


def test_the_comparison_has_spans_and_hours(headers: dict[str, str]) -> None:
    answer = send(
        headers, sample("grafana_oncall"), vendor="grafana_oncall", team_id=make_team().id
    )
    found = Client().get(f"/api/v1/imports/{answer.json()['id']}/comparison", headers=headers)
    one = found.json()["items"][0]
    assert (one["name"], one["is_live"], one["hours_of_difference"]) == ("Shop primary", False, 0)


@pytest.mark.parametrize(
    ("vendor", "body", "code"),
    [
        ("nothing", b"{}", "importing.vendor_unknown"),
        ("pagerduty", b"", "importing.file_missing"),
        ("pagerduty", b"{}", "importing.export_unreadable"),
    ],
)
def test_what_is_wrong_has_a_code(
    headers: dict[str, str], vendor: str, body: bytes, code: str
) -> None:
    answer = send(headers, body, vendor=vendor, team_id=make_team().id)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_time_that_cannot_be_is_refused(headers: dict[str, str]) -> None:
    body = sample("pagerduty").replace(b"2026-03-14T00:00:00+01:00", b"9999-12-31T23:59:59-10:00")
    answer = send(headers, body, vendor="pagerduty", team_id=make_team().id)
    assert "years" in answer.json()["detail"]
