"""Subscribing, confirming, choosing and leaving, as readers do it: no cookies, no account."""

import asyncio
import base64
import hmac
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client
from tests.factories.http_provider import Provider, Received, Reply, Script, provider
from tests.factories.identity import make_membership, make_team, make_user, signed_in
from tests.factories.statuspages import make_component, make_page, make_post, make_subscriber
from tests.integration.statuspages.subscribing import (
    Mailbox,
    running_mailbox,
    send_due,
)

from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.ports import ChannelError
from evenfall.platform.clock import utc_now
from evenfall.statuspages.actions import subscribers as managing
from evenfall.statuspages.actions import subscribing
from evenfall.statuspages.actions.delivering import Outcome, claim_parcels, record_outcomes
from evenfall.statuspages.actions.postman import carry
from evenfall.statuspages.actions.spreading import forget_old, spread_due
from evenfall.statuspages.errors import AlreadySubscribed, SubscriberNotFound, SubscriptionNotUsable
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.logic.subscribing import Choice, Kind, State
from evenfall.statuspages.logic.words import Visibility
from evenfall.statuspages.models import StatusPage, Subscriber
from evenfall.statuspages.queries import subscribers
from evenfall.statuspages.views import subscribing as views

pytestmark = pytest.mark.django_db
READER = "reader@example.org"
MAIL = {"how": "mail", "address": READER, "incidents": "on", "works": "on"}
P256DH = base64.urlsafe_b64encode(b"\x04" + b"p" * 64).decode().rstrip("=")
AUTH = base64.urlsafe_b64encode(b"a" * 16).decode().rstrip("=")
BROWSER = {
    "endpoint": "https://push.example.net/abc",
    "p256dh": P256DH,
    "auth": AUTH,
    "incidents": "on",
}


@pytest.fixture(autouse=True)
def _paces() -> None:
    for pace in (views.NETWORK, views.PAGE, views.ADDRESS):
        pace.clear()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with running_mailbox() as running:
        yield running


def subscribe(page: StatusPage, **more: Any) -> Any:
    return Client().post(f"/status/{page.slug}/subscribe/", {**MAIL, **more})


def link(mailbox: Mailbox, name: str) -> str:
    """The path of a link in the newest mail."""
    body = mailbox.mails[-1].get_body(("plain",))
    assert body is not None
    found = re.search(rf"(/status/[^ \n]*/{name}/[^ \n]+)", body.get_content())
    assert found is not None
    return found[1]


def is_private(answer: Any) -> bool:
    return not answer.cookies and answer["Cache-Control"] == "private, no-store"


def test_double_opt_in_by_mail_uptime_kuma_916(mailbox: Mailbox) -> None:
    page = make_page("Shop")
    answer = subscribe(page)
    assert answer.status_code == 200
    assert is_private(answer)
    assert READER.encode() in answer.content
    send_due(utc_now())
    assert mailbox.subjects(READER) == ["Confirm: updates of Shop"]
    assert mailbox.mails[-1]["List-Unsubscribe"] is None
    path = link(mailbox, "confirm")
    shown = Client().get(path)
    assert b"Confirm" in shown.content
    assert Subscriber.objects.get().state == State.PENDING.value  # scanners follow links too
    done = Client().post(path)
    assert b"You are subscribed" in done.content
    assert is_private(done)
    assert Subscriber.objects.get().state == State.ACTIVE.value
    assert Client().post(path).status_code == 200


def test_nobody_finds_out_who_is_subscribed(mailbox: Mailbox) -> None:
    page = make_page("Shop")
    make_subscriber(page, READER)
    old = subscribe(page)
    new = subscribe(page, address="new@example.org")
    assert old.content.replace(READER.encode(), b"") == new.content.replace(b"new@example.org", b"")
    send_due(utc_now())
    assert mailbox.subjects(READER) == ["You already get updates of Shop"]
    assert Subscriber.objects.get(address=READER).state == State.ACTIVE.value


def test_asking_twice_sends_one_mail(mailbox: Mailbox) -> None:
    page = make_page()
    subscribe(page)
    subscribe(page, address=READER.upper())
    send_due(utc_now())
    assert len(mailbox.mails) == 1


def test_what_nobody_confirms_is_forgotten(mailbox: Mailbox) -> None:
    subscribe(make_page())
    forget_old(now=utc_now() + timedelta(hours=47))
    assert Subscriber.objects.count() == 1
    forget_old(now=utc_now() + timedelta(hours=49))
    assert Subscriber.objects.count() == 0


