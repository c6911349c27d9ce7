import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.factories.identity import make_user
from tests.factories.notifications import (
    NOW,
    ScriptedChannel,
    make_contact_method,
    new_notice,
    states,
)

from evenfall.identity.models import User
from evenfall.notifications import actions, errors, ports, queries
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.logic.verification import MOST_GUESSES
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.notifications.ports import Accepted, ChannelError, Message
from evenfall.platform import journal

pytestmark = pytest.mark.django_db
POINT = base64.urlsafe_b64encode(b"p" * 65).decode()
AUTH = base64.urlsafe_b64encode(b"a" * 16).decode().rstrip("=")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ada() -> User:
    return make_user()


def add_email(user: User, address: str = "ada@example.org") -> int:
    method_id, _ = actions.add_contact_method(
        user_id=user.id, kind="email", address=address, actor=f"user:{user.id}", now=NOW
    )
    return method_id


def add_push(user: User, endpoint: str = "https://push.example/1") -> int:
    return actions.add_push(
        user_id=user.id,
        endpoint=endpoint,
        p256dh=POINT,
        auth=AUTH,
        actor=f"user:{user.id}",
        now=NOW,
    )


def messages(kind: str) -> list[Message]:
    return actions.claim_due(rooms={(kind, Urgency.HIGH): 9}, now=NOW)


def code_sent(kind: str = "email") -> str:
    """The proof as it left for the provider."""
    return messages(kind)[-1].code


def state(method_id: int) -> str:
    row = ContactMethod.objects.get(id=method_id)
    return queries.method_state(row)


def test_a_new_address_gets_a_code_and_works_after_it_came_back(ada: User) -> None:
    method_id = add_email(ada)
    assert state(method_id) == "unverified"
    assert queries.reachable_kinds([ada.id]) == {ada.id: {"inbox"}}
    (message,) = messages("email")
    assert f"The code is {message.code}." in message.content.lines

    actions.verify(contact_method_id=method_id, user_id=ada.id, answer=message.code, now=NOW)

    assert state(method_id) == "verified"
    assert queries.reachable_kinds([ada.id]) == {ada.id: {"inbox", "email"}}
    changes = [entry.data["after"]["state"] for entry in changes_of(method_id)]
    assert changes == ["unverified", "verified"]


def changes_of(method_id: int) -> list[journal.Entry]:
    entries = journal.entries(subject=f"contact-method:{method_id}")
    return [entry for entry in entries if entry.kind.endswith("contact_method_changed")]


def test_the_inbox_does_not_give_the_code_away(ada: User) -> None:
    add_email(ada)
    code = code_sent()
    page = queries.inbox(user_id=ada.id, now=NOW, cursor=None)
    assert code not in "\n".join(line for notice in page.items for line in notice.lines)
    assert code not in str(Notice.objects.get().content)


def test_a_wrong_code_is_counted_and_guessing_ends(ada: User) -> None:
    method_id = add_email(ada)
    code = code_sent()
    for _ in range(MOST_GUESSES):
        with pytest.raises(errors.CodeWrong):
            actions.verify(contact_method_id=method_id, user_id=ada.id, answer="x", now=NOW)
    with pytest.raises(errors.TooManyGuesses):
        actions.verify(contact_method_id=method_id, user_id=ada.id, answer=code, now=NOW)


def test_a_code_works_for_its_time_only(ada: User) -> None:
    method_id = add_email(ada)
    code = code_sent()
    with pytest.raises(errors.CodeExpired):
        actions.verify(
            contact_method_id=method_id, user_id=ada.id, answer=code, now=NOW + 31 * MINUTE
        )


def test_a_new_code_makes_the_old_one_void(ada: User) -> None:
    method_id = add_email(ada)
    old = code_sent()
    with pytest.raises(errors.AskedTooSoon):
        actions.ask_verification(contact_method_id=method_id, user_id=ada.id, now=NOW)
    actions.ask_verification(contact_method_id=method_id, user_id=ada.id, now=NOW + MINUTE)
    with pytest.raises(errors.CodeWrong):
        actions.verify(contact_method_id=method_id, user_id=ada.id, answer=old, now=NOW + MINUTE)


