import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_user, signed_in
from tests.factories.notifications import make_contact_method, new_notice

from evenfall.identity.models import User
from evenfall.notifications import actions, queries
from evenfall.notifications.actions.verifying import CONFIRM_PATH
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user()


@pytest.fixture
def browser(ada: User) -> Client:
    return signed_in(ada)


def send(user: User, *, subject: str = "page:5", kind: str = "inbox") -> int:
    now = utc_now()
    wish = new_notice(user, kind, subject=subject, due_at=now)
    return actions.plan_notices(notices=[wish], now=now)[0]


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_takes_the_same_queries_however_long(
    ada: User, browser: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        send(ada, subject=f"page:{number}")
    with django_assert_num_queries(5):  # session, person, teams, list, badge
        answer = browser.get("/inbox/")
    assert len(answer.context["entries"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_contact_methods_take_the_same_queries_however_many(
    ada: User, browser: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        make_contact_method(ada)
    with django_assert_num_queries(7):  # session, person, methods, checks, rates, providers, badge
        answer = browser.get("/profile/contact-methods/")
    assert len(answer.context["methods"]) == count


def test_the_sign_in_address_is_one_click_while_mails_can_be_sent(
    ada: User, browser: Client, settings: LazySettings
) -> None:
    path = "/profile/contact-methods/"
    offer = "Use this address"
    assert offer not in browser.get(path).content.decode()
    settings.EVENFALL = replace(settings.EVENFALL, mail_host="mail.example.org")
    assert offer in browser.get(path).content.decode()
    browser.post("/profile/contact-methods/add/email/", {"address": ada.email})
    assert [one.address for one in queries.contact_methods(ada.id)] == [ada.email]
    assert offer not in browser.get(path).content.decode()


def test_an_empty_inbox_says_what_will_come(browser: Client) -> None:
    assert "Nothing yet" in browser.get("/inbox/").content.decode()


def test_one_message_over_three_channels_is_one_line(ada: User, browser: Client) -> None:
    make_contact_method(ada)
    for kind in ("email", "webhook", "inbox"):
        send(ada, kind=kind)
    (entry,) = browser.get("/inbox/").context["entries"]
    assert len(entry.notices) >= 3
    assert entry.is_unread
    assert entry.state == "failed"  # no web hook is there: a success elsewhere must not hide it


def test_htmx_gets_the_list_alone(ada: User, browser: Client) -> None:
    send(ada)
    part = browser.get("/inbox/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")
    assert "Checkout is down" in part


def test_looking_at_a_notice_reads_it_and_offers_the_answers(ada: User, browser: Client) -> None:
    notice_id = send(ada)
    assert queries.unread_count(user_id=ada.id, now=utc_now()) == 1

    text = browser.get(f"/inbox/{notice_id}/").content.decode()

    assert "since 12:00, 3 alerts" in text
    assert "/r/" in text
    assert queries.unread_count(user_id=ada.id, now=utc_now()) == 0
    assert browser.get(f"/inbox/{notice_id}/").status_code == 200


def test_what_is_not_due_yet_is_not_in_the_inbox(ada: User) -> None:
    now = utc_now()
    later = new_notice(ada, "inbox", due_at=now + timedelta(hours=1))
    actions.plan_notices(notices=[later], now=now)
    assert queries.inbox(user_id=ada.id, now=now, cursor=None).items == []
    assert queries.unread_count(user_id=ada.id, now=now) == 0


def test_everything_can_be_read_at_once(ada: User, browser: Client) -> None:
    send(ada, subject="page:1")
    send(ada, subject="page:2")
    assert browser.post("/inbox/read/").status_code == 302
    assert queries.unread_count(user_id=ada.id, now=utc_now()) == 0


def test_nobody_reads_the_notices_of_others(browser: Client) -> None:
    notice_id = send(make_user("Ben"))
    assert browser.get(f"/inbox/{notice_id}/").status_code == 404


def test_an_address_is_added_and_verified_on_pages(ada: User, browser: Client) -> None:
    assert ada.email in browser.get("/profile/contact-methods/add/email/").content.decode()
    answer = browser.post("/profile/contact-methods/add/email/", {"address": "ada@example.org"})
    method = ContactMethod.objects.get()
    assert answer["Location"] == f"/profile/contact-methods/{method.id}/"
    assert "A code was sent to" in browser.get(answer["Location"]).content.decode()

    assert browser.post(answer["Location"], {"code": "1"}).status_code == 422
    rooms = {("email", Urgency.HIGH): 1}
    (message,) = actions.claim_due(rooms=rooms, now=utc_now())
    assert browser.post(answer["Location"], {"code": message.code}).status_code == 302

    assert queries.reachable_kinds([ada.id])[ada.id] == {"inbox", "email"}
    assert ada.email in browser.get("/profile/contact-methods/add/email/").content.decode()


def test_a_mistyped_address_is_said_at_the_field(browser: Client) -> None:
    answer = browser.post("/profile/contact-methods/add/email/", {"address": "ada"})
    assert answer.status_code == 422
    assert "form name@host" in answer.content.decode()


def test_the_secret_of_a_web_hook_is_shown_once(browser: Client) -> None:
    assert browser.get("/profile/contact-methods/add/webhook/").status_code == 200
    answer = browser.post(
        "/profile/contact-methods/add/webhook/",
        {"address": "https://hooks.example/x", "label": "Lamp"},
    )
    method = ContactMethod.objects.get()
    assert method.secret in answer.content.decode()
    later = browser.get(f"/profile/contact-methods/{method.id}/").content.decode()
    assert method.secret not in later
    assert "Lamp" in later
    again = browser.post(
        "/profile/contact-methods/add/webhook/", {"address": "https://hooks.example/x", "label": ""}
    )
    assert again.status_code == 422


def test_a_browser_hands_its_subscription_over(browser: Client) -> None:
    sent = {
        "endpoint": "https://push.example/1",
        "p256dh": base64.urlsafe_b64encode(b"p" * 65).decode(),
        "auth": base64.urlsafe_b64encode(b"a" * 16).decode(),
        "label": "Firefox on Android",
    }
    answer = browser.post("/profile/contact-methods/push/", sent)
    assert "Firefox on Android" in browser.get(answer["Location"]).content.decode()
    broken = browser.post("/profile/contact-methods/push/", {**sent, "auth": "x"})
    assert broken["Location"] == "/profile/contact-methods/"


def test_a_device_confirms_without_a_session_and_only_by_post(ada: User, browser: Client) -> None:
    method = make_contact_method(ada, "webpush", is_verified=False, secret="{}")
    actions.ask_verification(contact_method_id=method.id, user_id=ada.id, now=utc_now())
    (message,) = actions.claim_due(rooms={("webpush", Urgency.HIGH): 1}, now=utc_now())
    path = message.respond_url.removeprefix("http://127.0.0.1:8420")
    assert path == reverse("notifications:confirm", args=[path.rstrip("/").rpartition("/")[2]])
    assert path.startswith(CONFIRM_PATH)
    stranger = Client(enforce_csrf_checks=True)

    assert stranger.get(path).status_code == 200
    method.refresh_from_db()
    assert method.verified_at is None

    assert stranger.post(path, {"action": "verify"}).status_code == 200
    method.refresh_from_db()
    assert method.verified_at is not None


def test_a_contact_method_is_tested_ordered_mended_and_removed(ada: User, browser: Client) -> None:
    first, second = make_contact_method(ada, is_primary=True), make_contact_method(ada)
    base = f"/profile/contact-methods/{second.id}/"

    browser.post(f"{base}test/")
    browser.post(f"{base}primary/")
    browser.post(f"{base}ask/")
    assert Notice.objects.filter(contact_method=second).count() == 2
    assert ContactMethod.objects.get(is_primary=True).id == second.id
    assert "Test page" in browser.get(base).content.decode()
    assert browser.post(f"{base}remove/")["Location"] == "/profile/contact-methods/"
    assert list(ContactMethod.objects.values_list("id", flat=True)) == [first.id]


def test_a_test_page_to_everything_is_seen_in_the_inbox(browser: Client) -> None:
    answer = browser.post("/profile/contact-methods/test/")
    assert "Test page" in browser.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("kind", ["email", "webpush", "webhook"])
@pytest.mark.parametrize("state", ["verified", "unverified", "broken"])
def test_each_state_of_each_kind_has_its_page(
    ada: User, browser: Client, kind: str, state: str
) -> None:
    method = make_contact_method(
        ada, kind, is_verified=state != "unverified", is_broken=state == "broken"
    )
    assert browser.get(f"/profile/contact-methods/{method.id}/").status_code == 200


def test_the_methods_of_others_are_not_found(browser: Client) -> None:
    method = make_contact_method(make_user("Ben"))
    base = f"/profile/contact-methods/{method.id}/"
    assert browser.get(base).status_code == 404
    for verb in ("ask", "test", "primary", "remove"):
        assert browser.post(f"{base}{verb}/").status_code == 404