def test_one_click_unsubscribe_erases(mailbox: Mailbox) -> None:
    page = make_page()
    make_subscriber(page)
    make_post(page, now=utc_now())
    send_due(utc_now())
    header = mailbox.mails[-1]["List-Unsubscribe"].strip("<>")
    path = header[header.index("/status/") :]
    assert b"Unsubscribe?" in Client().get(path).content
    assert Subscriber.objects.count() == 1
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert Subscriber.objects.count() == 0
    assert strict.post(path).status_code == 200  # a second click is no error


def test_choosing_components_and_kinds(mailbox: Mailbox) -> None:
    page = make_page(now=utc_now())
    part = make_component(page, now=utc_now())
    row = make_subscriber(page)
    make_post(page, now=utc_now())
    send_due(utc_now())
    path = link(mailbox, "subscription")
    assert b"Checkout" in Client().get(path).content
    answer = Client().post(path, {"works": "on", "component_ids": [part.pk]})
    assert b"Saved." in answer.content
    row.refresh_from_db()
    assert (row.wants_incidents, row.wants_works, row.component_ids) == (False, True, [part.pk])
    nothing = Client().post(path, {})
    assert nothing.status_code == 422
    assert b"choose incidents, maintenance or both" in nothing.content


def test_one_incident_only(mailbox: Mailbox) -> None:
    page = make_page()
    post = make_post(page)
    address = f"/status/{page.slug}/subscribe/?post={post.pk}"
    assert b"Checkout is slow" in Client().get(address).content
    Client().post(address, {**MAIL, "only_post": "on"})
    assert Subscriber.objects.get().post_id == post.pk


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "a b@example.org", "x" * 300])
def test_what_is_no_address_is_refused(address: str, mailbox: Mailbox) -> None:
    answer = subscribe(make_page(), address=address)
    assert answer.status_code == 422
    assert not answer.cookies
    assert Subscriber.objects.count() == 0


def test_a_foreign_component_is_refused(mailbox: Mailbox) -> None:
    other = make_component(make_page())
    assert subscribe(make_page(), component_ids=[other.pk]).status_code == 422


@pytest.mark.parametrize("name", ["confirm", "subscription"])
def test_a_forged_link_opens_nothing(name: str) -> None:
    page = make_page()
    assert Client().get(f"/status/{page.slug}/{name}/guess/").status_code == 404
    assert Client().post(f"/status/{page.slug}/{name}/guess/").status_code == 404


def test_a_link_of_one_kind_is_none_of_another(mailbox: Mailbox) -> None:
    page = make_page()
    subscribe(page)
    send_due(utc_now())
    path = link(mailbox, "confirm")
    other = make_page()
    assert Client().get(path.replace("/confirm/", "/subscription/")).status_code == 404
    assert Client().get(path.replace(page.slug, other.slug)).status_code == 404


def test_the_form_is_cached_and_sets_no_cookie(mailbox: Mailbox) -> None:
    page = make_page(now=utc_now())
    answer = Client().get(f"/status/{page.slug}/subscribe/")
    assert answer.status_code == 200
    assert "max-age=15" in answer["Cache-Control"]
    assert not answer.cookies
    public = Client().get(f"/status/{page.slug}/").content.decode()
    assert 'action="subscribe/"' in public


def test_a_hidden_page_hides_its_form(mailbox: Mailbox) -> None:
    page = make_page(visibility=Visibility.TOKEN)
    address = f"/status/{page.slug}/subscribe/"
    assert Client().get(address).status_code == 404
    assert Client().post(address, MAIL).status_code == 404
    opened = Client().get(f"{address}?token={page.token}")
    assert opened["Cache-Control"] == "private, no-store"
    assert Client().post(f"{address}?token={page.token}", MAIL).status_code == 200


def test_a_flood_is_told_when_to_come_again(mailbox: Mailbox) -> None:
    page = make_page()
    answers = [subscribe(page) for _ in range(5)]
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0
    views.ADDRESS.clear()
    address = f"/status/{page.slug}/subscribe/browser/"
    codes = [Client().post(address, BROWSER).status_code for _ in range(40)]
    assert codes[-1] == 429


def test_a_closed_page_takes_nobody(mailbox: Mailbox) -> None:
    page = make_page()
    managing.change_mailing(
        status_page_id=page.pk, is_open=False, reminders=[], now=utc_now(), actor="system"
    )
    assert subscribe(page).status_code == 422
    assert Subscriber.objects.count() == 0


