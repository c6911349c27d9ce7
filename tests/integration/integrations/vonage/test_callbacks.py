"""What Vonage reports and passes on: only what it signed, lately, over this very body."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from tests.factories.identity import make_user
from tests.factories.notifications import make_contact_method, new_notice

from evenfall.fakes.vonage import signed_token
from evenfall.integrations.vonage.signature import read_token
from evenfall.notifications import actions
from evenfall.notifications.models import Attempt, ContactMethod, Notice

pytestmark = pytest.mark.django_db
NUMBER = "+491701234567"
SECRET = "a signature secret"


@pytest.fixture
def provider_id() -> int:
    return actions.add_provider(
        type_name="vonage",
        name="Second",
        values={
            "api_key": "abcd1234",
            "api_secret": "s",
            "signature_secret": SECRET,
            "sender": "447700900001",
        },
        now=datetime.now(UTC),
        actor="system",
    )


@pytest.fixture
def notice() -> Notice:
    """A page that is being handed over to Vonage."""
    now, user = datetime.now(UTC), make_user("Ada")
    method = make_contact_method(user, "sms", address=NUMBER)
    (notice_id,) = actions.plan_notices(
        notices=[new_notice(user, "sms", contact_method=method, due_at=now)], now=now
    )
    Notice.objects.filter(id=notice_id).update(state="claimed", lease_until=now)
    actions.hand_over(ids=[notice_id], now=now)
    return Notice.objects.get(id=notice_id)


def post(
    path: str,
    body: Mapping[str, Any],
    *,
    secret: str = SECRET,
    api_key: str = "abcd1234",
    late_s: float = 0.0,
    signed: Mapping[str, Any] | None = None,
) -> int:
    content = json.dumps(body if signed is None else signed).encode()
    token = signed_token(content, api_key=api_key, secret=secret, at=time.time() - late_s)
    answer = Client().post(
        path,
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    return int(answer.status_code)


def report(notice: Notice, status: str, **more: Any) -> dict[str, Any]:
    usage = {"price": "0.0740", "currency": "EUR"}
    reference = f"notice-{notice.id}/1"
    return {
        "message_uuid": "aaaa",
        "client_ref": reference,
        "status": status,
        "usage": usage,
        **more,
    }


@pytest.mark.parametrize("states", [("submitted", "delivered"), ("delivered", "submitted")])
def test_reports_come_as_they_like_and_bring_the_price(
    provider_id: int, notice: Notice, states: tuple[str, ...]
) -> None:
    path = f"/callbacks/vonage/{provider_id}/sms/status/"
    for state in (*states, *states):
        assert post(path, report(notice, state)) == 204
    notice.refresh_from_db()
    assert notice.state == "delivered"
    attempt = Attempt.objects.get()
    assert (attempt.via, str(attempt.cost), attempt.currency) == ("Second", "0.074000", "EUR")


def test_who_opted_out_is_switched_off(provider_id: int, notice: Notice) -> None:
    error = {"title": "1240", "detail": "The recipient has opted out."}
    path = f"/callbacks/vonage/{provider_id}/sms/status/"
    post(path, report(notice, "rejected", error=error))
    assert ContactMethod.objects.get().broken_reason == "The recipient has opted out. (error 1240)"


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "guessed"},
        {"api_key": "another"},
        {"late_s": 301.0},
        {"late_s": -301.0},
        {"signed": {"another": "body"}},
    ],
)
def test_what_vonage_did_not_sign_is_refused(
    provider_id: int, notice: Notice, wrong: dict[str, Any]
) -> None:
    path = f"/callbacks/vonage/{provider_id}/sms/status/"
    assert post(path, report(notice, "delivered"), **wrong) == 403
    notice.refresh_from_db()
    assert notice.state == "sent"


def test_without_a_token_nothing_is_taken(provider_id: int) -> None:
    path = f"/callbacks/vonage/{provider_id}/sms/received/"
    for header in ("", "Basic abc", "Bearer", "Bearer a.b", "Bearer a.b.c"):
        answer = Client().post(
            path, "{}", content_type="application/json", headers={"Authorization": header}
        )
        assert answer.status_code == 403
    assert post("/callbacks/vonage/99/sms/received/", {}) == 404


def test_what_is_no_object_is_refused(provider_id: int) -> None:
    path = f"/callbacks/vonage/{provider_id}/sms/status/"
    assert post(path, ["not", "an", "object"]) == 400  # type: ignore[arg-type] # that is the point


def test_what_people_write_is_taken(provider_id: int, notice: Notice) -> None:
    body = {"from": NUMBER[1:], "text": "stop", "message_uuid": "bbbb", "to": "447700900001"}
    assert post(f"/callbacks/vonage/{provider_id}/sms/received/", body) == 204
    assert ContactMethod.objects.get().broken_at is not None


@pytest.mark.parametrize(
    "token", ["", "a.b.c", "e30.e30.", "é.é.é", "....", "bnVsbA.bnVsbA.bnVsbA"]
)
def test_what_is_no_token_has_no_claims(token: str) -> None:
    assert read_token(token, secret=SECRET) is None


def test_a_token_without_a_secret_has_no_claims() -> None:
    token = signed_token(b"{}", api_key="k", secret="", at=0)
    assert read_token(token, secret="") is None
