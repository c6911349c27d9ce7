"""Signed links: looking never acts, sending does, each answer once, signed in or not."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.factories.notifications import new_notice
from tests.factories.paging import PagedTeam, make_paged_team, page_request, start_page

from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import queries as notifications_queries
from evenfall.paging import actions, queries
from evenfall.paging.logic.words import Status
from evenfall.paging.models import Digest, Page, PageAnswer
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


@pytest.fixture
def page(world: PagedTeam) -> Page:
    return start_page(world, now=utc_now())


def link_to(subject: str, action: str = "acknowledge") -> str:
    """The path of the link in the first notice about the subject."""
    notice = notifications_queries.notices_for(subject)[0]
    url = notifications_actions.response_url(notice, action, now=utc_now())
    return url[url.index("/r/") :]


def outsider() -> Client:
    return Client(enforce_csrf_checks=True)


def test_looking_shows_the_page_and_changes_nothing(page: Page) -> None:
    answer = outsider().get(link_to(f"page:{page.id}"))
    assert answer.status_code == 200
    assert b"Error rate above 5 %" in answer.content
    assert answer["Referrer-Policy"] == "no-referrer"
    assert queries.page(page.id).status is Status.PAGING


def test_sending_acknowledges_without_a_session_or_csrf(world: PagedTeam, page: Page) -> None:
    answer = outsider().post(link_to(f"page:{page.id}"), {"action": "acknowledge"})
    assert answer.status_code == 200
    assert b"Acknowledged." in answer.content
    view = queries.page(page.id)
    assert (view.status, view.holder) == (Status.ACKNOWLEDGED, "Ada")
    assert PageAnswer.objects.get().via == "link"


def test_offered_answer_comes_first(page: Page) -> None:
    answer = outsider().get(link_to(f"page:{page.id}", "escalate"))
    assert answer.context["answers"][0].name == "escalate"


def test_second_tap_changes_nothing_more(page: Page) -> None:
    link = link_to(f"page:{page.id}")
    outsider().post(link, {"action": "acknowledge"})
    answer = outsider().post(link, {"action": "acknowledge"})
    assert b"You gave this answer before" in answer.content
    assert PageAnswer.objects.count() == 1


def test_other_answer_with_the_same_link_still_counts(page: Page) -> None:
    link = link_to(f"page:{page.id}")
    outsider().post(link, {"action": "acknowledge"})
    outsider().post(link, {"action": "on_it"})
    assert queries.page(page.id).status is Status.MOBILISED


def test_answer_that_was_not_offered_is_refused(page: Page) -> None:
    answer = outsider().post(link_to(f"page:{page.id}"), {"action": "resolve"})
    assert answer.status_code == 422
    assert queries.page(page.id).status is Status.PAGING


def test_forged_or_old_link_is_gone() -> None:
    assert outsider().get("/r/not-a-token/").status_code == 410
    assert outsider().post("/r/not-a-token/", {"action": "acknowledge"}).status_code == 410


def test_link_about_something_else_is_not_found(world: PagedTeam) -> None:
    notice = new_notice(world.ada, "inbox", subject="shift:4")
    notifications_actions.plan_notices(notices=[notice], now=utc_now())
    assert outsider().get(link_to("shift:4")).status_code == 404


def test_link_of_a_digest_acknowledges_all(world: PagedTeam) -> None:
    requests = [page_request(world, f"incident:{n}") for n in range(7)]
    actions.start_pages(requests=requests, now=utc_now(), actor="system")
    digest = Digest.objects.get()
    link = link_to(f"digest:{digest.id}")
    assert outsider().get(link).context["is_digest"]
    assert outsider().post(link, {"action": "acknowledge"}).status_code == 200
    pages = queries.digest_pages(digest.id, user_id=world.ada.id)
    assert {one.status for one in pages} == {Status.ACKNOWLEDGED}


def test_link_to_a_page_that_is_over_says_so(page: Page) -> None:
    link = link_to(f"page:{page.id}")
    later = utc_now() + timedelta(seconds=1)
    actions.stop_pages(subjects=[page.subject], reason="resolved", now=later, actor="system")
    assert b"This is over" in outsider().get(link).content