def test_a_browser_without_an_account_uptime_kuma_7762() -> None:
    page = make_page()
    address = f"/status/{page.slug}/subscribe/browser/"
    answer = Client(enforce_csrf_checks=True).post(address, BROWSER)
    assert answer.status_code == 200
    assert not answer.cookies
    row = Subscriber.objects.get()
    assert (row.kind, row.state, row.wants_works) == ("push", "active", False)
    assert json.loads(row.secret) == {"p256dh": P256DH, "auth": AUTH}
    assert Client().post(address, {**BROWSER, "works": "on"}).status_code == 200
    row.refresh_from_db()
    assert row.wants_works
    assert subscribers.subscriber(row.pk).shown == "push.example.net"


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://push.example.net/abc"},
        {"p256dh": "short"},
        {"auth": "\N{SNOWMAN}"},
        {"incidents": ""},
    ],
)
def test_half_a_browser_is_refused(wrong: dict[str, str]) -> None:
    page = make_page()
    answer = Client().post(f"/status/{page.slug}/subscribe/browser/", {**BROWSER, **wrong})
    assert answer.status_code == 422


def new_hook(page: StatusPage, url: str) -> subscribing.NewHook:
    return subscribing.subscribe_webhook(
        status_page_id=page.pk,
        url=url,
        choice=Choice(),
        language=Language.EN,
        now=utc_now(),
    )


def echo(request: Received) -> Reply:
    """A receiver that returns the challenge, and says no once it is told of something."""
    body = json.loads(request.body)
    if body["type"] != "verification":
        return Reply(status=503)
    return Reply(status=200, body=json.dumps({"challenge": body["challenge"]}).encode())


