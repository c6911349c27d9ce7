"""The front door over real sockets: formats, answers, limits, and what a crash leaves."""

import contextlib
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from django.db import connection, transaction
from tests.factories.alerting import receive
from tests.integration.alerting.intake_server import Server, running

from evenfall.alerting import actions, queries
from evenfall.alerting.actions import IntegrationDraft
from evenfall.alerting.models import Integration, Signal, SignalBatch
from evenfall.alerting.models.signal_queue import announce_closed, take_signals
from evenfall.alerting.ports import wire
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db(transaction=True)

ALERTS = [{"labels": {"alertname": "Down", "instance": "a"}, "annotations": {"summary": "s"}}]


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: Any) -> Iterator[Server]:
    """One web process for all tests that leave it alive; it hears of their keys by itself."""
    with django_db_blocker.unblock():
        connection.ensure_connection()
        with running() as started:
            yield started


@pytest.fixture
def client(shared: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=shared.url, timeout=10) as client:
        yield client


@pytest.fixture
def key(transactional_db: None, shared: Server, now: datetime) -> str:
    """The key of an integration that the shared process knows."""
    return known_key(shared, now)


def known_key(server: Server, now: datetime, name: str = "tests") -> str:
    made = new_key(now, name)
    assert httpx.post(f"{server.url}/{made}/api/v2/alerts", json=[]).status_code == 200
    return made


def new_key(now: datetime, name: str = "tests") -> str:
    draft = IntegrationDraft(name=name, kind="prometheus")
    _, made = actions.create_integration(draft=draft, now=now, actor="system")
    return made


def eventually(check: Callable[[], bool], within_s: float = 10.0) -> None:
    deadline = time.monotonic() + within_s
    while not check():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def event(key: str, **changes: Any) -> dict[str, Any]:
    payload = {"summary": "s", "source": "x", "severity": "critical"}
    return {"routing_key": key, "event_action": "trigger", "payload": payload} | changes


def test_each_path_stores_the_body_as_received(key: str, client: httpx.Client) -> None:
    webhook = {"version": "4", "alerts": [{"status": "firing", "labels": {"a": "b"}}]}
    posts = [
        ("/v2/enqueue", event(key, dedup_key="d"), 202, "pagerduty.v2"),
        ("/v2/change/enqueue", event(key), 202, "pagerduty.change"),
        (
            "/generic/2010-04-15/create_event.json",
            {"service_key": key, "event_type": "trigger", "description": "d"},
            200,
            "pagerduty.v1",
        ),
        (f"/{key}/api/v2/alerts", ALERTS, 200, "alertmanager.api"),
        (f"/in/{key}/alertmanager", webhook, 200, "alertmanager.webhook"),
        (f"/in/{key}/grafana/", webhook, 200, "grafana.webhook"),
        (f"/in/{key}", {"title": "t"}, 202, "json"),
    ]
    for path, sent, status, _ in posts:
        assert client.post(path, json=sent).status_code == status, path

    stored = Signal.objects.order_by("received_at", "id")
    assert [signal.format for signal in stored] == [post[3] for post in posts]
    assert [json.loads(bytes(signal.body)) for signal in stored] == [post[1] for post in posts]
    assert not any(signal.unparsed for signal in stored)


def test_request_of_opsgenie_is_stored_with_its_head(key: str, client: httpx.Client) -> None:
    headers = {"Authorization": f"GenieKey {key}"}
    made = client.post("/v2/alerts?a=b", json={"message": "m", "alias": "x"}, headers=headers)
    closed = client.post("/v2/alerts/x/close?identifierType=alias", headers=headers)
    wrong = client.post("/v2/alerts", json={"message": "m"})
    noted = client.post("/v2/alerts/x/notes", json={"note": "n"}, headers=headers)

    assert [one.status_code for one in (made, closed, wrong, noted)] == [202, 202, 401, 422]
    first, second = Signal.objects.order_by("received_at", "id")
    assert bytes(first.body).startswith(b"POST /v2/alerts?a=b\r\n\r\n{")
    assert bytes(second.body) == b"POST /v2/alerts/x/close?identifierType=alias\r\n\r\n"
    asked = f"/v2/alerts/requests/{made.json()['requestId']}"
    assert client.get(asked, headers=headers).status_code == 404
    receive(utc_now())
    assert client.get(asked, headers=headers).json()["data"]["status"] == "Created alert"


