"""Who is told what, when and how often: each complaint of readers elsewhere is a test."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.identity import NOW
from tests.factories.statuspages import (
    make_component,
    make_page,
    make_post,
    make_subscriber,
    make_work,
    say,
)
from tests.integration.statuspages.subscribing import (
    Mailbox,
    running_mailbox,
    send_due,
)

from evenfall.statuspages import actions
from evenfall.statuspages.actions import UpdateWish, WorkWish
from evenfall.statuspages.actions.delivering import LEASE, claim_parcels, record_outcomes
from evenfall.statuspages.actions.postman import carry
from evenfall.statuspages.actions.spreading import spread_due
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.logic.subscribing import Kind, State
from evenfall.statuspages.logic.words import PostState, Status, WorkState
from evenfall.statuspages.models import Bulletin, Delivery, Mailing, Subscriber

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
READER = "reader@example.org"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with running_mailbox() as running:
        yield running


def test_whole_story_once_and_in_order_oneuptime_1859(mailbox: Mailbox) -> None:
    page = make_page("Shop")
    part = make_component(page)
    make_subscriber(page)
    post = make_post(page, {part: Status.DEGRADED})
    say(post, PostState.IDENTIFIED, text="Found.")
    say(post, PostState.RESOLVED, text="It works again.")
    send_due()
    send_due(NOW + HOUR)
    assert mailbox.subjects(READER) == [
        "[Shop] Investigating: Checkout is slow",
        "[Shop] Identified: Checkout is slow",
        "[Shop] Resolved: Checkout is slow",
    ]


def test_resolved_mail_comes_although_the_components_changed_oneuptime_1859(
    mailbox: Mailbox,
) -> None:
    page = make_page("Shop")
    shop, search = make_component(page, "Shop"), make_component(page, "Search")
    make_subscriber(page, READER, search.pk)
    make_subscriber(page, "other@example.org", shop.pk)
    post = make_post(page)  # no component yet: everybody hears of it
    send_due()
    say(post, PostState.IDENTIFIED, {shop: Status.MAJOR})
    send_due()
    say(post, PostState.RESOLVED)
    send_due()
    heads = [subject.split(":")[0] for subject in mailbox.subjects(READER)]
    assert heads == ["[Shop] Investigating", "[Shop] Resolved"]
    assert len(mailbox.of("other@example.org")) == 3


def test_maintenance_reaches_those_of_some_components_cachet_3409_4242(mailbox: Mailbox) -> None:
    page = make_page("Shop")
    shop, search = make_component(page, "Shop"), make_component(page, "Search")
    make_subscriber(page, READER, shop.pk)
    make_subscriber(page, "search@example.org", search.pk)
    make_subscriber(page, "all@example.org")
    make_work(page, shop)
    send_due()
    assert mailbox.subjects(READER) == ["[Shop] Maintenance planned: New disks"]
    assert mailbox.of("search@example.org") == []
    assert len(mailbox.of("all@example.org")) == 1


def test_moved_cancelled_and_completed_windows_cachet_2613_3665(mailbox: Mailbox) -> None:
    page = make_page("Shop")
    part = make_component(page)
    make_subscriber(page)
    work = make_work(page, part, starts_at=NOW + 2 * HOUR, ends_at=NOW + 3 * HOUR)
    gone = make_work(page, part, starts_at=NOW + 2 * HOUR, ends_at=NOW + 3 * HOUR)
    wish = WorkWish(
        title="New disks",
        starts_at=NOW + 4 * HOUR,
        ends_at=NOW + 5 * HOUR,
        component_ids=[part.pk],
    )
    about: dict[str, Any] = {"status_page_id": page.pk, "actor": "system"}
    actions.change_work(work_id=work.pk, wish=wish, now=NOW, **about)
    actions.step_work(work_id=gone.pk, state=WorkState.CANCELLED, now=NOW, **about)
    send_due()
    for state, hours in ((WorkState.VERIFYING, 1), (WorkState.COMPLETED, 2)):
        if state is WorkState.VERIFYING:
            actions.advance_due_works(now=NOW + 4 * HOUR)
        at = NOW + (4 + hours) * HOUR
        actions.step_work(work_id=work.pk, state=state, now=at, **about)
        send_due(at)
    heads = [subject.split("] ")[1].split(":")[0] for subject in mailbox.subjects(READER)]
    assert sorted(heads[:4]) == [
        "Maintenance cancelled",
        "Maintenance changed",
        "Maintenance planned",
        "Maintenance planned",
    ]
    assert "Maintenance is being verified" in heads
    assert heads[-1] == "Maintenance completed"


def test_ahead_at_the_start_and_at_the_end_uptime_kuma_2462(mailbox: Mailbox) -> None:
    page = make_page("Shop")
    part = make_component(page)
    make_subscriber(page)
    make_work(page, part, starts_at=NOW + 3 * HOUR, ends_at=NOW + 4 * HOUR)
    send_due()
    assert spread_due(now=NOW).next_due == NOW + 2 * HOUR
    send_due(NOW + 2 * HOUR)
    for hours in (3, 4):
        actions.advance_due_works(now=NOW + hours * HOUR)
        send_due(NOW + hours * HOUR)
    heads = [subject.split("] ")[1].split(":")[0] for subject in mailbox.subjects(READER)]
    assert heads == [
        "Maintenance planned",
        "Maintenance is near",
        "Maintenance started",
        "Maintenance completed",
    ]


def test_a_reminder_follows_its_window_and_is_not_sent_late(mailbox: Mailbox) -> None:
    page = make_page("Shop")
    Mailing.objects.create(page=page, reminders=[120, 60])
    part = make_component(page)
    make_subscriber(page)
    work = make_work(page, part, starts_at=NOW + 5 * HOUR, ends_at=NOW + 6 * HOUR)
    wish = WorkWish(
        title="New disks",
        starts_at=NOW + 8 * HOUR,
        ends_at=NOW + 9 * HOUR,
        component_ids=[part.pk],
        starts_itself=False,
    )
    actions.change_work(status_page_id=page.pk, work_id=work.pk, wish=wish, now=NOW, actor="system")
    waiting = Bulletin.objects.filter(told="reminder").order_by("due_at")
    assert [row.due_at for row in waiting] == [NOW + 6 * HOUR, NOW + 7 * HOUR]
    send_due(NOW + 8 * HOUR)  # nothing ran until it began
    assert [s for s in mailbox.subjects(READER) if "near" in s] == []


def test_a_mail_names_what_is_touched_and_nothing_else_cachet_2153(mailbox: Mailbox) -> None:
    page = make_page("Shop")
    shop, search = make_component(page, "Basket"), make_component(page, "Search")
    make_subscriber(page, READER, shop.pk, search.pk)
    make_post(page, {shop: Status.PARTIAL})
    make_post(page, title="Something else")
    send_due()
    first, second = (mail.get_body(("plain",)) for mail in mailbox.of(READER))
    assert first is not None
    assert second is not None
    assert "Affects: Basket (Partial outage)" in first.get_content()
    assert "Search" not in first.get_content()
    assert "Affects" not in second.get_content()


def test_every_update_is_a_message_of_its_own_cachet_2531(mailbox: Mailbox) -> None:
    page = make_page("Shop")
    make_subscriber(page)
    post = make_post(page, text="One.")
    for state, text in ((PostState.MONITORING, "Two."), (PostState.RESOLVED, "Three.")):
        say(post, state, text=text)
    send_due()
    bodies = [mail.get_body(("plain",)) for mail in mailbox.of(READER)]
    told = [body.get_content() for body in bodies if body is not None]
    assert [word in text for word, text in zip(("One.", "Two.", "Three."), told, strict=True)] == [
        True,
        True,
        True,
    ]
    assert len({mail["Message-ID"] for mail in mailbox.of(READER)}) == 3


def test_mail_for_whoever_asked_uptime_kuma_916(mailbox: Mailbox) -> None:
    page = make_page("Shop", time_zone="Europe/Berlin")
    part = make_component(page)
    make_subscriber(page, language=Language.DE)
    make_post(page, {part: Status.MAJOR}, text="Wir **suchen**.")
    send_due()
    (mail,) = mailbox.of(READER)
    assert mail["Subject"] == "[Shop] Wird untersucht: Checkout is slow"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"/status/{page.slug}/unsubscribe/" in mail["List-Unsubscribe"]
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "(Europe/Berlin)" in plain.get_content()
    assert "<strong>suchen</strong>" in html.get_content()


def test_an_update_that_asks_for_silence_is_silent(mailbox: Mailbox) -> None:
    page = make_page()
    make_subscriber(page)
    first = UpdateWish(text="Quiet.", notify=False)
    actions.start_post(status_page_id=page.pk, title="Quiet", first=first, now=NOW, actor="system")
    part = make_component(page)
    make_work(page, part, notify=False)
    assert send_due(NOW + HOUR) == []
    assert mailbox.mails == []


def test_a_retraction_reaches_those_who_heard_of_it(mailbox: Mailbox) -> None:
    page = make_page("Shop")
    make_subscriber(page)
    post = make_post(page)
    send_due()
    actions.retract_post(
        status_page_id=page.pk, post_id=post.pk, reason="A false alarm.", now=NOW, actor="system"
    )
    send_due()
    assert mailbox.subjects(READER)[-1] == "[Shop] Retracted: Checkout is slow"


def test_topics_and_one_incident_only(mailbox: Mailbox) -> None:
    page = make_page("Shop")
    part = make_component(page)
    post = make_post(page, {part: Status.DEGRADED})
    make_subscriber(page, "works@example.org", incidents=False)
    make_subscriber(page, "one@example.org", post_id=post.pk)
    make_post(page, title="Another one")
    make_work(page, part)
    say(post, PostState.RESOLVED)
    send_due()
    assert mailbox.subjects("works@example.org") == ["[Shop] Maintenance planned: New disks"]
    heads = mailbox.subjects("one@example.org")
    assert heads[-1] == "[Shop] Resolved: Checkout is slow"
    assert all("Checkout is slow" in head for head in heads)


def test_whoever_comes_later_hears_nothing_old(mailbox: Mailbox) -> None:
    page = make_page()
    make_post(page)
    make_subscriber(page, now=NOW + HOUR)
    send_due(NOW + 2 * HOUR)
    assert mailbox.mails == []


def test_a_process_that_dies_loses_nothing(mailbox: Mailbox) -> None:
    page = make_page()
    make_subscriber(page)
    make_post(page)
    spread_due(now=NOW)
    assert len(claim_parcels(kind=Kind.MAIL, most=10, now=NOW)) == 1  # and then it dies
    assert claim_parcels(kind=Kind.MAIL, most=10, now=NOW) == []
    send_due(NOW + LEASE)
    assert len(mailbox.of(READER)) == 1


def test_a_mail_server_that_is_away_keeps_the_order(mailbox: Mailbox) -> None:
    page = make_page("Shop")
    make_subscriber(page)
    post = make_post(page)
    say(post, PostState.RESOLVED)
    mailbox.answers = ["451 later"]
    send_due()
    assert mailbox.mails == []
    send_due(NOW + HOUR)
    heads = [subject.split(":")[0] for subject in mailbox.subjects(READER)]
    assert heads == ["[Shop] Investigating", "[Shop] Resolved"]


def test_a_mailbox_that_is_gone_is_switched_off(mailbox: Mailbox) -> None:
    page = make_page()
    row = make_subscriber(page)
    post = make_post(page)
    say(post, PostState.RESOLVED)
    mailbox.answers = ["550 5.1.1 no such user"]
    send_due()
    row.refresh_from_db()
    assert row.state == State.OFF.value
    assert "5.1.1" in row.off_reason
    assert not Delivery.objects.filter(settled_at=None).exists()


def test_an_outcome_written_twice_changes_nothing(mailbox: Mailbox) -> None:
    page = make_page()
    make_subscriber(page)
    make_post(page)
    spread_due(now=NOW)
    (parcel,) = claim_parcels(kind=Kind.MAIL, most=10, now=NOW)
    outcome = asyncio.run(carry(parcel))
    record_outcomes(outcomes=[outcome], now=NOW)
    record_outcomes(outcomes=[outcome], now=NOW + HOUR)
    row = Delivery.objects.get()
    assert (row.arrived, row.settled_at) == (True, NOW)


def test_ten_thousand_subscribers_cost_a_handful_of_statements() -> None:
    counts = []
    for many in (10, 10_000):
        page = make_page()
        _crowd(page.pk, many)
        make_post(page)
        with CaptureQueriesContext(connection) as queries:
            spread_due(now=NOW)
            parcels = claim_parcels(kind=Kind.MAIL, most=10, now=NOW)
        assert len(parcels) == 10
        counts.append(len(queries))
        assert Bulletin.objects.filter(page=page).get().reached == many
        Subscriber.objects.filter(page=page).delete()
    assert counts[0] == counts[1]
    assert counts[1] <= 16


def _crowd(page_id: int, many: int) -> None:
    Subscriber.objects.bulk_create(
        [
            Subscriber(
                page_id=page_id,
                kind="mail",
                address=f"{number}@example.org",
                key=str(number),
                state="active",
                confirmed_at=NOW - HOUR,
                asked_at=NOW,
                created_at=NOW,
            )
            for number in range(many)
        ],
        batch_size=2000,
    )
