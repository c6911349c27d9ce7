"""Metric sources on pages and over the API: what is shown, and to whom."""

from collections.abc import Iterator

import pytest
from django.test import Client
from tests.factories.identity import make_token, make_user, signed_in
from tests.factories.telemetry import MetricServer, make_source, metric_server

from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.telemetry.models import MetricSource

pytestmark = pytest.mark.django_db
PAGES = "/sources/"
ALL = "/api/v1/metric-sources"


@pytest.fixture
def server() -> Iterator[MetricServer]:
    with metric_server() as running:
        yield running


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user("Max", "manager"))


def said(server: MetricServer, **more: str) -> dict[str, str]:
    return {"name": "Main", "kind": "prometheus", "url": server.url, **more}


def test_a_source_is_added_tested_tried_changed_and_removed(
    server: MetricServer, manager: Client
) -> None:
    assert "No source yet" in manager.get(PAGES).content.decode()
    made = manager.post(f"{PAGES}new/", said(server, secret="t0ken-of-ops"), follow=True)
    shown = made.content.decode()
    assert "It answers: Prometheus 3.0.0" in shown
    assert "t0ken-of-ops" not in shown
    row = MetricSource.objects.get()
    one = f"{PAGES}{row.pk}/"
    server.answer = lambda _: [{"metric": {"job": "till"}, "values": [[60, "1.5"]]}]
    tried = manager.post(one, {"query": "up"}).content.decode()
    assert 'job="till"' in tried.replace("&quot;", '"')
    assert "unclosed" in manager.post(one, {"query": "rate(x[5m]"}).content.decode()
    server.answer = lambda _: []
    assert "unknown" in manager.post(one, {"query": "up"}).content.decode()
    manager.post(f"{one}edit/", said(server, tenant="b"))
    row.refresh_from_db()
    assert (row.tenant, row.secret) == ("b", "t0ken-of-ops")
    manager.post(f"{one}edit/", {**said(server), "url": "https://other.example.org"})
    row.refresh_from_db()
    assert row.secret == ""
    refused = manager.post(f"{one}test/", follow=True).content.decode()
    assert "It does not answer" in refused
    assert "Does not answer since" in refused
    manager.post(f"{one}remove/")
    assert not MetricSource.objects.exists()


def test_what_is_wrong_is_said_at_its_field(server: MetricServer, manager: Client) -> None:
    make_source(server.url, "Main")
    taken = manager.post(f"{PAGES}new/", said(server, name="main"))
    assert (taken.status_code, "already" in taken.content.decode()) == (422, True)
    wrong = manager.post(f"{PAGES}new/", said(server, name="B", url="prometheus:9090"))
    assert "such as https://prometheus.example.org" in wrong.content.decode()
    pem = manager.post(f"{PAGES}new/", said(server, name="C", authority="nonsense"))
    assert "BEGIN CERTIFICATE" in pem.content.decode()
    public = said(server, name="D", url="http://203.0.113.9", secret="x")
    assert "Only https" in manager.post(f"{PAGES}new/", public).content.decode()


def test_observers_look_and_only_managers_of_the_site_change(server: MetricServer) -> None:
    source = make_source(server.url)
    observer = signed_in(make_user("Olga", "observer"))
    assert observer.get(PAGES).status_code == 200
    assert observer.get(f"{PAGES}{source}/").status_code == 200
    for path in ("new/", f"{source}/edit/", f"{source}/remove/", f"{source}/test/", f"{source}/"):
        assert observer.post(PAGES + path, {"query": "up"}).status_code == 403


def test_the_api_speaks_of_everything_but_the_secret(server: MetricServer) -> None:
    person = make_user("Mia", "manager")
    token = make_token(person, scopes=tuple(Permission), now=utc_now())
    client = Client(headers={"Authorization": f"Bearer {token}"})
    json = "application/json"
    made = client.post(ALL, said(server, secret="t0ken"), content_type=json)
    assert (made.status_code, made.json()["has_secret"]) == (201, True)
    one = f"{ALL}/{made.json()['id']}"
    changed = client.put(one, said(server, name="Other"), content_type=json).json()
    assert (changed["name"], changed["has_secret"]) == ("Other", True)
    assert client.get(ALL).json()["items"] == [client.get(one).json()]
    unknown = client.put(one, said(server, kind="graphite"), content_type=json)
    assert unknown.json()["code"] == "telemetry.source_kind_unknown"
    assert client.delete(one).status_code == 204
    assert client.get(one).json()["code"] == "telemetry.source_not_found"
