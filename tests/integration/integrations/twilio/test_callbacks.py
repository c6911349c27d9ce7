"""What Twilio reports and passes on: only what it signed counts, however often it comes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.test import Client
from tests.factories.identity import make_user
from tests.factories.notifications import make_contact_method, new_notice

from evenfall.fakes.twilio import signature
from evenfall.notifications import actions
from evenfall.notifications.models import Attempt, ContactMethod, Notice

pytestmark = pytest.mark.django_db
URL = "http://localhost:8000"
NUMBER = "+491701234567"
SID = "AC" + "0" * 32


@pytest.fixture(autouse=True)
def _public_url(settings: object) -> None:
    from dataclasses import replace  # noqa: PLC0415 - only here

    settings.EVENFALL = replace(settings.EVENFALL, public_url=URL)  # type: ignore[attr-defined] # pytest-django's wrapper


@pytest.fixture
def provider_id() -> int:
    return actions.add_provider(
        type_name="twilio",
        name="Main",
        values={"account_sid": SID, "auth_token": "a token", "sender": "+15005550006"},
        now=now(),
        actor="system",
    )


@pytest.fixture
def notice() -> Notice:
    """A page that is being handed over to Twilio."""
    user = make_user("Ada")
    method = make_contact_method(user, "sms", address=NUMBER)
    (notice_id,) = actions.plan_notices(
        notices=[new_notice(user, "sms", contact_method=method, due_at=now())], now=now()
    )
    Notice.objects.filter(id=notice_id).update(state="claimed", lease_until=now())
    actions.hand_over(ids=[notice_id], now=now())
    return Notice.objects.get(id=notice_id)


def now() -> datetime:
    return datetime.now(UTC)


def post(path: str, form: Mapping[str, str], *, token: str = "a token") -> int:
    answer = Client().post(
        path,
        urlencode(form),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature(URL + path, form, token)},
    )
    return int(answer.status_code)


def status_path(provider_id: int, notice: Notice, attempt: int = 1) -> str:
    return f"/callbacks/twilio/{provider_id}/sms/status/?notice={notice.id}&attempt={attempt}"


def report(state: str, **more: str) -> dict[str, str]:
    return {"MessageSid": "SM1", "MessageStatus": state, "AccountSid": SID, **more}


def state_of(notice: Notice) -> str:
    notice.refresh_from_db()
    return notice.state


def test_a_report_that_comes_before_our_own_record_counts(provider_id: int, notice: Notice) -> None:
    assert post(status_path(provider_id, notice), report("delivered")) == 204
    assert state_of(notice) == "delivered"
    attempt = Attempt.objects.get()
    assert (attempt.via, attempt.accepted, attempt.delivered) == ("Main", True, True)


@pytest.mark.parametrize(
    "states",
    [
        ("queued", "sent", "delivered"),
        ("delivered", "sent", "queued"),
        ("queued", "queued", "delivered", "delivered"),
    ],
)
def test_reports_come_as_they_like(
    provider_id: int, notice: Notice, states: tuple[str, ...]
) -> None:
    for state in states:
        post(status_path(provider_id, notice), report(state))
    assert state_of(notice) == "delivered"
    assert Attempt.objects.count() == 1


def test_what_did_not_arrive_fails_with_its_reason(provider_id: int, notice: Notice) -> None:
    post(status_path(provider_id, notice), report("sent"))
    post(status_path(provider_id, notice), report("undelivered", ErrorCode="30003"))
    assert state_of(notice) == "failed"
    assert notice.reason == "the telephone is off or cannot be reached (error 30003)"


def test_a_landline_is_switched_off(provider_id: int, notice: Notice) -> None:
    post(status_path(provider_id, notice), report("undelivered", ErrorCode="30006"))
    assert "landline" in ContactMethod.objects.get().broken_reason


def test_a_late_report_about_an_earlier_try_changes_nothing(
    provider_id: int, notice: Notice
) -> None:
    Notice.objects.filter(id=notice.id).update(attempts=2)
    post(status_path(provider_id, notice), report("failed"))
    assert state_of(notice) == "sent"


@pytest.mark.parametrize("path", ["sms/status/?notice=1&attempt=1", "sms/received/"])
def test_what_twilio_did_not_sign_is_refused(provider_id: int, path: str) -> None:
    path = f"/callbacks/twilio/{provider_id}/{path}"
    assert post(path, report("delivered"), token="guessed") == 403
    assert Client().post(path, report("delivered")).status_code == 403
    assert Client().get(path).status_code == 405


def test_a_signature_does_not_fit_another_notice(provider_id: int, notice: Notice) -> None:
    form = report("delivered")
    good = signature(URL + status_path(provider_id, notice, 1), form, "a token")
    answer = Client().post(
        status_path(provider_id, notice, 2),
        urlencode(form),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": good},
    )
    assert answer.status_code == 403


def test_an_account_that_is_gone_answers_nothing() -> None:
    assert post("/callbacks/twilio/99/sms/received/", {}) == 404


def test_an_account_of_another_provider_is_refused() -> None:
    other = actions.add_provider(
        type_name="vonage",
        name="Other",
        values={
            "api_key": "k",
            "api_secret": "s",
            "signature_secret": "t",
            "sender": "447700900001",
        },
        now=now(),
        actor="system",
    )
    assert post(f"/callbacks/twilio/{other}/sms/received/", {}, token="t") == 403


def test_what_people_write_is_taken_and_twilio_gets_an_empty_answer(
    provider_id: int, notice: Notice
) -> None:
    path = f"/callbacks/twilio/{provider_id}/sms/received/"
    form = {"From": NUMBER, "Body": "STOP", "MessageSid": "SM2", "To": "+15005550006"}
    assert post(path, form) == 200
    assert ContactMethod.objects.get().broken_at is not None
