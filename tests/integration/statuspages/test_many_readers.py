"""Many readers of a page at once, on a real web process: answered from memory, and still right."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.db import connection
from tests.factories.statuspages import make_component, make_page, make_post
from tests.integration.alerting.intake_server import Server, running

from evenfall.platform.clock import utc_now
from evenfall.statuspages import actions
from evenfall.statuspages.actions import LookWish
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.models import StatusPage

pytestmark = pytest.mark.django_db(transaction=True)
DOMAIN = "status.example.org"


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: Any) -> Iterator[Server]:
    with django_db_blocker.unblock():
        connection.ensure_connection()
        with running() as started:
            yield started


@pytest.fixture
def client(shared: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=shared.url, timeout=10, trust_env=False) as client:
        yield client


@pytest.fixture
def page(transactional_db: None) -> StatusPage:
    page = make_page(now=utc_now())
    make_component(page, now=utc_now())
    wish = LookWish(languages=[Language.EN, Language.DE], domain=DOMAIN)
    actions.change_look(status_page_id=page.pk, wish=wish, now=utc_now(), actor="system")
    return page


def test_readers_get_what_django_says(client: httpx.Client, page: StatusPage) -> None:
    address = f"/status/{page.slug}/"
    first, second = client.get(address), client.get(address)
    assert first.status_code == second.status_code == 200
    assert second.text == first.text
    assert {"date", "etag", "content-security-policy"} <= set(second.headers)
    known = client.get(address, headers={"If-None-Match": second.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    german = client.get(address, headers={"Accept-Language": "de"})
    assert "Alle Systeme sind in Betrieb" in german.text
    assert "All systems are operational" in client.get(address).text


def test_a_change_is_seen_within_seconds(client: httpx.Client, page: StatusPage) -> None:
    address = f"/status/{page.slug}/"
    client.get(address)
    make_post(page, title="Checkout is slow", now=utc_now())
    deadline = time.monotonic() + 10
    while "Checkout is slow" not in client.get(address).text:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_requests_in_a_row_are_answered_in_a_row(shared: Server, page: StatusPage) -> None:
    one = f"GET /status/{page.slug}/status.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = one.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
    with socket.create_connection(("127.0.0.1", shared.port), timeout=10) as line:
        line.sendall((one * 3 + last).encode())
        body = b"".join(iter(lambda: line.recv(65536), b""))
    assert body.count(b"HTTP/1.1 200 OK") == 4
    assert body.count(b'"sentence"') == 4


def test_a_page_on_its_own_domain_is_that_page_only(client: httpx.Client, page: StatusPage) -> None:
    other = make_page(now=utc_now())
    at = {"Host": f"{DOMAIN}:8443"}
    for _ in range(2):
        answer = client.get("/", headers=at)
        assert answer.status_code == 200
        assert "All systems are operational" in answer.text
    assert f"https://{DOMAIN}/" in client.get("/status.json", headers=at).text.replace(
        "http://", "https://"
    )
    assert client.get("/feed.atom", headers=at).status_code == 200
    assert client.get("/history.html", headers=at).status_code == 200
    for path in ("/accounts/login/", "/api/v1/alerts", f"/status/{other.slug}/", "/alerts/"):
        assert client.get(path, headers=at).status_code == 404, path
    assert client.post("/", headers=at).status_code == 404
    away = client.get("/subscribe/", headers=at)
    assert away.headers["location"].endswith(f"/status/{page.slug}/subscribe/")
    assert client.get("/", headers={"Host": "elsewhere.example.org"}).status_code == 400


def test_a_page_that_became_private_is_gone(client: httpx.Client, page: StatusPage) -> None:
    address = f"/status/{page.slug}/"
    assert client.get(address).status_code == 200
    StatusPage.objects.filter(id=page.pk).update(visibility="signed_in")
    deadline = time.monotonic() + 10
    while client.get(address).status_code != 404:
        assert time.monotonic() < deadline
        time.sleep(0.05)
