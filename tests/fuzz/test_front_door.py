"""Hostile senders, over real sockets: each gets an answer in its own format, nobody else waits.

A refused request leaves nothing, except one: a good key with a body that nobody understands is
kept, so that people hear of it.
"""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

import httpx
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.alerting import receive
from tests.integration.alerting.intake_server import Server, running

from evenfall.alerting import actions
from evenfall.alerting.actions import IntegrationDraft
from evenfall.alerting.models import Signal, SignalBatch
from evenfall.platform.clock import utc_now
from evenfall.platform.journal import recent

pytestmark = pytest.mark.django_db(transaction=True)

ANSWER_WITHIN_S = 5.0
FUZZ = settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class Sender(NamedTuple):
    """A path of senders; `is_refusal` says whether a body is how this sender hears "no".

    `header` is what comes before the key where that is in the header Authorization.
    """

    path: str
    key_field: str
    is_refusal: Callable[[Any], bool]
    header: str = ""


SENDERS = {
    "pagerduty.v2": Sender("/v2/enqueue", "routing_key", lambda no: "invalid" in no["status"]),
    "pagerduty.change": Sender(
        "/v2/change/enqueue", "routing_key", lambda no: "invalid" in no["status"]
    ),
    "pagerduty.v1": Sender(
        "/generic/2010-04-15/create_event.json",
        "service_key",
        lambda no: "invalid" in no["status"],
    ),
    "alertmanager.api": Sender("/KEY/api/v2/alerts", "", lambda no: isinstance(no, str)),
    "alertmanager.webhook": Sender("/in/KEY/alertmanager", "", lambda no: bool(no["error"])),
    "grafana": Sender("/in/KEY/grafana", "", lambda no: bool(no["message"])),
    "json": Sender("/in/KEY", "", lambda no: no["status"] == "error"),
    "datadog": Sender("/in/KEY/datadog", "", lambda no: bool(no["message"])),
    "nagios": Sender("/in/KEY/nagios", "", lambda no: bool(no["message"])),
    "uptime-kuma": Sender("/in/KEY/uptime-kuma", "", lambda no: bool(no["message"])),
    "zabbix": Sender("/in/KEY/zabbix", "", lambda no: bool(no["message"])),
    "oncall": Sender("/integrations/v1/webhook/KEY/", "", lambda no: no["status"] == "error"),
    "sentry": Sender("/in/KEY/sentry", "", lambda no: bool(no["message"])),
    "sns": Sender("/in/KEY/sns", "", lambda no: bool(no["message"])),
    "goalert": Sender("/api/v2/generic/incoming?token=KEY", "", lambda no: bool(no["message"])),
    "site24x7": Sender("/api/v2/site24x7/incoming?token=KEY", "", lambda no: bool(no["message"])),
    "opsgenie": Sender("/v2/alerts", "", lambda no: bool(no["requestId"]), "GenieKey "),
}
FIELDS = [
    *("event_action", "event_type", "dedup_key", "incident_key", "description", "payload"),
    *("summary", "source", "severity", "timestamp", "custom_details", "details", "links"),
    *("images", "contexts", "client", "labels", "annotations", "startsAt", "endsAt"),
    *("generatorURL", "alerts", "status", "fingerprint", "title", "message", "state", "tags"),
]
VALUES: list[Any] = [
    *(None, True, 0, -1, 1.5, 2**70, "", "\0", "trigger", "\ud800", "x" * 5000, [], [[]], {}),
    *([None], {"a": {"b": [1]}}, {"\0": "\0"}, "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00Z"),
]
GOOD: dict[str, Any] = {
    "pagerduty.v2": {
        "event_action": "trigger",
        "payload": {"summary": "s", "source": "x", "severity": "critical"},
    },
    "pagerduty.change": {"payload": {"summary": "s", "source": "x"}},
    "pagerduty.v1": {"event_type": "trigger", "description": "d"},
    "alertmanager.api": [{"labels": {"alertname": "Down"}, "annotations": {}}],
    "alertmanager.webhook": {
        "version": "4",
        "alerts": [{"status": "firing", "labels": {"a": "b"}}],
    },
    "grafana": {"alerts": [{"status": "firing", "labels": {"a": "b"}}]},
    "json": {"title": "t"},
    "opsgenie": {"message": "m", "alias": "a"},
    "datadog": {"alert_transition": "Triggered", "event_title": "t"},
    "nagios": {"type": "PROBLEM", "host": "h", "state": "CRITICAL"},
    "uptime-kuma": {"heartbeat": {"status": 0}, "monitor": {"id": 1}, "msg": "m"},
    "zabbix": {"event_id": "1", "event_value": "1"},
    "oncall": {"title": "t"},
    "sentry": {"action": "resolved", "data": {"issue": {"id": "1"}}},
    "sns": {"Type": "Notification", "Message": "m"},
    "goalert": {"summary": "s"},
    "site24x7": {"MONITORNAME": "m", "STATUS": "DOWN"},
}
AWKWARD = [
    b"",
    b"{",
    b"null",
    b"\x00\xff",
    b"\xef\xbb\xbf{}",
    b"[" * 200_000,
    b'{"payload":' * 20_000,
    b'{"routing_key":"KEY","routing_key":"other","service_key":"KEY","service_key":1}',
    b'{"routing_key":"KEY","service_key":"KEY","payload":1e999,"summary":1e999}',
    b'{"routing_key":"KEY","service_key":"KEY","event_action":' + b"9" * 6000 + b"}",
    b'{"routing_key":"KEY","service_key":"KEY","details":' + b"[" * 900 + b"]" * 900 + b"}",
    b'{"routing_key":"wrong\\u0000","service_key":"wrong\\ud800"}',
    b'[{"labels":{"\\u0000":"\\ud800"},"startsAt":1e308}]',
    b'{"alerts":' + json.dumps([{"labels": {"n": str(n)}} for n in range(5000)]).encode() + b"}",
]


