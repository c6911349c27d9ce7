"""Opsgenie's Alert API as its clients use it."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from tests.factories.senders import KEY, through_door

from evenfall.alerting.ports import Decoded, Refusal, Severity, UpdateAction
from evenfall.integrations.opsgenie import answers
from evenfall.integrations.opsgenie.alerts_api import ALERTS

AUTHORIZED = {"Authorization": f"GenieKey {KEY}"}
CREATE: dict[str, Any] = {
    "message": "An example alert message",
    "alias": "Life is too short for no alias",
    "description": "Every alert needs a description",
    "responders": [
        {"id": "4513b7ea-3b91-438f-b7e4-e3e54af9147c", "type": "team"},
        {"name": "NOC", "type": "team"},
        {"username": "trinity@opsgenie.com", "type": "user"},
    ],
    "visibleTo": [{"name": "rocket_team", "type": "team"}],
    "actions": ["Restart", "AnExampleAction"],
    "tags": ["OverwriteQuietHours", "env:uat"],
    "details": {"key1": "value1", "service": "shop"},
    "entity": "An example entity",
    "source": "db-1",
    "priority": "P1",
    "user": "Neo",
    "note": "Written by hand",
}


def decode(
    now: datetime, url: str, body: object = None, *, method: str = "POST"
) -> tuple[Decoded, bytes]:
    key, name, stored = through_door(url, body or {}, method=method, headers=AUTHORIZED)
    assert (key, name) == (KEY, "opsgenie.alerts")
    return ALERTS.decode(stored, received_at=now, mapping={}), stored


def test_created_alert_is_read(now: datetime) -> None:
    decoded, stored = decode(now, "/v2/alerts", CREATE)
    (update,) = decoded.updates

    assert update.action is UpdateAction.TRIGGER
    assert update.dedup_key == "Life is too short for no alias"
    assert (update.summary, update.source) == ("An example alert message", "db-1")
    assert update.severity is Severity.CRITICAL
    assert update.component == "An example entity"
    assert (update.labels["service"], update.environment) == ("shop", "uat")
    assert update.annotations == {"description": "Every alert needs a description"}
    assert update.details["responders"][1] == {"name": "NOC", "type": "team"}
    assert update.details["tags"] == ["OverwriteQuietHours", "env:uat"]
    assert KEY.encode() not in stored


@pytest.mark.parametrize(
    ("priority", "severity"),
    [
        ("P1", Severity.CRITICAL),
        ("P2", Severity.ERROR),
        ("P3", Severity.WARNING),
        ("P4", Severity.INFO),
        ("P5", Severity.INFO),
        (None, None),
        ("urgent", None),
    ],
)
def test_priorities_are_severities(
    priority: str | None, severity: Severity | None, now: datetime
) -> None:
    (update,) = decode(now, "/v2/alerts", {"message": "m", "priority": priority})[0].updates

    assert update.severity is severity


def test_alias_is_made_up_once_for_each_alert_without_one(now: datetime) -> None:
    (one,) = decode(now, "/v2/alerts", {"message": "m"})[0].updates
    (other,) = decode(now, "/v2/alerts", {"message": "other"})[0].updates

    assert one.dedup_key != other.dedup_key
    assert one.labels["alias"] == one.dedup_key


def test_long_alias_names_the_same_alert_when_it_is_closed(now: datetime) -> None:
    alias = "a" * 512
    (made,) = decode(now, "/v2/alerts", {"message": "m", "alias": alias})[0].updates
    (closed,) = decode(now, f"/v2/alerts/{alias}/close?identifierType=alias")[0].updates

    assert made.dedup_key == closed.dedup_key
    assert len(made.dedup_key) <= 255


@pytest.mark.parametrize(
    ("url", "action", "key", "number"),
    [
        ("/v2/alerts/disk%20%2Fvar/close?identifierType=alias", "resolve", "disk /var", 0),
        ("/v2/alerts/a/b/acknowledge?identifierType=ALIAS", "acknowledge", "a/b", 0),
        ("/v2/alerts/17/close?identifierType=tiny", "resolve", "alert 17", 17),
        (f"/v2/alerts/{UUID(int=17)}/acknowledge", "acknowledge", "alert 17", 17),
    ],
)
def test_deeds_name_their_alert(
    url: str, action: str, key: str, number: int, now: datetime
) -> None:
    (update,) = decode(now, url)[0].updates

    assert update.action == action
    assert (update.dedup_key, update.alert_id or 0) == (key, number)


@pytest.mark.parametrize(
    "url",
    [
        "/v2/alerts/x/close?identifierType=name",
        "/v2/alerts/not-a-uuid/close",
        "/v2/alerts/0/close?identifierType=tiny",
        "/v2/alerts/%20/close?identifierType=alias",
    ],
)
def test_alert_that_cannot_be_named_is_a_clear_error_and_no_alert(url: str, now: datetime) -> None:
    stored = decode(now, url)[1]
    examined = ALERTS.examine(stored, received_at=now, known={})
    answer = ALERTS.accepted(examined)

    assert (answer.status, examined.unparsed) == (422, False)
    assert set(json.loads(answer.body)) == {"message", "errors", "took", "requestId"}


def test_request_id_leads_back_to_the_request(now: datetime) -> None:
    stored = decode(now, "/v2/alerts", CREATE)[1]
    answer = ALERTS.accepted(ALERTS.examine(stored, received_at=now, known={}))
    said = json.loads(answer.body)
    asked = UUID(said["requestId"])

    assert (answer.status, said["result"]) == (202, "Request will be processed")
    assert answers.moment_of(asked) == now
    assert answers.is_of(asked, stored)
    assert not answers.is_of(asked, stored + b" ")
    assert answers.moment_of(UUID(int=2**128 - 1)) is not None
    assert answers.moment_of(UUID(int=2**126)) is None


def test_message_is_required_in_their_words(now: datetime) -> None:
    stored = decode(now, "/v2/alerts", {"alias": "a"})[1]
    examined = ALERTS.examine(stored, received_at=now, known={})

    said = json.loads(ALERTS.accepted(examined).body)
    assert examined.unparsed
    assert said["errors"] == {"message": "Message can not be empty."}


def test_key_may_be_in_the_query_and_is_never_stored() -> None:
    key, _, stored = through_door(f"/v2/alerts?apiKey={KEY}&x=1", CREATE)

    assert key == KEY
    assert KEY.encode() not in stored
    assert stored.startswith(b"POST /v2/alerts?x=1\r\n\r\n{")
    assert through_door("/v2/alerts", CREATE, headers={"Authorization": "Basic x"})[0] is None


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refusal.KEY_MISSING, 401),
        (Refusal.KEY_UNKNOWN, 401),
        (Refusal.TOO_LARGE, 413),
        (Refusal.OVERLOADED, 503),
    ],
)
def test_refusals_are_in_their_words(refusal: Refusal, status: int) -> None:
    answer = ALERTS.refused(refusal)

    assert answer.status == status
    assert set(json.loads(answer.body)) == {"message", "took", "requestId"}
