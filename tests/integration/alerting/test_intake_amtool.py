"""Alertmanager's own command-line tool against our side of its API."""

import json
import shutil
import subprocess
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from tests.factories.alerting import make_integration, receive, send, update
from tests.factories.catalog import make_service
from tests.integration.alerting.intake_server import running

from evenfall.alerting import actions
from evenfall.alerting.drains.expire import end_what_is_over
from evenfall.alerting.logic.matchers import parse_matchers
from evenfall.alerting.models import Alert, Integration, Silence
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import token_hash

KEY = "amtool-key-of-32-characters-long"


def make_key(now: datetime, **values: Any) -> Integration:
    return Integration.objects.create(
        name="prometheus",
        kind="prometheus",
        key_hash=token_hash(KEY),
        key_hint="long",
        created_at=now,
        **values,
    )


@pytest.mark.skipif(not shutil.which("amtool"), reason="amtool is not installed")
@pytest.mark.django_db(transaction=True)
def test_amtool_adds_alerts_and_silences_them(now: datetime) -> None:
    make_key(now)
    with running() as server:

        def amtool(*words: str) -> str:
            command = ["amtool", f"--alertmanager.url={server.url}/{KEY}", *words]
            done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
            assert done.returncode == 0, done.stderr
            return done.stdout

        amtool("alert", "add", "alertname=Down", "instance=a", "--annotation=summary=It is down")
        amtool("alert", "add", "alertname=Slow", "instance=b")
        receive(utc_now())
        assert {
            alert["labels"]["alertname"]
            for alert in json.loads(amtool("alert", "query", "-o", "json"))
        } == {"Down", "Slow"}
        assert "It is down" in amtool("alert", "query", "alertname=Down")

        silence_id = amtool(
            "silence", "add", "alertname=Down", "--comment=later", "--duration=1h"
        ).strip()
        (listed,) = json.loads(amtool("silence", "query", "-o", "json"))
        assert listed["id"] == silence_id
        assert listed["comment"].startswith("later Only alerts sent by prometheus")

        amtool("silence", "expire", silence_id)
        assert Silence.objects.get().ends_at <= utc_now()


@pytest.mark.django_db
def test_key_shows_only_what_was_sent_with_it(client: Client, now: datetime) -> None:
    own = make_key(now)
    send(own, update(key="mine", labels={"alertname": "Mine"}))
    send(make_integration(), update(key="theirs", labels={"alertname": "Theirs"}))
    receive()
    assert Alert.objects.count() == 2

    shown = client.get(f"/{KEY}/api/v2/alerts").json()

    assert [alert["labels"]["alertname"] for alert in shown] == ["Mine"]
    assert shown[0]["status"]["state"] == "active"
    assert client.get(f"/{KEY}/api/v2/alerts", {"filter": 'alertname="X"'}).json() == []
    assert client.get(f"/{KEY}/api/v2/alerts", {"active": "false"}).json() == []
    assert len(client.get(f"/{KEY}/api/v2/alerts/groups").json()[0]["alerts"]) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["status", "receivers", "alerts", "alerts/groups", "silences"])
def test_wrong_key_is_refused(path: str, client: Client) -> None:
    answer = client.get(f"/wrong/api/v2/{path}")

    assert answer.status_code == 401
    assert isinstance(answer.json(), str)


@pytest.mark.django_db
def test_status_and_health_answer_as_tools_expect(client: Client, now: datetime) -> None:
    make_key(now)

    status = client.get(f"/{KEY}/api/v2/status").json()

    assert set(status) == {"cluster", "config", "uptime", "versionInfo"}
    assert client.get(f"/{KEY}/api/v2/receivers").json() == [{"name": "evenfall"}]
    assert client.get(f"/{KEY}/-/healthy").content == b"OK"
    assert client.get(f"/{KEY}/-/ready").status_code == 200