@pytest.fixture(scope="module")
def door(django_db_setup: None, django_db_blocker: Any) -> Iterator[Server]:
    with django_db_blocker.unblock():
        connection.ensure_connection()
        with running() as started:
            yield started


@pytest.fixture
def key(transactional_db: None, door: Server, now: datetime) -> str:
    draft = IntegrationDraft(name="fuzz", kind="prometheus")
    _, made = actions.create_integration(draft=draft, now=now, actor="system")
    path = f"{door.url}/{made}/api/v2/alerts"
    eventually(lambda: httpx.post(path, json=[]).status_code == 200)
    return made


@pytest.fixture
def client(door: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=door.url, timeout=ANSWER_WITHIN_S) as client:
        yield client


def eventually(check: Callable[[], bool], within_s: float = 10.0) -> None:
    deadline = time.monotonic() + within_s
    while not check():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def post(client: httpx.Client, name: str, body: bytes, key: str) -> httpx.Response:
    """Send it; whatever the answer is, it is one that this sender understands."""
    sender = SENDERS[name]
    headers = {b"Authorization": (sender.header + key).encode()} if sender.header else {}
    answer = client.post(sender.path.replace("KEY", key), content=body, headers=headers)
    fine = {200, 202, 204, 400, 401, 404, 413, 422}
    assert answer.status_code in fine, (name, body[:200], answer.text)
    if answer.status_code >= 400:
        assert SENDERS[name].is_refusal(answer.json()), answer.text
    return answer


def with_key(name: str, sent: Any, key: str) -> Any:
    field = SENDERS[name].key_field
    return {**sent, field: key} if field and isinstance(sent, dict) else sent


def check_stored(answers: list[httpx.Response]) -> None:
    """Everything stored can be worked on, and what was refused is kept as not understood."""
    refused = sum(answer.status_code >= 400 for answer in answers)
    assert Signal.objects.filter(unparsed=True).count() <= refused
    assert Signal.objects.count() <= len(answers)
    receive(utc_now())
    assert not SignalBatch.objects.exists()


@pytest.mark.parametrize("name", SENDERS)
def test_wrong_types_in_each_field(name: str, key: str, client: httpx.Client) -> None:
    answers = []
    for field in FIELDS:
        for value in VALUES:
            for sent in (_top(name, field, value), _inner(name, field, value)):
                body = json.dumps(with_key(name, sent, key)).encode()
                answers.append(post(client, name, body, key))
    check_stored(answers)


