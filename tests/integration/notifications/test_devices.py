"""Devices with push messages: named, seen, moved, checked silently, and cleared again."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import pytest
from tests.factories.identity import make_user, signed_in
from tests.factories.notifications import (
    CONTENT,
    NOW,
    ScriptedChannel,
    make_contact_method,
    new_notice,
)

from evenfall.identity.models import User
from evenfall.notifications import actions, errors, ports, queries
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.notifications.ports import Message
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
POINT = base64.urlsafe_b64encode(b"p" * 65).decode()
AUTH = base64.urlsafe_b64encode(b"a" * 16).decode().rstrip("=")
OLD, NEW = "https://push.example/old", "https://push.example/new"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
DAY = timedelta(days=1)
PATH = "/profile/contact-methods"


class Push(ScriptedChannel):
    checks: Literal[True] = True
    closes: Literal[True] = True


@pytest.fixture(autouse=True)
def push() -> Iterator[Push]:
    channel = Push(kind="webpush")
    ports.register_channel(channel)
    yield channel
    ports.unregister_channel("webpush")


@pytest.fixture
def ada() -> User:
    return make_user()


def device(user: User, *, address: str = OLD) -> ContactMethod:
    row = make_contact_method(user, "webpush", address=address)
    row.label = f"Phone of {user.name}"
    row.save()
    return row


def claimed(urgency: Urgency = Urgency.LOW) -> list[Message]:
    return actions.claim_due(rooms={("webpush", urgency): 9}, now=NOW)


def token_of(message: Message) -> str:
    return message.respond_url.rstrip("/").rpartition("/")[2]


def move(token: str, endpoint: str = NEW) -> int:
    return actions.move_push(token=token, endpoint=endpoint, p256dh=POINT, auth=AUTH, now=NOW)


def add(user: User, endpoint: str) -> ContactMethod:
    number = actions.add_push(
        user_id=user.id,
        endpoint=endpoint,
        p256dh=POINT,
        auth=AUTH,
        user_agent=AGENT,
        actor="system",
        now=NOW,
    )
    return ContactMethod.objects.get(id=number)


def test_devices_are_named_after_what_they_are(ada: User) -> None:
    assert [add(ada, OLD).label, add(ada, NEW).label] == ["Firefox on Linux", "Firefox on Linux 2"]


def test_a_device_that_works_is_not_asked_to_confirm_again(ada: User) -> None:
    row = add(ada, OLD)
    ContactMethod.objects.update(verified_at=NOW)
    assert add(ada, OLD).id == row.id
    ContactMethod.objects.update(broken_at=NOW, broken_reason="410")
    again = add(ada, OLD)
    assert (again.id == row.id, again.label) == (False, row.label)


def test_its_owner_gives_a_device_another_name(ada: User) -> None:
    row = device(ada)
    browser = signed_in(ada)
    browser.post(f"{PATH}/{row.id}/name/", {"label": " Work   phone "})
    assert "Work phone" in browser.get(f"{PATH}/").content.decode()
    with pytest.raises(errors.ContactMethodNotFound):
        actions.rename_contact_method(
            contact_method_id=row.id, user_id=ada.id + 1, label="x", actor="user:9", now=NOW
        )


def test_a_visit_says_that_the_device_is_there(ada: User) -> None:
    device(ada)
    device(make_user("Ben"), address=NEW)
    browser = signed_in(ada)
    told = browser.post(f"{PATH}/push/seen/", {"endpoint": OLD}).json()
    assert told["state"] == "verified"
    assert ContactMethod.objects.get(address=OLD).last_seen_at is not None
    assert browser.post(f"{PATH}/push/seen/", {"endpoint": NEW}).json()["state"] == "other"
    assert browser.post(f"{PATH}/push/seen/", {"endpoint": "x"}).json()["state"] == "unknown"


def test_a_new_subscription_replaces_the_old_row(ada: User) -> None:
    row = device(ada)
    device(make_user("Ben"), address=NEW)
    ContactMethod.objects.filter(id=row.id).update(broken_at=NOW, broken_reason="410 Gone")

    assert move(actions.device_pass(row.id, now=NOW)) == row.id

    (moved,) = ContactMethod.objects.all()
    assert (moved.id, moved.address, queries.method_state(moved)) == (row.id, NEW, "verified")
    assert moved.label == row.label
    assert [message.purpose for message in claimed()] == ["check"]


def test_a_worker_tells_of_its_new_subscription_without_a_session(ada: User) -> None:
    row = device(ada)
    client = signed_in(make_user("Ben"))
    client.logout()
    token = actions.device_pass(row.id, now=utc_now())
    sent = {"endpoint": NEW, "p256dh": POINT, "auth": AUTH}
    assert client.post(f"{PATH}/push/moved/{token}/", {**sent, "auth": "x"}).status_code == 422
    assert client.post(f"{PATH}/push/moved/{token}/", sent).status_code == 204
    assert ContactMethod.objects.get().address == NEW
    assert client.post(f"{PATH}/push/moved/foreign/", sent).status_code == 410


def test_a_pass_is_of_no_use_after_the_device_was_removed(ada: User) -> None:
    row = device(ada)
    token = actions.device_pass(row.id, now=NOW)
    row.delete()
    for wrong in (token, "foreign", ""):
        with pytest.raises(errors.DeviceUnknown):
            move(wrong)


def test_a_device_answers_its_check_by_itself(ada: User) -> None:
    row = device(ada)
    assert len(actions.check_devices(user_ids=[ada.id], now=NOW)) == 1
    assert actions.check_devices(user_ids=[ada.id], now=NOW + DAY) == []
    (message,) = claimed()
    assert (message.purpose, message.urgency) == ("check", Urgency.LOW)

    assert actions.answer_check(token_of(message), now=NOW) == row.id

    (method,) = queries.contact_methods(ada.id)
    assert (method.check_state, method.check_answered_at) == ("works", NOW)
    assert actions.settle_checks(now=NOW + 3 * DAY) == 0
    assert queries.doubtful_kinds([ada.id]) == {ada.id: set()}


def test_the_answer_needs_no_session(ada: User) -> None:
    row = device(ada)
    actions.check_device(contact_method_id=row.id, user_id=ada.id, now=utc_now())
    (message,) = actions.claim_due(rooms={("webpush", Urgency.LOW): 1}, now=utc_now())
    client = signed_in(make_user("Ben"))
    client.logout()
    assert client.get(message.respond_url).status_code == 405
    assert client.post(message.respond_url).status_code == 204
    assert ContactMethod.objects.get().check_state == "works"


def test_an_answer_to_an_older_check_is_void(ada: User) -> None:
    row = device(ada)
    actions.check_device(contact_method_id=row.id, user_id=ada.id, now=NOW)
    (message,) = claimed()
    actions.check_device(contact_method_id=row.id, user_id=ada.id, now=NOW + DAY / 2)
    for token in (token_of(message), "foreign"):
        with pytest.raises(errors.DeviceUnknown):
            actions.answer_check(token, now=NOW + DAY / 2)


def test_a_device_that_does_not_answer_is_told_of_elsewhere(ada: User) -> None:
    row, mail = device(ada), make_contact_method(ada)
    actions.check_devices(user_ids=[ada.id], now=NOW)
    assert actions.settle_checks(now=NOW + DAY / 2) == 0
    assert actions.settle_checks(now=NOW + DAY) == 1
    assert queries.doubtful_kinds([ada.id]) == {ada.id: {"webpush"}}
    repairs = Notice.objects.filter(purpose="repair").order_by("id")
    assert [(one.kind, one.contact_method_id) for one in repairs] == [
        ("inbox", None),
        ("email", mail.id),
    ]
    device(ada, address=NEW)
    assert queries.doubtful_kinds([ada.id]) == {ada.id: set()}
    assert row.label in queries.inbox(user_id=ada.id, now=NOW + DAY, cursor=None).items[0].title


def test_only_a_device_that_works_can_be_checked(ada: User) -> None:
    row = make_contact_method(ada, "webpush", is_verified=False)
    with pytest.raises(errors.ContactMethodNotVerified):
        actions.check_device(contact_method_id=row.id, user_id=ada.id, now=NOW)
    mail = make_contact_method(ada)
    with pytest.raises(errors.ContactMethodNotFound):
        actions.check_device(contact_method_id=mail.id, user_id=ada.id, now=NOW)


def test_what_is_on_a_screen_is_closed_once_for_each_device(ada: User) -> None:
    row, mail = device(ada), make_contact_method(ada)
    wishes = [new_notice(ada, "webpush"), new_notice(ada, "webpush"), new_notice(ada)]
    actions.plan_notices(notices=wishes, now=NOW)
    Notice.objects.update(state="accepted")

    assert actions.close_notices(subjects=["page:5"], said="Acknowledged by Ben", now=NOW) == 1

    (message,) = claimed()
    assert (message.purpose, message.content.tag) == ("close", CONTENT.tag)
    assert message.content.title == "Acknowledged by Ben"
    assert (row.id, mail.id) == (Notice.objects.latest("id").contact_method_id, mail.id)


def test_what_no_device_has_is_not_closed(ada: User) -> None:
    device(ada)
    actions.plan_notices(notices=[new_notice(ada, "webpush")], now=NOW)
    assert actions.close_notices(subjects=["page:5"], said="Over", now=NOW) == 0
    assert actions.close_notices(subjects=[], said="Over", now=NOW) == 0


def test_nobody_reads_of_checks_and_closings(ada: User) -> None:
    row = device(ada)
    actions.plan_notices(notices=[new_notice(ada, "webpush")], now=NOW)
    Notice.objects.update(state="accepted")
    actions.close_notices(subjects=["page:5"], said="Over", now=NOW)
    actions.check_device(contact_method_id=row.id, user_id=ada.id, now=NOW)
    page = queries.inbox(user_id=ada.id, now=NOW, cursor=None)
    assert [one.purpose for one in page.items] == ["page"]
    assert [one.purpose for one in queries.latest_to(row.id)] == ["page"]
    assert queries.notices_of_pages(f"contact-method:{row.id}") == []


def test_messages_to_devices_carry_the_number_for_the_icon(ada: User) -> None:
    ports.register_badge("test", lambda ids: dict.fromkeys(ids, 3))
    device(ada)
    actions.plan_notices(notices=[new_notice(ada, "webpush")], now=NOW)
    (message,) = claimed(Urgency.HIGH)
    ports.register_badge("test", lambda _ids: {})
    assert message.badge == 3


@pytest.mark.parametrize("kind", ["iphone", "android", "desktop"])
def test_the_guide_has_the_steps_for_each_kind(ada: User, kind: str) -> None:
    device(ada)
    html = signed_in(ada).get(f"{PATH}/devices/?device={kind}").content.decode()
    assert "sounds like 3 a.m." in html
    assert {"iphone": "Share", "android": "Override", "desktop": "browser running"}[kind] in html


def test_an_old_iphone_is_told_so(ada: User) -> None:
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 16_2 like Mac OS X) Safari/604.1"
    html = signed_in(ada).get(f"{PATH}/devices/", headers={"User-Agent": agent}).content.decode()
    assert "16.4 or newer" in html
    assert "iOS 16.2" in html
