"""What tools report: by key, signed, once, and refused with a reason that people see."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.changes import make_source
from tests.factories.identity import make_team
from tests.unit.integrations.test_changes import DEPLOYMENT, PAGERDUTY_CHANGE, REPOSITORY, STATUS

from evenfall.changes import actions, queries
from evenfall.changes.models import Change, ChangeSource, PushedCommit, RefusedReport
from evenfall.changes.views import receiving
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_pace() -> Iterator[None]:
    yield
    receiving.PACE.clear()
    receiving.REFUSALS.clear()


def send(key: str, body: Any, tail: str = "", **headers: str) -> Any:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().post(
        f"/changes/in/{key}/{tail}", sent, "application/json", headers=headers or None
    )


def send_github(key: str, secret: str, event: str, body: dict[str, Any]) -> Any:
    raw = json.dumps({"repository": REPOSITORY, **body}).encode()
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return send(key, raw, **{"X-GitHub-Event": event, "X-Hub-Signature-256": f"sha256={digest}"})


def test_a_line_of_curl_is_enough() -> None:
    service = make_service(slug="shop")
    source_id, keys = make_source()
    answer = send(keys.key, {"id": "42", "service": "shop", "version": "1.4.2"})
    assert answer.status_code == 202
    (change,) = queries.recent_changes(service.id, utc_now())
    assert answer.json() == {"status": "success", "changes": [change.id]}
    assert (change.source, change.actor) == ("Pipeline", f"change_source:{source_id}")
    assert queries.source(source_id).last_seen_at is not None


def test_sent_twice_is_one_change() -> None:
    make_service(slug="shop")
    _, keys = make_source()
    body = {"id": "42", "service": "shop", "state": "started"}
    first = send(keys.key, body).json()["changes"]
    assert send(keys.key, body).json()["changes"] == first
    assert send(keys.key, {**body, "state": "finished"}).json()["changes"] == first
    assert Change.objects.get().state == "finished"


def test_the_lines_of_a_source_say_which_service_is_meant() -> None:
    shop, rest = make_service(slug="shop"), make_service(slug="rest")
    _, keys = make_source(service_id=rest.id, mapping={"acme/shop": "shop"}, environment="UAT")
    send(keys.key, {"app": "acme/shop", "version": "1"})
    send(keys.key, {"app": "acme/other", "version": "1", "environment": "production"})
    rows = list(Change.objects.order_by("id").values_list("service_id", "environment"))
    assert rows == [(shop.id, "UAT"), (rest.id, "PROD")]


def test_the_key_of_a_team_reports_nothing_about_another_team() -> None:
    mine = make_team()
    make_service(slug="bank")
    own = make_service(slug="shop", team=mine)
    _, keys = make_source(team_id=mine.id)
    send(keys.key, {"service": "bank", "version": "1"})
    send(keys.key, {"service": "shop", "version": "1"})
    assert list(Change.objects.order_by("id").values_list("service_id", flat=True)) == [
        None,
        own.id,
    ]


def test_github_is_believed_only_with_its_signature() -> None:
    make_service(slug="shop")
    source_id, keys = make_source("GitHub", "github", mapping={"acme/shop": "shop"})
    told = {"deployment": DEPLOYMENT, "deployment_status": STATUS}
    assert send_github(keys.key, keys.secret, "deployment_status", told).status_code == 202
    forged = send_github(keys.key, "guessed", "deployment_status", told)
    assert (forged.status_code, forged.json()["code"]) == (401, "changes.signature_wrong")
    assert Change.objects.count() == 1
    (refused,) = queries.refused_reports(source_id)
    assert "signature" in refused.reason
    assert queries.source(source_id).last_error


def test_what_is_no_news_is_answered_with_the_reason() -> None:
    _, keys = make_source("GitHub", "github")
    answer = send_github(keys.key, keys.secret, "ping", {"zen": "Keep it logically awesome."})
    assert answer.status_code == 202
    assert "ping" in answer.json()["ignored"]


def test_lead_times_begin_with_the_oldest_commit_that_was_not_in_production() -> None:
    """Merge commits do not count, nor do commits that an earlier deploy brought."""
    _, keys = make_source("GitHub", "github")

    def push(*commits: tuple[str, str, str]) -> None:
        told = [{"id": sha * 40, "message": m, "timestamp": at} for sha, m, at in commits]
        body = {"ref": "refs/heads/main", "commits": told}
        assert send_github(keys.key, keys.secret, "push", body).status_code == 202

    def deploy(number: int, sha: str) -> Change:
        told = {"deployment": {**DEPLOYMENT, "id": number, "sha": sha * 40}}
        body = {**told, "deployment_status": STATUS}
        (change_id,) = send_github(keys.key, keys.secret, "deployment_status", body).json()[
            "changes"
        ]
        return Change.objects.get(id=change_id)

    push(("a", "One", "2027-01-01T00:00:00Z"), ("b", "Two", "2027-01-02T00:00:00Z"))
    assert deploy(1, "b").first_commit_at == Change.objects.get().first_commit_at
    push(
        ("c", "Merge pull request #1", "2026-12-24T00:00:00Z"),
        ("d", "Three", "2027-01-05T00:00:00Z"),
        ("e", "Four", "2027-01-04T00:00:00Z"),
    )
    first = deploy(2, "e").first_commit_at
    assert first is not None
    assert first.isoformat() == "2027-01-04T00:00:00+00:00"
    assert deploy(3, "f").first_commit_at is None
    push(("a", "One", "2027-01-01T00:00:00Z"))
    assert PushedCommit.objects.count() == 5


def test_pagerdutys_senders_need_another_host_only() -> None:
    _, keys = make_source("Build", "pagerduty")
    send(keys.key, PAGERDUTY_CHANGE, tail="v2/change/enqueue")
    answer = send(keys.key, PAGERDUTY_CHANGE, tail="v2/change/enqueue")
    assert answer.status_code == 202
    assert answer.json()["status"] == "success"
    assert Change.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[]", 400), (b"", 400), (b'{"service": 1}', 202)]
)
def test_broken_bodies_are_refused_and_shown(body: bytes, status: int) -> None:
    source_id, keys = make_source()
    assert send(keys.key, body).status_code == status
    assert len(queries.refused_reports(source_id)) == (status == 400)


def test_nobody_gets_in_without_a_key_that_counts(client: Client) -> None:
    source_id, keys = make_source()
    assert send("nothing", {"service": "x"}).status_code == 404
    actions.switch_source(source_id=source_id, enabled=False, now=utc_now(), actor="system")
    assert send(keys.key, {"service": "x"}).status_code == 404
    renewed = actions.new_keys(source_id=source_id, is_signed=False, now=utc_now(), actor="system")
    actions.switch_source(source_id=source_id, enabled=True, now=utc_now(), actor="system")
    assert send(keys.key, {"service": "x"}).status_code == 404
    assert send(renewed.key, {"service": "x"}).status_code == 202
    assert client.get(f"/changes/in/{renewed.key}/").status_code == 405


def test_too_much_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _, keys = make_source()
    assert send(keys.key, b" " * (receiving.LIMIT + 1)).status_code == 413
    now = utc_now() + timedelta(hours=1)
    monkeypatch.setattr(receiving, "utc_now", lambda: now)
    answers: list[HttpResponse] = [send(keys.key, b"{") for _ in range(601)]
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"]
    assert RefusedReport.objects.count() <= 21


def test_only_the_last_refusals_are_kept() -> None:
    source_id, keys = make_source()
    for number in range(actions.REFUSALS_KEPT + 3):
        actions.note_refusal(key=keys.key, reason=f"Reason {number}", now=utc_now())
    actions.note_refusal(key="nothing", reason="?", now=utc_now())
    assert RefusedReport.objects.count() == actions.REFUSALS_KEPT
    assert queries.refused_reports(source_id)[0].reason == f"Reason {actions.REFUSALS_KEPT + 2}"


def test_secrets_are_no_plain_text_in_the_database() -> None:
    source_id, keys = make_source("GitHub", "github")
    raw = ChangeSource.objects.extra(select={"raw": "secret"}).get(id=source_id).raw
    assert keys.secret
    assert keys.secret not in raw
    assert keys.key.encode() != bytes(ChangeSource.objects.get().key_hash)