def _top(name: str, field: str, value: Any) -> Any:
    good = GOOD[name]
    return [{**good[0], field: value}] if isinstance(good, list) else {**good, field: value}


def _inner(name: str, field: str, value: Any) -> Any:
    """The value one level deeper, where the format has one."""
    good = GOOD[name]
    if isinstance(good, list):
        return [{**good[0], "labels": {"a": "b", field: value}}]
    if "payload" in good:
        return {**good, "payload": {**good["payload"], field: value}}
    alert = {"status": "firing", "labels": {"a": "b"}, field: value}
    return {**good, "alerts": [alert]} if "alerts" in good else [{**good, field: value}]


@pytest.mark.parametrize("name", SENDERS)
def test_any_bytes_and_any_json(name: str, key: str, client: httpx.Client) -> None:
    answers: list[httpx.Response] = []
    scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    anything = st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(FIELDS) | st.text(), inner, max_size=5)
        ),
        max_leaves=15,
    )

    @FUZZ
    @given(body=st.binary(max_size=300) | anything)
    def check(body: Any) -> None:
        sent = body if isinstance(body, bytes) else json.dumps(with_key(name, body, key)).encode()
        answers.append(post(client, name, sent, key))

    check()
    check_stored(answers)


@pytest.mark.parametrize("name", SENDERS)
def test_awkward_and_truncated_bodies(name: str, key: str, client: httpx.Client) -> None:
    whole = json.dumps(with_key(name, GOOD[name], key)).encode()
    truncated = [whole[:length] for length in range(1, len(whole), 7)]
    bodies = [body.replace(b"KEY", key.encode()) for body in AWKWARD] + truncated
    answers = [post(client, name, body, key) for body in bodies]

    assert all(answer.status_code >= 400 for answer in answers[-len(truncated) :])
    check_stored(answers)


@pytest.mark.parametrize("name", SENDERS)
def test_oversized_and_wrongly_keyed_leave_nothing(
    name: str, key: str, client: httpx.Client
) -> None:
    assert post(client, name, b"x" * 8_100_000, key).status_code == 413
    wrong = [key[:-1], key + "x", key.upper(), "%00", "x" * 5000, "%ed%a0%80", "\N{SNOWMAN}"]
    for other in wrong:
        body = json.dumps(with_key(name, GOOD[name], other)).encode()
        assert post(client, name, body, other).status_code in {400, 401, 404}, other
    assert not Signal.objects.exists()


def test_unknown_keys_with_awkward_ends_are_still_told_of(
    key: str, client: httpx.Client, door: Server
) -> None:
    """Pipelined requests go the slow way, where the path is decoded."""
    one = b"POST /in/bad%00%ff HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
    with raw(door) as wire:
        wire.sendall(one * 3)
        assert read(wire, until=3).count(b" 404 ") == 3
    client.post("/v2/enqueue", content=b'{"routing_key":"bad\\u0000","event_action":"trigger"}')
    eventually(lambda: bool(recent(kinds=["alerting.unknown_keys_began"])))


READS = ["alerts", "alerts/groups", "silences", "status", "receivers"]


@pytest.mark.parametrize("what", READS)
def test_read_side_of_alertmanager_takes_any_query(
    what: str, key: str, client: httpx.Client
) -> None:
    for query in ("filter=%00", "filter={{{", "filter=a=~(", "filter=a=~" + "(a%2B)%2B" * 20):
        answer = client.get(f"/{key}/api/v2/{what}?{query}&active=x&silenced=")
        assert answer.status_code in {200, 400}, (query, answer.text[:200])
    assert client.get(f"/wrong{key}/api/v2/{what}").status_code in {401, 404}


