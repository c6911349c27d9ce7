"""Plain JSON, with the usual field names and with a mapping."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from evenfall.alerting.ports import AlertUpdate, Refusal, Severity, UpdateAction, at_path
from evenfall.integrations.generic.plain import PLAIN


def read(sent: object, now: datetime, mapping: Mapping[str, str] | None = None) -> AlertUpdate:
    decoded = PLAIN.decode(json.dumps(sent).encode(), received_at=now, mapping=mapping or {})
    (update,) = decoded.updates
    return update


def test_usual_names_are_found(now: datetime) -> None:
    update = read(
        {
            "title": "Disk full",
            "state": "alerting",
            "priority": "P1",
            "alert_uid": "disk-1",
            "host": "db-1",
            "time": 1799848800,
            "env": "prod",
        },
        now,
    )

    assert (update.summary, update.action) == ("Disk full", UpdateAction.TRIGGER)
    assert (update.severity, update.dedup_key) == (Severity.CRITICAL, "disk-1")
    assert (update.source, update.environment) == ("db-1", "prod")
    assert update.starts_at == datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
    assert update.details["event"]["title"] == "Disk full"


@pytest.mark.parametrize(
    ("status", "action"),
    [
        ("resolved", UpdateAction.RESOLVE),
        ("OK", UpdateAction.RESOLVE),
        ("ack", UpdateAction.ACKNOWLEDGE),
        ("firing", UpdateAction.TRIGGER),
        (None, UpdateAction.TRIGGER),
        (["odd"], UpdateAction.TRIGGER),
    ],
)
def test_status_words(status: object, action: UpdateAction, now: datetime) -> None:
    assert read({"title": "x", "status": status}, now).action is action


def test_resolve_without_a_key_finds_the_alert_of_the_same_title_and_source(now: datetime) -> None:
    opened = read({"title": "Disk full", "host": "db-1", "status": "firing"}, now)
    closed = read({"title": "Disk full", "host": "db-1", "status": "ok"}, now)
    other = read({"title": "Disk full", "host": "db-2", "status": "ok"}, now)

    assert opened.dedup_key == closed.dedup_key != other.dedup_key


def test_mapping_goes_before_guessing(now: datetime) -> None:
    sent = {"title": "wrong", "event": {"names": ["first", "second"], "how": {"bad": "warn"}}}
    mapping = {"summary": "event.names.1", "severity": "event.how.bad", "dedup_key": "missing"}

    update = read(sent, now, mapping)

    assert (update.summary, update.severity) == ("second", Severity.WARNING)
    assert len(update.dedup_key) == 40


def test_list_is_many_events(now: datetime) -> None:
    body = b'[{"title": "a"}, {"title": "b"}]'

    updates = PLAIN.decode(body, received_at=now, mapping={}).updates

    assert [update.summary for update in updates] == ["a", "b"]


def test_long_key_is_shortened_not_cut(now: datetime) -> None:
    one = read({"title": "x", "dedup_key": "k" * 300 + "1"}, now)
    two = read({"title": "x", "dedup_key": "k" * 300 + "2"}, now)

    assert one.dedup_key != two.dedup_key
    assert len(one.dedup_key) == 40


@pytest.mark.parametrize("body", [b"", b"title=x", b"5", b'["a"]', b"null"])
def test_other_bodies_are_kept_unparsed(body: bytes, now: datetime) -> None:
    examined = PLAIN.examine(body, received_at=now, known={})
    answer = PLAIN.accepted(examined)

    assert examined.unparsed
    assert answer.status == 400
    assert json.loads(answer.body)["status"] == "error"
    assert PLAIN.decode(body, received_at=now, mapping={}).unparsed


def test_good_body_is_accepted_and_an_empty_list_is_nothing(now: datetime) -> None:
    assert PLAIN.accepted(PLAIN.examine(b"{}", received_at=now, known={})).status == 202
    assert PLAIN.examine(b"[]", received_at=now, known={}).nothing


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(Refusal.KEY_UNKNOWN, 404), (Refusal.TOO_LARGE, 413), (Refusal.OVERLOADED, 503)],
)
def test_refusals(refusal: Refusal, status: int) -> None:
    assert PLAIN.refused(refusal).status == status


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.b", 1),
        ("a.c", None),
        ("l.1.x", 2),
        ("l.9", None),
        ("l.x", None),
        ("a.b.c", None),
        ("", None),
    ],
)
def test_dotted_paths(path: str, found: Any) -> None:
    assert at_path({"a": {"b": 1}, "l": [0, {"x": 2}]}, path) == found
