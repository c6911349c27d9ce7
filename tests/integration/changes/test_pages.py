"""The pages of the ledger and of its sources."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.changes import make_change, make_source
from tests.factories.identity import make_team, make_token, make_user, signed_in

from evenfall.changes.models import Change, ChangeSource
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


def texts(answer: Any) -> list[str]:
    return [row["change"].summary for row in answer.context["rows"]]


def test_the_ledger_shows_all_services_and_filters() -> None:
    team = make_team()
    shop, bank = make_service("Shop", team=team), make_service("Bank")
    now = utc_now()
    make_change(shop, "Deploy shop", environment="PROD", at=now, version="9.9.9")
    make_change(bank, "Flag bank", kind="flag", environment="UAT", at=now - timedelta(days=3))
    make_change(None, "Firewall", kind="infrastructure", at=now - timedelta(days=9))
    browser = signed_in(make_user())
    assert texts(browser.get("/changes/")) == ["Deploy shop", "Flag bank", "Firewall"]
    yesterday = (now - timedelta(days=1)).date().isoformat()
    found = {
        "kind=flag": ["Flag bank"],
        f"service={shop.id}": ["Deploy shop"],
        f"team={team.id}": ["Deploy shop"],
        "environment=UAT": ["Flag bank"],
        "q=firew": ["Firewall"],
        "q=9.9": ["Deploy shop"],
        f"to={yesterday}": ["Flag bank", "Firewall"],
        f"from={yesterday}": ["Deploy shop"],
        "q=nothing-like-that": [],
        "kind=earthquake": ["Deploy shop", "Flag bank", "Firewall"],
    }
    for query, expected in found.items():
        assert texts(browser.get(f"/changes/?{query}")) == expected, query


def test_the_ledger_has_a_calendar_and_refreshes_by_itself() -> None:
    make_change(None, "Firewall", at=utc_now())
    page = signed_in(make_user()).get("/changes/").content.decode()
    assert 'data-live="changes"' in page
    assert "1 in all" in page
    part = signed_in(make_user()).get("/changes/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Firewall" in part


def test_an_empty_ledger_leads_to_where_tools_are_connected() -> None:
    page = signed_in(make_user(role="manager")).get("/changes/").content.decode()
    assert "/changes/sources/new/" in page
    assert "shows up here by itself" in page
    other = signed_in(make_user()).get("/changes/").content.decode()
    assert "/changes/sources/new/" not in other


@pytest.mark.parametrize("count", [1, 4])
def test_the_ledger_takes_the_same_queries_however_much_changed(
    count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        make_change(make_service(), f"Deploy {number}", at=utc_now())
    browser = signed_in(make_user())
    with django_assert_num_queries(9):
        browser.get("/changes/")


def test_one_change_with_all_that_is_known(now: datetime) -> None:
    change = make_change(
        make_service("Shop"),
        links=[{"href": "https://ci.example/1", "text": "Run 1"}],
        details={"by": "Ada"},
        version="1.4.2",
        commit="f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
        pipeline_url="https://ci.example/pipeline",
        first_commit_at=now,
        is_unplanned=True,
    )
    page = signed_in(make_user()).get(f"/changes/{change.id}/").content.decode()
    for text in ("Run 1", "Ada", "1.4.2", "f95f852bd8fc", "https://ci.example/pipeline", "Shop"):
        assert text in page
    assert signed_in(make_user()).get("/changes/987654/").status_code == 404


def test_a_change_is_recorded_by_hand_by_those_who_respond() -> None:
    user = make_user(role="observer")
    shop = make_service("Shop", team=make_team(members=[user]))
    bank = make_service("Bank")
    browser = signed_in(user)
    form = {
        "summary": "New certificate",
        "kind": "certificate",
        "environment": "PROD",
        "state": "finished",
        "link": "https://wiki.example/cert",
        "service_id": shop.id,
    }
    answer = browser.post("/changes/new/", form)
    change = Change.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/changes/{change.id}/")
    assert (change.kind, change.source, change.links[0]["href"]) == (
        "certificate",
        "by hand",
        "https://wiki.example/cert",
    )
    refused = browser.post("/changes/new/", {**form, "service_id": bank.id})
    assert refused.status_code == 422
    assert browser.post("/changes/new/", {**form, "summary": ""}).status_code == 422
    assert Change.objects.count() == 1


def test_the_export_has_what_the_filters_leave_and_no_formulas() -> None:
    make_change(make_service(slug="shop"), "=1+1", environment="PROD", is_unplanned=True)
    make_change(None, "Other", kind="flag")
    answer = signed_in(make_user()).get("/changes/export.csv?kind=deploy")
    lines = answer.content.decode().splitlines()
    assert len(lines) == 2
    assert "'=1+1" in lines[1]
    assert ",shop," in lines[1]
    assert answer["Content-Disposition"].endswith('"changes.csv"')


def test_a_source_shows_its_keys_once_and_what_to_copy() -> None:
    browser = signed_in(make_user(role="manager"))
    make_service(slug="shop")
    form = {"kind": "github", "name": "GitHub", "mapping": "acme/shop = shop"}
    answer = browser.post("/changes/sources/new/", form)
    source = ChangeSource.objects.get()
    assert answer["Location"] == f"/changes/sources/{source.pk}/"
    first = browser.get(answer["Location"])
    keys = first.context["keys"]
    assert keys.key in first.content.decode()
    assert keys.secret in first.content.decode()
    assert first["Cache-Control"] == "no-store"
    again = browser.get(answer["Location"]).content.decode()
    assert keys.key not in again
    assert "YOUR-KEY" in again
    assert "Waiting for the first report" in again
    part = browser.get(f"/changes/sources/{source.pk}/?part=received").content.decode()
    assert "<html" not in part


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"name": " "}, "required"),
        ({"kind": "nothing"}, "valid choice"),
        ({"mapping": "acme/shop"}, "Cannot read"),
        ({"mapping": "acme/shop = nowhere"}, "no service nowhere"),
        ({"name": "Taken"}, "has this name already"),
    ],
)
def test_a_source_that_cannot_be_is_refused(form: dict[str, str], says: str) -> None:
    make_source("Taken")
    browser = signed_in(make_user(role="manager"))
    answer = browser.post("/changes/sources/new/", {"kind": "json", "name": "New", **form})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert ChangeSource.objects.count() == 1


def test_a_source_is_changed_rekeyed_and_switched_off() -> None:
    source_id, keys = make_source(kind="gitlab")
    browser = signed_in(make_user(role="manager"))
    edit = browser.post(f"/changes/sources/{source_id}/edit/", {"name": "Other", "kind": "json"})
    assert edit.status_code == 302
    row = ChangeSource.objects.get()
    assert (row.name, row.kind) == ("Other", "gitlab")
    browser.post(f"/changes/sources/{source_id}/keys/")
    shown = browser.get(f"/changes/sources/{source_id}/").context["keys"]
    assert shown.key != keys.key
    browser.post(f"/changes/sources/{source_id}/switch/", {"enabled": "0"})
    assert not ChangeSource.objects.get().is_enabled
    assert "Other" in browser.get("/changes/sources/").content.decode()


def test_whoever_manages_a_team_makes_sources_for_its_services_only() -> None:
    lead = make_user(role="observer")
    team = make_team(leads=[lead])
    make_service(slug="shop", team=team)
    make_service(slug="bank")
    browser = signed_in(lead)
    form = {"kind": "json", "name": "Mine", "team_id": team.id, "mapping": "a = shop"}
    assert browser.post("/changes/sources/new/", form).status_code == 302
    for wrong in ({"team_id": ""}, {"mapping": "a = bank"}):
        answer = browser.post("/changes/sources/new/", {**form, "name": "Other", **wrong})
        assert answer.status_code == 422, wrong
    foreign, _ = make_source("Foreign")
    assert browser.post(f"/changes/sources/{foreign}/keys/").status_code == 403
    assert browser.get(f"/changes/sources/{foreign}/edit/").status_code == 403


def test_the_api_reads_and_reports_deploys_and_keeps_sources() -> None:
    make_service(slug="shop")
    token = make_token(make_user(role="admin"))
    client = Client(headers={"Authorization": f"Bearer {token}"})
    deploy = {"state": "started", "version": "1.4.2", "commit": "abc"}
    body = {
        "summary": "Deploy",
        "service": "shop",
        "kind": "deploy",
        "source": "ci",
        "external_id": "1",
        "deploy": deploy,
    }
    change_id = client.post("/api/v1/changes", body, "application/json").json()["id"]
    body["deploy"] = {**deploy, "state": "finished"}
    client.post("/api/v1/changes", body, "application/json")
    shown = client.get(f"/api/v1/changes/{change_id}").json()
    assert (shown["state"], shown["version"]) == ("finished", "1.4.2")
    assert len(client.get("/api/v1/changes?kind=deploy&text=1.4").json()["items"]) == 1
    made = client.post(
        "/api/v1/change-sources", {"name": "CI", "kind": "flux"}, "application/json"
    ).json()
    assert made["secret"]
    assert "/changes/in/" in made["address"]
    path = f"/api/v1/change-sources/{made['id']}"
    changed = client.put(
        path, {"name": "CI 2", "kind": "flux", "environment": "UAT"}, "application/json"
    )
    assert (changed.json()["name"], changed.json()["environment"]) == ("CI 2", "UAT")
    assert client.post(f"{path}/keys").json()["address"] != made["address"]
    off = client.post(f"{path}/switch", {"is_on": False}, "application/json").json()
    assert off["is_enabled"] is False
    assert client.get(f"{path}/refused").json() == {"items": []}
    assert [one["name"] for one in client.get("/api/v1/change-sources").json()["items"]] == ["CI 2"]