def test_silences_of_amtool_take_anything(key: str, client: httpx.Client) -> None:
    good = {
        "matchers": [{"name": "a", "value": "b", "isRegex": False}],
        "startsAt": "2027-01-01T00:00:00Z",
        "endsAt": "2127-01-01T00:00:00Z",
        "createdBy": "x",
        "comment": "y",
    }
    bodies = [json.dumps({**good, field: value}) for field in (*good, "id") for value in VALUES]
    bodies += [json.dumps({**good, "matchers": [{"name": n, "value": n}]}) for n in VALUES]
    bodies += [body.decode("latin-1") for body in AWKWARD]
    for body in bodies:
        answer = client.post(f"/{key}/api/v2/silences", content=body.encode("latin-1", "replace"))
        assert answer.status_code in {200, 400, 404}, (body[:200], answer.text[:200])
        assert answer.status_code == 200 or isinstance(answer.json(), str)
    for bad in ("x", "00000000-0000-4000-8000-000000000000", "%00"):
        assert client.delete(f"/{key}/api/v2/silence/{bad}").status_code in {400, 404}


def test_broken_http_never_hangs_and_never_harms_others(
    key: str, door: Server, client: httpx.Client
) -> None:
    path = f"/in/{key}".encode()
    head = b"POST " + path + b" HTTP/1.1\r\nHost: x\r\n"
    broken = [
        head + b"Content-Length: -1\r\n\r\n{}",
        head + b"Content-Length: 99999999999999999999999\r\n\r\n{}",
        head + b"Content-Length: two\r\n\r\n{}",
        head + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        head + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}",
        head + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        head + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        head + b"A" * 200_000 + b": x\r\n\r\n",
        head + b"".join(b"X-%d: y\r\n" % number for number in range(30_000)) + b"\r\n",
        head + b"No colon\r\n\r\n",
        head + b"X: a\0b\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /" + b"a" * 2_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST " + path + b" HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\r\n" * 50_000,
        b"\0" * 10_000,
    ]
    for sent in broken:
        with raw(door) as wire:
            send_some(wire, sent)
            answer = read(wire)
        assert not answer or answer.split(b" ")[1] in {b"400", b"404", b"413", b"414", b"431"}, (
            sent[:100],
            answer[:200],
        )
        assert client.post(f"/in/{key}", json=[]).status_code in {202, 400}
    assert not Signal.objects.filter(unparsed=False).exists()


def test_slow_and_silent_clients_hold_nobody_up(
    key: str, door: Server, client: httpx.Client
) -> None:
    half = f"POST /in/{key} HTTP/1.1\r\nHost: x\r\nContent-Length: 13\r\n\r\n".encode()
    slow = [socket.create_connection(("127.0.0.1", door.port)) for _ in range(100)]
    for number, wire in enumerate(slow):
        wire.sendall(half[: number + 1] if number % 2 else half + b'{"title"')
    started = time.monotonic()
    assert client.post(f"/in/{key}", json={"title": "t"}).status_code == 202
    assert time.monotonic() - started < ANSWER_WITHIN_S
    for wire in slow:
        wire.close()
    assert Signal.objects.count() == 1


def test_old_http_and_odd_chunks_are_read(key: str, door: Server) -> None:
    path = f"/in/{key}"
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in b'{"title":"t"}') + b"0\r\n\r\n"
    good = [
        f"POST {path} HTTP/1.0\r\nContent-Length: 2\r\n\r\n{{}}".encode(),
        f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + chunks,
        f"POST {path}?a=%00&b[]=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}".encode(),
    ]
    for sent in good:
        with raw(door) as wire:
            wire.sendall(sent)
            assert read(wire).split(b" ")[1] == b"202"


@contextmanager
def raw(door: Server) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", door.port), timeout=ANSWER_WITHIN_S) as wire:
        yield wire


def send_some(wire: socket.socket, sent: bytes) -> None:
    """Send until the other side has had enough, then say that nothing follows."""
    try:
        wire.sendall(sent)
        wire.shutdown(socket.SHUT_WR)
    except OSError:
        return


def read(wire: socket.socket, until: int = 1) -> bytes:
    """Read until so many answers are there or the connection ends; a reset is an end."""
    received = b""
    while received.count(b"HTTP/1.1 ") < until or b"\r\n\r\n" not in received:
        try:
            part = wire.recv(65536)
        except ConnectionError:
            break
        if not part:
            break
        received += part
    return received