def test_a_method_that_never_asked_has_no_code(ada: User) -> None:
    method = make_contact_method(ada, is_verified=False)
    with pytest.raises(errors.CodeExpired):
        actions.verify(contact_method_id=method.id, user_id=ada.id, answer="000000", now=NOW)


def test_nobody_verifies_for_somebody_else(ada: User) -> None:
    method_id = add_email(ada)
    with pytest.raises(errors.ContactMethodNotFound):
        actions.verify(
            contact_method_id=method_id, user_id=make_user("Ben").id, answer="1", now=NOW
        )


@pytest.mark.parametrize("address", ["", "ada", "ada@", "a@b\nBcc: x@y.z", "a" * 400 + "@b.cc"])
def test_an_address_must_be_one(ada: User, address: str) -> None:
    with pytest.raises(errors.AddressNotUsable):
        add_email(ada, address)


def test_the_same_address_is_taken_once(ada: User) -> None:
    add_email(ada)
    with pytest.raises(errors.ContactMethodTaken):
        add_email(ada)


@pytest.mark.parametrize("url", ["", "ftp://x.y", "https://", "https://[", "/hook", "x" * 2000])
def test_a_web_hook_needs_a_whole_address(ada: User, url: str) -> None:
    with pytest.raises(errors.AddressNotUsable):
        actions.add_contact_method(
            user_id=ada.id, kind="webhook", address=url, actor="user:1", now=NOW
        )


def test_a_long_web_hook_address_is_refused(ada: User) -> None:
    with pytest.raises(errors.AddressNotUsable, match="longer than"):
        actions.add_contact_method(
            user_id=ada.id,
            kind="webhook",
            address="https://x.y/" + "z" * 1000,
            actor="user:1",
            now=NOW,
        )


def test_the_secret_of_a_web_hook_is_kept_encrypted(ada: User) -> None:
    method_id, secret = actions.add_contact_method(
        user_id=ada.id, kind="webhook", address="https://hooks.example/x", actor="user:1", now=NOW
    )
    assert secret.startswith("whsec_")
    assert ContactMethod.objects.get(id=method_id).secret == secret
    (row,) = ContactMethod.objects.extra(select={"raw": "secret"}).values_list("raw")
    assert secret not in str(row)
    assert secret not in str([entry.data for entry in changes_of(method_id)])


def test_a_returned_challenge_verifies_a_web_hook(ada: User) -> None:
    method_id, _ = actions.add_contact_method(
        user_id=ada.id, kind="webhook", address="https://hooks.example/x", actor="user:1", now=NOW
    )
    (message,) = messages("webhook")
    actions.hand_over(ids=[message.notice_id], now=NOW)
    for proof, expected in (("wrong", "unverified"), (message.code, "verified")):
        answer = Accepted(proof=proof)
        result = actions.Result(notice_id=message.notice_id, attempt=1, at=NOW, answer=answer)
        Notice.objects.update(state="sent", lease_until=NOW)
        actions.record_results(results=[result], now=NOW)
        assert state(method_id) == expected


def test_a_push_message_that_comes_back_verifies_the_device(ada: User) -> None:
    method_id = add_push(ada)
    (message,) = messages("webpush")
    token = message.respond_url.rstrip("/").rpartition("/")[2]
    assert message.content.url == message.respond_url

    assert actions.confirm(token, now=NOW) == method_id
    assert state(method_id) == "verified"


@pytest.mark.parametrize("token", ["", "foreign", "a:b:c"])
def test_a_foreign_confirmation_is_refused(token: str) -> None:
    with pytest.raises(errors.CodeExpired):
        actions.confirm(token, now=NOW)


