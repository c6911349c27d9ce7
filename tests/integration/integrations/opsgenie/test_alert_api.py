"""Opsgenie's Alert API through the pipeline, and what its clients may ask."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from tests.factories.alerting import NIGHT, receive, send
from tests.factories.senders import KEY, make_keyed, through_door

from evenfall.alerting.drains.expire import end_what_is_over
from evenfall.alerting.models import Alert, Integration, Signal, Silence
from evenfall.integrations.opsgenie import answers
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
HEADERS = {"Authorization": f"GenieKey {KEY}"}


@pytest.fixture
def integration() -> Integration:
    return make_keyed("opsgenie", now=NIGHT)


def posted(
    integration: Integration, url: str, body: object = None, *, minutes: int = 0, read: bool = True
) -> str:
    """Send it in, have it read; return its request id."""
    at = NIGHT + timedelta(minutes=minutes)
    _, name, stored = through_door(url, body or {}, headers=HEADERS)
    send(integration, body=stored, format_name=name, at=at)
    if read:
        receive(at)
    return answers.request_id(stored, at)


def status(client: Client, request_id: str) -> dict[str, object]:
    answer = client.get(f"/v2/alerts/requests/{request_id}", headers=HEADERS)
    assert answer.status_code == 200, answer.content
    data: dict[str, object] = answer.json()["data"]
    return data


def alerts() -> list[tuple[str, str, int]]:
    return list(Alert.objects.order_by("id").values_list("dedup_key", "state", "count"))


def test_alert_is_opened_counted_acknowledged_and_closed(integration: Integration) -> None:
    made = {"message": "Disk is full", "alias": "disk", "priority": "P1"}
    posted(integration, "/v2/alerts", made)
    posted(integration, "/v2/alerts", made, minutes=1)
    posted(integration, "/v2/alerts/disk/acknowledge?identifierType=alias", minutes=2)
    assert alerts() == [("disk", "acknowledged", 2)]
    posted(integration, "/v2/alerts/disk/close?identifierType=alias", minutes=3)
    posted(integration, "/v2/alerts", made, minutes=4)
    assert alerts() == [("disk", "resolved", 2), ("disk", "open", 1)]


def test_alert_is_closed_by_our_id_and_by_its_number(integration: Integration) -> None:
    for alias in "abc":
        posted(integration, "/v2/alerts", {"message": alias, "alias": alias})
    one, other, _ = Alert.objects.order_by("id").values_list("id", flat=True)

    posted(integration, f"/v2/alerts/{UUID(int=one)}/close", minutes=1)
    posted(integration, f"/v2/alerts/{other}/close?identifierType=tiny", minutes=1)

    assert [state for _, state, _ in alerts()] == ["resolved", "resolved", "open"]


def test_alert_of_another_key_cannot_be_closed_by_its_number(integration: Integration) -> None:
    posted(integration, "/v2/alerts", {"message": "m", "alias": "a"})
    other = make_keyed("opsgenie", now=NIGHT, key="another key of thirty-two letters")

    posted(other, f"/v2/alerts/{Alert.objects.get().id}/close?identifierType=tiny", minutes=1)

    assert alerts() == [("a", "open", 1)]


def test_request_status_tells_the_truth(integration: Integration, client: Client) -> None:
    made = {"message": "Disk is full", "alias": "disk"}
    first = posted(integration, "/v2/alerts", made)
    again = posted(integration, "/v2/alerts", made, minutes=1)
    taken = posted(integration, "/v2/alerts/disk/acknowledge?identifierType=alias", minutes=2)
    closed = posted(integration, "/v2/alerts/disk/close?identifierType=alias", minutes=3)
    late = posted(integration, "/v2/alerts/disk/close?identifierType=alias", minutes=4)
    wrong = posted(integration, "/v2/alerts/disk/close", minutes=5)
    alert_id = str(UUID(int=Alert.objects.get().id))

    told = [status(client, one) for one in (first, again, taken, closed)]
    assert [one["status"] for one in told] == [
        "Created alert",
        "Alert is open already, its count was raised",
        "Acknowledged alert",
        "Closed alert",
    ]
    assert {(one["isSuccess"], one["alertId"], one["alias"]) for one in told} == {
        (True, alert_id, "disk")
    }
    assert told[0]["action"] == "Create"
    assert (status(client, late)["isSuccess"], status(client, late)["status"]) == (
        False,
        "Alert does not exist",
    )
    assert status(client, wrong)["isSuccess"] is False


def test_request_that_is_not_read_yet_or_not_ours_is_not_found(
    integration: Integration, client: Client
) -> None:
    waiting = posted(integration, "/v2/alerts", {"message": "m"}, read=False)
    make_keyed("opsgenie", now=NIGHT, key="another key of thirty-two letters")
    theirs = {"Authorization": "GenieKey another key of thirty-two letters"}

    for request_id, headers in ((waiting, HEADERS), (str(UUID(int=7)), HEADERS)):
        answer = client.get(f"/v2/alerts/requests/{request_id}", headers=headers)
        assert answer.status_code == 404
        assert "not be processed, yet" in answer.json()["message"]
    receive(NIGHT)
    assert client.get(f"/v2/alerts/requests/{waiting}", headers=HEADERS).status_code == 200
    assert client.get(f"/v2/alerts/requests/{waiting}", headers=theirs).status_code == 404


@pytest.mark.parametrize("by", ["alias", "id", "tiny"])
def test_alert_is_shown_to_its_sender(by: str, integration: Integration, client: Client) -> None:
    sent = {"message": "Disk is full", "alias": "disk", "tags": ["a"], "details": {"k": "v"}}
    posted(integration, "/v2/alerts", sent | {"description": "why", "priority": "P2"})
    number = Alert.objects.get().id
    name = {"alias": "disk", "id": str(UUID(int=number)), "tiny": str(number)}[by]

    answer = client.get(f"/v2/alerts/{name}?identifierType={by}", headers=HEADERS)

    assert answer.status_code == 200
    shown = answer.json()["data"]
    assert (shown["id"], shown["tinyId"]) == (str(UUID(int=number)), str(number))
    assert (shown["status"], shown["acknowledged"], shown["priority"]) == ("open", False, "P2")
    assert (shown["tags"], shown["details"], shown["description"]) == (["a"], {"k": "v"}, "why")


def test_deleted_alert_is_over(integration: Integration, client: Client) -> None:
    posted(integration, "/v2/alerts", {"message": "m", "alias": "a b"})

    answer = client.delete("/v2/alerts/a%20b?identifierType=alias", headers=HEADERS)
    receive(utc_now())

    assert answer.status_code == 202
    assert alerts() == [("a b", "resolved", 1)]
    assert status(client, answer.json()["requestId"])["action"] == "Delete"
    assert client.delete("/v2/alerts/x?identifierType=y", headers=HEADERS).status_code == 422
    assert Signal.objects.filter(format="opsgenie.alerts").count() == 3


def test_snooze_silences_the_one_alert(integration: Integration, client: Client) -> None:
    for alias in ("a", "b"):
        posted(integration, "/v2/alerts", {"message": alias, "alias": alias, "priority": "P1"})
    until = utc_now() + timedelta(hours=1)

    answer = client.post(
        "/v2/alerts/a/snooze?identifierType=alias",
        {"endTime": until.isoformat(), "note": "later"},
        content_type="application/json",
        headers=HEADERS,
    )
    end_what_is_over(utc_now())

    assert answer.status_code == 202
    assert Silence.objects.get().ends_at == until
    held = dict(Alert.objects.values_list("dedup_key", "held_by"))
    assert held["a"].startswith("silence:")
    assert not held["b"]


@pytest.mark.parametrize(
    ("method", "path", "status_code"),
    [
        ("get", "/v2/alerts", 422),
        ("put", "/v2/alerts/a/message?identifierType=alias", 422),
        ("post", "/v2/alerts/a/notes?identifierType=alias", 422),
        ("post", "/v2/alerts/a/snooze?identifierType=alias", 422),
        ("post", "/v2/alerts/requests/00000000-0000-0000-0000-000000000001", 422),
        ("get", "/v2/alerts/missing?identifierType=alias", 404),
        ("get", "/v2/alerts/7/notes", 422),
        ("get", "/v2/alerts/requests/ffffffff-ffff-ffff-0000-000000000001", 404),
    ],
)
def test_what_is_not_done_is_a_clear_error(
    method: str, path: str, status_code: int, integration: Integration, client: Client
) -> None:
    del integration
    send_ = getattr(client, method)
    answer = send_(path, headers=HEADERS)

    assert answer.status_code == status_code
    assert {"message", "took", "requestId"} <= set(json.loads(answer.content))


def test_key_is_checked_everywhere(integration: Integration, client: Client) -> None:
    del integration
    for path in ("/v2/alerts", "/v2/alerts/a", f"/v2/alerts/requests/{UUID(int=1)}"):
        assert client.get(path).status_code == 401
        wrong = client.get(path, headers={"Authorization": "GenieKey wrong"})
        assert (wrong.status_code, wrong.json()["took"]) == (401, 0.001)