def test_pipelined_request_of_opsgenie_has_the_same_head(key: str, shared: Server) -> None:
    """Pipelined requests go the slow way."""
    one = (
        f"POST /v2/alerts/a%2Fb/close?identifierType=alias HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: GenieKey {key}\r\nContent-Length: 2\r\n\r\n{{}}"
    ).encode()
    get = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"

    answer = exchange(shared.port, get + one + one, answers=3)

    assert re.findall(rb"HTTP/1\.1 (\d+)", answer) == [b"200", b"202", b"202"]
    expected = b"POST /v2/alerts/a%2Fb/close?identifierType=alias\r\n\r\n{}"
    assert {bytes(signal.body) for signal in Signal.objects.all()} == {expected}


def test_what_cannot_be_understood_is_stored_and_refused(key: str, client: httpx.Client) -> None:
    posts = [
        (f"/{key}/api/v2/alerts", b"{", 400),
        (f"/in/{key}", b"\x00\xff", 400),
        (f"/in/{key}/grafana", b"[" * 10_000, 400),
        ("/v2/enqueue", json.dumps(event(key, payload=None)).encode(), 400),
    ]
    for path, body, status in posts:
        assert client.post(path, content=body).status_code == status, path

    stored = Signal.objects.order_by("received_at", "id")
    assert [bytes(signal.body) for signal in stored] == [body for _, body, _ in posts]
    assert all(signal.unparsed for signal in stored)


def test_unknown_keys_are_refused_in_the_senders_words(key: str, client: httpx.Client) -> None:
    del key
    answers = [
        client.post("/v2/enqueue", json=event("wrong")),
        client.post("/v2/enqueue", json={"event_action": "trigger"}),
        client.post("/wrong/api/v2/alerts", json=ALERTS),
        client.post("/in/wrong/alertmanager", json={"alerts": []}),
        client.post("/in/wrong", json={}),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 401, 401, 404]
    assert answers[0].json()["status"] == "invalid event"
    assert not Signal.objects.exists()


def test_a_key_is_good_from_the_moment_it_was_made(
    key: str, client: httpx.Client, now: datetime
) -> None:
    del key
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # nobody is told of it
        made = new_key(now, "unheard")

    assert client.post(f"/in/{made}", json={}).status_code == 202
    made = new_key(now, "heard in the body")
    assert client.post("/v2/enqueue", json=event(made)).status_code == 202


def test_refused_keys_are_counted_for_people(key: str, client: httpx.Client) -> None:
    del key
    for _ in range(2):
        client.post("/in/rotated", json={})

    def counted() -> int:
        found = queries.unknown_keys(now=utc_now())
        return found.count if found else 0

    eventually(lambda: counted() >= 2)


def test_too_large_is_413_and_stores_nothing(key: str, client: httpx.Client) -> None:
    small, large = b'{"title":"' + b"x" * 400_000 + b'"}', b"x" * 600_000
    posts = [
        (client.post(f"/in/{key}", content=small), 202),
        (client.post(f"/in/{key}", content=large), 413),
        (client.post("/v2/enqueue", content=large), 413),
        (client.post(f"/{key}/api/v2/alerts", content=large), 400),
        (client.post(f"/{key}/api/v2/alerts", content=large * 15), 413),
        (client.post(f"/in/{key}", content=iter([large[:300_000], large])), 413),
    ]

    assert [answer.status_code for answer, _ in posts] == [status for _, status in posts]
    assert Signal.objects.count() == 2
    assert client.post(f"/in/{key}", json={}).status_code == 202


def test_repeat_is_not_stored_until_its_alert_closes(
    key: str, client: httpx.Client, now: datetime
) -> None:
    del now
    path = f"/{key}/api/v2/alerts"
    for _ in range(3):
        assert client.post(path, json=ALERTS).status_code == 200
    assert Signal.objects.count() == 1

    with transaction.atomic():
        integration_id = Integration.objects.get().id
        announce_closed([(integration_id, wire.label_key(ALERTS[0]["labels"]))])
    eventually(lambda: bool(client.post(path, json=ALERTS)) and Signal.objects.count() == 2)