def test_a_confirmation_of_an_older_message_is_void(ada: User) -> None:
    method_id = add_push(ada)
    token = messages("webpush")[0].respond_url.rstrip("/").rpartition("/")[2]
    actions.ask_verification(contact_method_id=method_id, user_id=ada.id, now=NOW + MINUTE)
    with pytest.raises(errors.CodeExpired):
        actions.confirm(token, now=NOW + MINUTE)


def test_a_browser_belongs_to_the_person_who_enabled_it_last(ada: User) -> None:
    ben = make_user("Ben")
    add_push(ada)
    add_push(ben)
    assert ContactMethod.objects.get().user_id == ben.id
    assert "cancelled" in list(Notice.objects.values_list("state", flat=True))


@pytest.mark.parametrize("keys", [{"p256dh": "short"}, {"auth": ""}, {"auth": "é"}])
def test_a_damaged_subscription_is_refused(ada: User, keys: dict[str, str]) -> None:
    with pytest.raises(errors.AddressNotUsable):
        actions.add_push(
            user_id=ada.id,
            endpoint="https://push.example/1",
            p256dh=keys.get("p256dh", POINT),
            auth=keys.get("auth", AUTH),
            actor="user:1",
            now=NOW,
        )


def test_the_first_verified_method_of_a_kind_is_primary_and_can_be_replaced(ada: User) -> None:
    first, second = add_email(ada, "one@example.org"), add_email(ada, "two@example.org")
    for message in messages("email"):
        method_id = int(message.subject.partition(":")[2])
        actions.verify(contact_method_id=method_id, user_id=ada.id, answer=message.code, now=NOW)
    assert ContactMethod.objects.get(is_primary=True).id == first

    actions.make_primary(contact_method_id=second, user_id=ada.id, actor="user:1", now=NOW)

    assert ContactMethod.objects.get(is_primary=True).id == second


def test_an_unverified_method_cannot_be_primary_or_tested(ada: User) -> None:
    method_id = add_email(ada)
    with pytest.raises(errors.ContactMethodNotVerified):
        actions.make_primary(contact_method_id=method_id, user_id=ada.id, actor="x", now=NOW)
    with pytest.raises(errors.ContactMethodNotVerified):
        actions.send_test(user_id=ada.id, contact_method_id=method_id, now=NOW)
    with pytest.raises(errors.ContactMethodNotFound):
        actions.send_test(user_id=ada.id, contact_method_id=0, now=NOW)


def test_removing_cancels_what_waits_and_keeps_the_history(ada: User) -> None:
    method = make_contact_method(ada)
    actions.plan_notices(notices=[new_notice(ada, contact_method=method)], now=NOW)

    actions.remove_contact_method(
        contact_method_id=method.id, user_id=ada.id, actor="user:1", now=NOW
    )

    assert states() == ["cancelled"]
    (notice,) = queries.notices_for("page:5")
    assert (notice.address, notice.reason) == (method.address, "the contact method was removed")
    assert changes_of(method.id)[-1].data["after"] == {}


def test_a_broken_method_is_mended_by_verifying_it_again(ada: User) -> None:
    method = make_contact_method(ada, is_broken=True)
    actions.ask_verification(contact_method_id=method.id, user_id=ada.id, now=NOW)
    actions.verify(contact_method_id=method.id, user_id=ada.id, answer=code_sent(), now=NOW)
    assert state(method.id) == "verified"


def test_a_test_page_goes_everywhere_and_to_the_inbox(ada: User) -> None:
    make_contact_method(ada)
    make_contact_method(ada, "webhook")
    make_contact_method(ada, is_verified=False)
    ids = actions.send_test(user_id=ada.id, now=NOW)
    rows = Notice.objects.filter(id__in=ids).order_by("id")
    assert [row.kind for row in rows] == ["email", "webhook", "inbox"]


@pytest.mark.django_db(transaction=True)
def test_a_code_that_bounces_breaks_the_address(send_all: Callable[[], int]) -> None:
    ports.register_channel(
        ScriptedChannel(ChannelError("550 no", permanent=True, address_dead=True))
    )
    method_id = add_email(make_user())
    send_all()
    assert state(method_id) == "broken"