SILENCE: dict[str, Any] = {
    "matchers": [{"name": "alertname", "value": "Down", "isRegex": False, "isEqual": True}],
    "startsAt": "2027-01-13T14:00:00Z",
    "endsAt": "2097-01-13T15:00:00Z",
    "createdBy": "ada",
    "comment": "known",
}


def post(client: Client, silence: object) -> Any:
    return client.post(
        f"/{KEY}/api/v2/silences", data=json.dumps(silence), content_type="application/json"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"matchers": []},
        {"matchers": [{"name": "a"}]},
        {"matchers": [{"name": "a", "value": "(", "isRegex": True}]},
        {"matchers": 5},
        {"endsAt": None},
        {"endsAt": "soon"},
        {"endsAt": "2020-01-01T00:00:00Z"},
        {"id": "nonsense"},
    ],
)
def test_bad_silence_is_refused_with_a_text(
    change: dict[str, Any], client: Client, now: datetime
) -> None:
    make_key(now)

    answer = post(client, SILENCE | change)

    assert answer.status_code == 400
    assert isinstance(answer.json(), str)
    assert not Silence.objects.exists()


@pytest.mark.django_db
def test_silence_of_a_services_key_covers_that_service_only(client: Client, now: datetime) -> None:
    make_key(now, service=make_service(slug="shop"))

    public_id = post(client, SILENCE).json()["silenceID"]

    shown = client.get(f"/{KEY}/api/v2/silence/{public_id}").json()
    assert {matcher["name"]: matcher["value"] for matcher in shown["matchers"]} == {
        "alertname": "Down",
        "service": "shop",
    }


@pytest.mark.django_db
def test_silence_of_a_key_without_service_covers_only_what_the_key_sent(
    client: Client, now: datetime
) -> None:
    own, other = make_key(now), make_integration()
    sent: dict[str, Any] = {"alertname": "Down", "evenfall_integration": str(own.id)}
    send(own, update(key="mine", labels={"alertname": "Down"}))
    send(other, update(key="theirs", labels=sent))
    receive()

    public_id = post(client, SILENCE | {"startsAt": utc_now().isoformat()}).json()["silenceID"]
    end_what_is_over(utc_now())
    send(own, update(key="mine too", labels={"alertname": "Down"}))
    send(other, update(key="theirs too", labels=sent))
    receive(utc_now())

    held = Alert.objects.exclude(silence_id=None).values_list("dedup_key", flat=True)
    assert set(held) == {"mine", "mine too"}
    shown = client.get(f"/{KEY}/api/v2/silence/{public_id}").json()
    assert "Only alerts sent by prometheus" in shown["comment"]
    again = post(client, shown | {"comment": shown["comment"]}).json()["silenceID"]
    assert again == public_id
    assert Silence.objects.get().comment == shown["comment"]
    assert client.delete(f"/{KEY}/api/v2/silence/{public_id}").status_code == 200


@pytest.mark.django_db
def test_key_without_service_cannot_end_the_silences_of_others(
    client: Client, now: datetime
) -> None:
    make_key(now)
    number = actions.create_silence(
        matchers=parse_matchers('team="web"'), starts_at=now, ends_at=now + timedelta(hours=1),
        by_name="Ada", now=now, actor="user:1")  # fmt: skip
    silence = Silence.objects.get(id=number)

    answer = client.delete(f"/{KEY}/api/v2/silence/{silence.public_id}")

    assert answer.status_code == 400
    assert "made with it" in answer.json()


@pytest.mark.django_db
def test_services_key_cannot_end_another_silence(client: Client, now: datetime) -> None:
    make_key(now, service=make_service(slug="shop"))
    number = actions.create_silence(
        matchers=parse_matchers('service="till"'), starts_at=now, ends_at=now + timedelta(hours=1),
        by_name="Ada", now=now, actor="user:1")  # fmt: skip
    public_id = Silence.objects.get(id=number).public_id

    answer = client.delete(f"/{KEY}/api/v2/silence/{public_id}")

    assert answer.status_code == 400
    assert client.delete(f"/{KEY}/api/v2/silence/{uuid4()}").status_code == 404