def test_two_senders_of_the_same_alert_are_both_stored(
    key: str, shared: Server, client: httpx.Client, now: datetime
) -> None:
    other = known_key(shared, now, "other")
    for sender in (key, other, key, other):
        assert client.post(f"/{sender}/api/v2/alerts", json=ALERTS).status_code == 200

    assert Signal.objects.values("integration_id").distinct().count() == 2
    assert Signal.objects.count() == 2


def test_old_key_works_beside_the_new_one_until_it_ends(key: str, client: httpx.Client) -> None:
    integration_id, now = Integration.objects.get().id, utc_now()
    fresh = actions.rotate_key(integration_id=integration_id, now=now, actor="system")

    assert client.post(f"/in/{fresh}", json={}).status_code == 202
    assert client.post(f"/in/{key}", json={}).status_code == 202

    Integration.objects.update(previous_key_until=now - timedelta(days=3650))
    eventually(lambda: client.post(f"/in/{key}", json={}).status_code == 404)
    assert client.post(f"/in/{fresh}", json={}).status_code == 202


def test_disabled_integration_is_turned_away(key: str, client: httpx.Client, now: datetime) -> None:
    integration_id = Integration.objects.get().id
    assert client.post(f"/in/{key}", json={}).status_code == 202

    actions.switch_integration(
        integration_id=integration_id, enabled=False, now=now, actor="system"
    )
    eventually(lambda: client.post(f"/in/{key}", json={}).status_code == 404)


def test_kill_after_the_last_answer_loses_nothing(transactional_db: None, now: datetime) -> None:
    with running() as server:
        accepted = flood(server, known_key(server, now))
        server.kill()

    assert accepted == 480
    assert Signal.objects.count() == 480
    assert sum(SignalBatch.objects.values_list("size", flat=True)) == 480


def flood(server: Server, key: str) -> int:
    """Send 480 signals over eight connections; return how many were accepted."""

    def send(sender: int) -> int:
        accepted = 0
        with httpx.Client(base_url=server.url, timeout=10) as own:
            for number in range(60):
                title = {"title": f"{sender}-{number}"}
                accepted += own.post(f"/in/{key}", json=title).status_code == 202
        return accepted

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(send, range(8)))


def test_kill_in_the_middle_loses_nothing_that_was_answered(
    transactional_db: None, now: datetime
) -> None:
    answered: list[str] = []

    def send(path: str, sender: int) -> None:
        with httpx.Client(timeout=10) as own:
            for number in range(10_000):
                try:
                    own.post(path, json={"title": f"{sender}-{number}"}).raise_for_status()
                except httpx.HTTPError:
                    return
                answered.append(f"{sender}-{number}")

    with running() as server, ThreadPoolExecutor(8) as pool:
        path = f"{server.url}/in/{known_key(server, now)}"
        senders = [pool.submit(send, path, sender) for sender in range(8)]
        eventually(lambda: len(answered) > 300)
        server.kill()
        for sender in senders:
            sender.result()

    bodies = Signal.objects.values_list("body", flat=True)
    assert set(answered) <= {json.loads(bytes(body))["title"] for body in bodies}


def test_queue_hands_out_signals_in_the_order_received(key: str, client: httpx.Client) -> None:
    for number in range(5):
        client.post(f"/in/{key}", json={"title": str(number)})

    with transaction.atomic():
        taken = take_signals()

    assert [json.loads(signal.body)["title"] for signal in taken] == list("01234")
    assert not SignalBatch.objects.exists()


def test_lost_database_connections_come_back_each_time(key: str, client: httpx.Client) -> None:
    statuses: list[int] = []

    def accepted() -> bool:
        answer = client.post(f"/in/{key}", json={"title": str(len(statuses))})
        statuses.append(answer.status_code)
        assert answer.status_code == 202 or "retry-after" in answer.headers
        return answer.status_code == 202

    rounds = 5
    for _ in range(rounds):  # the next socket often has the number of the one that was lost
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        eventually(accepted)
    assert set(statuses) <= {202, 503}
    assert Signal.objects.count() == rounds
    connection.close()
    # ours lost its connections, too: the next test begins with new ones
    connection.close_pool()  # type: ignore[attr-defined] # PostgreSQL has it