def is_signed(request: Received, secret: str) -> bool:
    """Check as a receiver would, from the documentation alone."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    names = ("webhook-id", "webhook-timestamp")
    signed = b".".join([*(request.headers[name].encode() for name in names), request.body])
    expected = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    return hmac.compare_digest(f"v1,{expected}", request.headers["webhook-signature"])


@contextmanager
def receiving(script: Script) -> Iterator[tuple[asyncio.Runner, Provider]]:
    """A receiver on loopback, and the loop that it shares with whoever sends."""
    with asyncio.Runner() as runner:
        around = provider(script)
        running = runner.run(around.__aenter__())
        yield runner, running
        runner.run(around.__aexit__(None, None, None))


def send_hooks(runner: asyncio.Runner, now: datetime) -> None:
    while spread_due(now=now).done:
        pass
    for parcel in claim_parcels(kind=Kind.WEBHOOK, most=10, now=now):
        record_outcomes(outcomes=[runner.run(carry(parcel))], now=now)


def test_a_web_hook_is_tested_signed_and_tried_again() -> None:
    page = make_page("Shop")
    with receiving(echo) as (runner, running):
        made = new_hook(page, f"{running.url}/hook")
        now = utc_now()
        assert Subscriber.objects.get().state == State.PENDING.value
        send_hooks(runner, now)
        assert Subscriber.objects.get().state == State.ACTIVE.value
        make_post(page, now=now + timedelta(minutes=1))
        send_hooks(runner, now + timedelta(minutes=2))
        send_hooks(runner, now + timedelta(minutes=2, seconds=30))  # too early
        send_hooks(runner, now + timedelta(minutes=4))
    test, first, again = running.requests
    assert all(is_signed(request, made.secret) for request in (test, first, again))
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    body = json.loads(first.body)
    assert (body["type"], body["told"], body["title"]) == (
        "status.incidents",
        "posted",
        "Checkout is slow",
    )
    assert "/unsubscribe/" in body["unsubscribe_url"]
    assert Subscriber.objects.get().failures == 2


def test_a_hook_that_does_not_return_the_challenge_is_not_told() -> None:
    page = make_page("Shop")
    with receiving(lambda _: Reply(status=200, body=b"ok")) as (runner, running):
        new_hook(page, f"{running.url}/hook")
        now = utc_now()
        send_hooks(runner, now)
        make_post(page, now=now)
        send_hooks(runner, now + timedelta(hours=1))
    assert len(running.requests) == 1
    assert Subscriber.objects.get().state == State.PENDING.value


def test_the_same_hook_again_is_a_conflict() -> None:
    page = make_page()
    made = new_hook(page, "https://hook.example.org/")
    assert new_hook(page, "https://hook.example.org/").subscriber_id == made.subscriber_id
    Subscriber.objects.update(state="active", confirm_until=None, confirmed_at=utc_now())
    with pytest.raises(AlreadySubscribed):
        new_hook(page, "https://hook.example.org/")


def test_the_key_of_a_hook_is_shown_once() -> None:
    page = make_page()
    about = {"how": "webhook", "url": "https://hook.example.org/", "incidents": "on"}
    answer = Client().post(f"/status/{page.slug}/subscribe/", about)
    assert Subscriber.objects.get().secret.encode() in answer.content
    path = re.search(r"(/status/[^\"<]*/subscription/[^\"<]+)", answer.content.decode())
    assert path is not None
    again = Client().get(path[1])
    assert b"whsec_" not in again.content
    assert b"Test again" in again.content


def test_managers_list_export_import_and_erase(mailbox: Mailbox) -> None:
    page = make_page("Shop")
    boss = signed_in(make_user(role="manager"))
    row = make_subscriber(page, "=cmd@example.org")
    here = f"/status-pages/{page.pk}/subscribers/"
    assert "=cmd@example.org" in boss.get(here).content.decode()
    assert "=cmd" not in boss.get(here, {"q": "nobody"}).content.decode()
    csv = boss.get(f"/status-pages/{page.pk}/subscribers.csv").content.decode()
    assert "'=cmd@example.org" in csv
    answer = boss.post(f"{here}import/", {"text": "a@example.org, b@example.org\n=cmd@example.org"})
    assert answer.status_code == 302
    send_due(utc_now())
    assert sorted(mail["To"] for mail in mailbox.mails) == ["a@example.org", "b@example.org"]
    assert Subscriber.objects.filter(state="pending").count() == 2
    assert boss.post(f"{here}import/", {"text": "no address"}).status_code == 422
    boss.post(f"{here}{row.pk}/erase/")
    assert not Subscriber.objects.filter(id=row.pk).exists()


@pytest.mark.parametrize(
    ("role", "status"), [("observer", 403), ("responder", 403), ("manager", 200), ("admin", 200)]
)
def test_who_sees_subscribers(role: str, status: int) -> None:
    page = make_page()
    client = signed_in(make_user(role=role))
    for name in ("subscribers/", "subscribers.csv", "subscribers/import/", "subscribers/settings/"):
        assert client.get(f"/status-pages/{page.pk}/{name}").status_code == status
    assert Client().get(f"/status-pages/{page.pk}/subscribers/").status_code == 302


def test_a_manager_of_another_team_sees_none() -> None:
    page = make_page(team_id=make_team("Shop").pk)
    other = make_team("Search")
    user = make_user(role="observer")
    make_membership(other, user, role="manager")
    assert signed_in(user).get(f"/status-pages/{page.pk}/subscribers/").status_code == 403


def test_the_list_costs_the_same_for_one_and_three(django_assert_num_queries: Any) -> None:
    page = make_page()
    part = make_component(page)
    for count in (1, 3):
        Subscriber.objects.all().delete()
        for number in range(count):
            make_subscriber(page, f"{number}@example.org", part.pk)
        with django_assert_num_queries(2):
            assert len(subscribers.subscribers_page(page.pk).items) == count


def test_a_dead_hook_is_switched_off_and_its_owner_hears_of_it() -> None:
    boss = make_user(role="admin")
    page = make_page()
    made = new_hook(page, "https://hook.example.org/")
    Subscriber.objects.filter(id=made.subscriber_id).update(
        state="active",
        confirm_until=None,
        confirmed_at=utc_now(),
        failures=4,
        failing_since=utc_now() - timedelta(days=2),
    )
    (parcel,) = claim_parcels(kind=Kind.WEBHOOK, most=10, now=utc_now())
    error = ChannelError("500", permanent=False)
    record_outcomes(outcomes=[Outcome(parcel=parcel, error=error)], now=utc_now())
    assert Subscriber.objects.get().state == State.OFF.value
    (notice,) = notifications_queries.notices_for(f"status_page:{page.pk}")
    assert notice.user_id == boss.pk


def test_unknown_subscribers_are_not_found() -> None:
    with pytest.raises(SubscriberNotFound):
        subscribers.subscriber(5)
    with pytest.raises(SubscriptionNotUsable):
        subscribing.mail_address("a\x00@example.org")
