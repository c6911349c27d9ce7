"""What readers open: who sees it, what it says, and what a repeat costs."""

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from icalendar import Calendar
from tests.factories.identity import make_user, signed_in
from tests.factories.statuspages import make_component, make_page, make_post, make_work, say

from evenfall.platform.clock import utc_now
from evenfall.statuspages import actions
from evenfall.statuspages.actions import ComponentWish, GroupWish
from evenfall.statuspages.actions.subscribers import change_mailing
from evenfall.statuspages.logic.words import Collapsed, PostState, Status, Visibility, WorkState

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_everybody_sees_a_public_page_without_cookies() -> None:
    page = make_page("Status of Shop", now=utc_now())
    make_component(page, now=utc_now())
    answer = Client().get(f"/status/{page.slug}/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "All systems are operational" in text
    assert "Checkout" in text
    assert not answer.cookies
    assert "<script" not in text
    assert "/status-pages/" not in text


@pytest.mark.parametrize("kind", ["", "feed.atom", "maintenance.ics", "status.json"])
def test_a_page_for_colleagues_is_not_there_for_others(kind: str) -> None:
    page = make_page(visibility=Visibility.SIGNED_IN)
    address = f"/status/{page.slug}/{kind}"
    assert Client().get(address).status_code == 404
    answer = signed_in(make_user(role="observer")).get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("kind", ["", "feed.atom", "maintenance.ics", "status.json"])
def test_a_secret_page_wants_its_secret(kind: str) -> None:
    page = make_page(visibility=Visibility.TOKEN)
    address = f"/status/{page.slug}/{kind}"
    admin = signed_in(make_user(role="admin"))
    assert admin.get(address).status_code == 404
    assert Client().get(address, {"token": "guess"}).status_code == 404
    assert Client().get(address, {"token": page.token}).status_code == 200
    actions.renew_token(status_page_id=page.pk, now=utc_now(), actor="system")
    assert Client().get(address, {"token": page.token}).status_code == 404


def test_no_page_is_like_a_hidden_one() -> None:
    hidden = make_page(visibility=Visibility.TOKEN)
    there = Client().get(f"/status/{hidden.slug}/")
    missing = Client().get("/status/nowhere/")
    assert there.status_code == missing.status_code == 404
    assert hidden.title.encode() not in there.content


def test_a_repeat_costs_one_query(django_assert_num_queries: Any) -> None:
    page = make_page(now=utc_now())
    make_component(page, now=utc_now())
    client = Client()
    first = client.get(f"/status/{page.slug}/")
    with django_assert_num_queries(1):
        second = client.get(f"/status/{page.slug}/")
    if first["ETag"] == second["ETag"]:  # the same minute
        assert first.content == second.content
    with django_assert_num_queries(1):
        again = client.get(f"/status/{page.slug}/", headers={"If-None-Match": second["ETag"]})
    assert again.status_code in {200, 304}
    assert "max-age=15" in again["Cache-Control"]


def test_a_first_look_costs_the_same_for_one_and_three(django_assert_num_queries: Any) -> None:
    for count in (1, 3):
        page = make_page(now=utc_now())
        parts = [make_component(page, f"Part {n}", now=utc_now()) for n in range(count)]
        for part in parts:
            post = make_post(page, {part: Status.DEGRADED}, now=utc_now())
            say(post, PostState.MONITORING, now=utc_now())
            make_work(page, part, starts_at=utc_now() + HOUR, ends_at=utc_now() + 2 * HOUR)
        with django_assert_num_queries(15):
            assert Client().get(f"/status/{page.slug}/").status_code == 200


def test_a_change_is_seen_at_once() -> None:
    page = make_page(now=utc_now())
    part = make_component(page, now=utc_now() - HOUR)
    before = Client().get(f"/status/{page.slug}/")
    make_post(page, {part: Status.MAJOR}, title="Checkout is down", now=utc_now())
    after = Client().get(f"/status/{page.slug}/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert b"Checkout is down" in after.content
    assert b"Major outage of all systems" in after.content


def test_every_bar_has_words_and_no_data_is_grey() -> None:
    page = make_page(now=utc_now())
    make_component(page, now=utc_now() - HOUR)
    text = Client().get(f"/status/{page.slug}/").content.decode()
    assert text.count('<span class="sr">') >= 90
    assert text.count('<li class="is-unknown" title=') in {88, 89}  # all but the last hour
    assert "No data</span>" in text
    assert "time with data" in text


def test_groups_open_when_something_is_wrong() -> None:
    now = utc_now() - HOUR
    page = make_page(now=now)
    wish = GroupWish(name="Payments", collapsed=Collapsed.UNLESS_TROUBLE)
    group = actions.add_group(status_page_id=page.pk, wish=wish, now=now, actor="system")
    part = make_component(page, "Cards", group_id=group, now=now)
    assert b'<details class="panel group">' in Client().get(f"/status/{page.slug}/").content
    actions.set_status(
        status_page_id=page.pk,
        component_id=part.pk,
        status=Status.PARTIAL,
        now=utc_now(),
        actor="system",
    )
    assert b'<details class="panel group" open>' in Client().get(f"/status/{page.slug}/").content


def test_a_removed_component_is_gone() -> None:
    page = make_page(now=utc_now())
    part = make_component(page, now=utc_now())
    actions.remove_component(
        status_page_id=page.pk, component_id=part.pk, now=utc_now(), actor="system"
    )
    assert b"Checkout" not in Client().get(f"/status/{page.slug}/").content


def test_what_people_write_cannot_run() -> None:
    page = make_page(now=utc_now())
    text = "<script>alert(1)</script> [x](javascript:alert(1)) **so**"
    make_post(page, title="<b>Bold</b>", text=text, now=utc_now())
    shown = Client().get(f"/status/{page.slug}/").content.decode()
    assert "<script" not in shown
    assert 'href="javascript' not in shown
    assert "<strong>so</strong>" in shown
    assert "&lt;b&gt;Bold" in shown


def test_the_feed_has_an_entry_for_each_update_cachet_2531() -> None:
    page = make_page(now=utc_now())
    post = make_post(page, now=utc_now() - 2 * HOUR)
    say(post, PostState.RESOLVED, text="Fixed.", now=utc_now() - HOUR)
    entries = atom_entries(page.slug)
    assert [title for title, _ in entries] == [
        "Resolved: Checkout is slow",
        "Investigating: Checkout is slow",
    ]
    assert len({number for _, number in entries}) == 2


def atom_entries(slug: str) -> list[tuple[str, str]]:
    """Title and id of each entry."""
    body = Client().get(f"/status/{slug}/feed.atom").content
    space = "{http://www.w3.org/2005/Atom}"
    found = ET.fromstring(body).iter(f"{space}entry")
    return [(e.findtext(f"{space}title", ""), e.findtext(f"{space}id", "")) for e in found]


def test_a_retraction_is_visible_everywhere() -> None:
    page = make_page(now=utc_now())
    part = make_component(page, now=utc_now() - 2 * HOUR)
    post = make_post(page, {part: Status.MAJOR}, now=utc_now() - HOUR)
    actions.retract_post(
        status_page_id=page.pk, post_id=post.pk, reason="A test.", now=utc_now(), actor="system"
    )
    text = Client().get(f"/status/{page.slug}/").content.decode()
    assert "Retracted on" in text
    assert "A test." in text
    assert "All systems are operational" in text
    assert atom_entries(page.slug)[0][0] == "Retracted: Checkout is slow"


def test_the_calendar_says_what_was_cancelled() -> None:
    now = utc_now()
    page = make_page(now=now)
    part = make_component(page, now=now)
    work = make_work(page, part, starts_at=now + HOUR, ends_at=now + 2 * HOUR, now=now)
    actions.step_work(
        status_page_id=page.pk,
        work_id=work.pk,
        state=WorkState.CANCELLED,
        now=now,
        actor="system",
    )
    body = Client().get(f"/status/{page.slug}/maintenance.ics").content
    [event] = Calendar.from_ical(body).walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"
    assert "New disks" in str(event["SUMMARY"])


def test_the_data_says_what_the_page_says() -> None:
    now = utc_now()
    page = make_page(now=now, time_zone="Europe/Paris")
    part = make_component(page, now=now - HOUR)
    make_component(page, "Silent", now=now - HOUR, shows_uptime=False)
    make_post(page, {part: Status.DEGRADED}, now=now)
    told = json.loads(Client().get(f"/status/{page.slug}/status.json").content)
    assert told["status"] == "degraded"
    assert told["sentence"] == "Some systems are degraded"
    [first, second] = told["groups"][0]["components"]
    assert (first["name"], first["uptime_ratio"], len(first["days"])) == ("Checkout", 1.0, 90)
    assert second["uptime"] is None
    assert told["posts"][0]["updates"][0]["components"] == {"Checkout": "degraded"}


def test_head_is_answered() -> None:
    page = make_page(now=utc_now())
    assert Client().head(f"/status/{page.slug}/").status_code == 200


def test_components_of_a_wish_are_of_this_page() -> None:
    page, other = make_page(), make_page()
    wish = GroupWish(name="Theirs")
    group = actions.add_group(status_page_id=other.pk, wish=wish, now=utc_now(), actor="system")
    with pytest.raises(Exception, match="no such group"):
        actions.add_component(
            status_page_id=page.pk,
            wish=ComponentWish(name="Mine", group_id=group),
            now=utc_now(),
            actor="system",
        )


def test_a_page_that_takes_no_subscribers_asks_for_none() -> None:
    page = make_page(now=utc_now())
    make_post(page, now=utc_now())
    open_page = Client().get(f"/status/{page.slug}/").content.decode()
    assert "subscribe-address" in open_page
    assert "Be told of this incident only" in open_page
    for is_open in (False, True):
        change_mailing(
            status_page_id=page.pk, is_open=is_open, reminders=[], now=utc_now(), actor="system"
        )
        shown = Client().get(f"/status/{page.slug}/").content.decode()
        assert ("subscribe" in shown) is is_open
        earlier = Client().get(f"/status/{page.slug}/history.html").content.decode()
        assert ("subscribe" in earlier) is is_open