def test_pipelined_requests_are_answered_in_order(key: str, shared: Server) -> None:
    post = (
        f"POST /in/{key} HTTP/1.1\r\nHost: x\r\nContent-Length: 13\r\n\r\n".encode()
        + b'{"title":"p"}'
    )
    get = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"

    answer = exchange(shared.port, post + get + post + post + get, answers=5)

    statuses = re.findall(rb"HTTP/1\.1 (\d+)", answer)
    assert statuses == [b"202", b"200", b"202", b"202", b"200"]
    assert Signal.objects.count() == 3


def test_expectation_is_met_and_encodings_are_refused(key: str, shared: Server) -> None:
    head = f"POST /in/{key} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n".encode()

    assert b"100 Continue" in exchange(shared.port, head + b"Expect: 100-continue\r\n\r\n")
    assert b" 400 " in exchange(shared.port, head + b"Content-Encoding: gzip\r\n\r\n{}")
    assert not Signal.objects.exists()


@pytest.mark.parametrize("path", ["/in/KEY", "/no/such/page"])
def test_offer_of_another_protocol_is_declined_and_the_body_read(
    path: str, key: str, shared: Server
) -> None:
    offer = (
        f"POST {path.replace('KEY', key)} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n"
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n\r\n"
    ).encode()

    answer = exchange(shared.port, offer + b'{"title":"h"}')

    assert answer.startswith(b"HTTP/1.1 202" if "KEY" in path else b"HTTP/1.1 4")
    assert Signal.objects.filter(unparsed=False).count() == ("KEY" in path)


def test_body_in_chunks_is_put_together(key: str, shared: Server) -> None:
    head = f"POST /in/{key} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()

    answer = exchange(shared.port, head + b'5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n')

    assert answer.startswith(b"HTTP/1.1 202")
    assert bytes(Signal.objects.get().body) == b'{"a":1}'


@pytest.mark.parametrize(
    "request_",
    [
        b"GARBAGE\r\n\r\n",
        b"CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /in/k HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        b"POST /in/k HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    ],
)
def test_what_is_no_honest_http_is_400(request_: bytes, key: str, shared: Server) -> None:
    del key

    assert exchange(shared.port, request_).startswith(b"HTTP/1.1 400")


def test_http_1_0_and_close_are_honoured(key: str, shared: Server) -> None:
    old = f"POST /in/{key} HTTP/1.0\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    closing = old.replace(b"HTTP/1.0", b"HTTP/1.1\r\nHost: x\r\nConnection: close")

    assert b"connection: close" in exchange(shared.port, old)
    assert b"connection: close" in exchange(shared.port, closing)


def test_other_paths_and_methods_are_djangos(key: str, client: httpx.Client) -> None:
    assert client.get("/livez").text == "ok\n"
    assert client.get("/v2/enqueue").status_code == 404
    assert client.post("/no/such/page", content=b"x").status_code in {403, 404}
    assert client.put(f"/in/{key}/grafana", json={"alerts": []}).status_code == 200


def test_last_signal_is_noted(key: str, client: httpx.Client) -> None:
    client.post(f"/in/{key}", content=b"nonsense")

    eventually(lambda: Integration.objects.get().last_signal_at is not None, within_s=15)
    eventually(lambda: "not JSON" in Integration.objects.get().last_error)


def exchange(port: int, sent: bytes, answers: int = 1) -> bytes:
    """Send bytes and return what comes back, up to so many answers."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        raw.sendall(sent)
        received = b""
        while received.count(b"HTTP/1.1 ") < answers or b"\r\n\r\n" not in received:
            part = raw.recv(65536)
            if not part:
                break
            received += part
        raw.settimeout(0.3)
        with contextlib.suppress(TimeoutError):
            received += raw.recv(65536)
        return received
