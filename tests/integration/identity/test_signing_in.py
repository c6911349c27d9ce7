import time
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories.identity import make_user, signed_in

from evenfall.identity import jobs
from evenfall.identity.models import User
from evenfall.platform import journal

pytestmark = pytest.mark.django_db
PASSWORD = "a rather long one"


@pytest.fixture(autouse=True)
def _no_earlier_attempts() -> None:
    cache.clear()


@pytest.fixture
def ada() -> User:
    return make_user(name="Ada", email="ada@example.org", password=PASSWORD)


def sign_in(password: str = PASSWORD, browser: Client | None = None) -> tuple[int, Client]:
    browser = browser or Client()
    answer = browser.post("/accounts/login/", {"login": "Ada@Example.org", "password": password})
    return answer.status_code, browser


def kinds(user: User) -> list[str]:
    return [entry.kind for entry in journal.entries(subject=f"user:{user.id}")]


def mails() -> list[EmailMessage]:
    """The mails that wait in the queue, sent."""
    for queued in ProcrastinateJob.objects.filter(task_name__endswith="send_sealed_mail"):
        jobs.send_sealed_mail(**queued.args)
    return mail.outbox


def test_a_password_lets_in_and_the_audit_knows(ada: User) -> None:
    status, browser = sign_in()
    assert status == 302
    assert browser.get("/profile/").status_code == 200
    assert kinds(ada) == ["identity.signed_in"]


def test_a_wrong_password_does_not(ada: User) -> None:
    status, browser = sign_in("wrong")
    assert status == 200
    assert browser.get("/profile/").status_code == 302
    assert kinds(ada) == []


def test_too_many_wrong_passwords_are_stopped(ada: User) -> None:
    for _ in range(5):
        sign_in("wrong")
    status, _ = sign_in()
    assert status == 200


def test_somebody_deactivated_stays_outside(ada: User) -> None:
    User.objects.filter(id=ada.id).update(is_active=False)
    _, browser = sign_in()
    assert browser.get("/profile/").status_code == 302


def test_sessions_are_listed_and_ended(ada: User) -> None:
    _, first = sign_in()
    _, second = sign_in()
    assert UserSession.objects.filter(user=ada).count() == 2
    assert second.get("/accounts/sessions/").status_code == 200
    second.post("/accounts/sessions/")
    assert first.get("/profile/").status_code == 302
    assert second.get("/profile/").status_code == 200
    assert "identity.sessions_ended" in kinds(ada)


def test_an_administrator_signs_somebody_out(ada: User) -> None:
    _, browser = sign_in()
    signed_in(make_user(role="admin")).post(f"/people/{ada.id}/sign-out/")
    assert browser.get("/profile/").status_code == 302


def test_a_new_password_is_in_the_audit_and_mailed(ada: User) -> None:
    _, browser = sign_in()
    browser.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "another long one", "password2": "another long one"},
    )
    assert "identity.sign_in_changed" in kinds(ada)
    assert [sent.to for sent in mails()] == [["ada@example.org"]]


def test_a_forgotten_password_is_mailed(ada: User) -> None:
    Client().post("/accounts/password/reset/", {"email": ada.email})
    assert "/accounts/password/reset/key/" in str(mails()[0].body)


def test_a_link_to_reset_a_password_is_not_readable_in_the_queue(ada: User) -> None:
    Client().post("/accounts/password/reset/", {"email": ada.email})
    (queued,) = ProcrastinateJob.objects.filter(task_name__endswith="send_sealed_mail")
    assert "password" not in str(queued.args)


def test_nothing_is_mailed_to_strangers() -> None:
    Client().post("/accounts/password/reset/", {"email": "eve@example.org"})
    assert mails() == []


def test_secrets_of_second_factors_are_encrypted() -> None:
    adapter = get_adapter()
    stored = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in stored
    assert adapter.decrypt(stored) == "JBSWY3DPEHPK3PXP"


def current_code(secret: str) -> str:
    counter = int(time.time()) // 30
    return str(auth.format_hotp_value(auth.hotp_value(secret, counter)))


def test_a_second_factor_is_set_up_and_then_asked_for(
    ada: User, django_capture_on_commit_callbacks: Any
) -> None:
    _, browser = sign_in()
    page = "/accounts/2fa/totp/activate/"
    assert browser.get(page).status_code == 302
    browser.post(f"/accounts/reauthenticate/?next={page}", {"password": PASSWORD})
    secret = browser.get(page).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(page, {"code": current_code(secret)}).status_code == 302
    assert secret not in str(Authenticator.objects.get(type="totp").data)
    assert "identity.sign_in_changed" in kinds(ada)
    status, fresh = sign_in()
    assert status == 302
    assert fresh.get("/profile/").status_code == 302
    cache.clear()  # a code works once; that memory would refuse it here within its 30 seconds
    answer = fresh.post("/accounts/2fa/authenticate/", {"code": current_code(secret)})
    assert answer.status_code == 302
    assert fresh.get("/profile/").status_code == 200


def test_passkeys_can_be_set_up(ada: User) -> None:
    _, browser = sign_in()
    page = "/accounts/2fa/webauthn/add/"
    browser.post(f"/accounts/reauthenticate/?next={page}", {"password": PASSWORD})
    answer = browser.get(page)
    assert answer.status_code == 200
    assert answer.context["js_data"]["creation_options"]["publicKey"]["rp"]["name"]
    assert ada.email


def test_pages_of_sign_in_know_who_looks(ada: User) -> None:
    _, browser = sign_in()
    assert b"Ada" in browser.get("/accounts/sessions/").content
    assert ada.name


def test_htmx_is_sent_to_the_sign_in_page() -> None:
    answer = Client().get("/people/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/accounts/login/")


def test_dead_sessions_are_forgotten_at_night(ada: User) -> None:
    _, browser = sign_in()
    _, other = sign_in()
    Session.objects.filter(session_key=other.session.session_key).update(
        expire_date=datetime(2020, 1, 1, tzinfo=UTC)
    )
    jobs.forget_dead_sessions(0)
    assert UserSession.objects.filter(user=ada).count() == 1
    assert browser.get("/profile/").status_code == 200
