"""The page on a phone, the list, digests, and paging somebody by hand."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.factories.identity import make_user, signed_in
from tests.factories.paging import PagedTeam, make_paged_team, page_request, start_page

from evenfall.paging import actions, queries
from evenfall.paging.logic.words import Response, Status
from evenfall.paging.models import Digest, Page
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


@pytest.fixture
def page(world: PagedTeam) -> Page:
    return start_page(world, now=utc_now())


@pytest.fixture
def ada(world: PagedTeam) -> Client:
    return signed_in(world.ada)


def test_page_shows_what_since_why_and_the_answers(ada: Client, page: Page) -> None:
    text = ada.get(f"/pages/{page.id}/").content.decode()
    for expected in (
        "Error rate above 5 %",
        "Checkout",
        "You, because: on call in Weekly",
        'value="acknowledge"',
        "Round 1, step 1: Paged: Ada",
        f'data-live="page:{page.id} incident:17"',
    ):
        assert expected in text
    assert len(text) < 60_000


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_however_long_its_story(
    world: PagedTeam, ada: Client, page: Page, count: int, django_assert_num_queries: object
) -> None:
    for n in range(count):
        actions.advance_due_pages(now=utc_now() + timedelta(minutes=6 * n + 6))
    with django_assert_num_queries(16):  # type: ignore[operator]  # pytest-django's fixture
        ada.get(f"/pages/{page.id}/")


@pytest.mark.parametrize(
    ("response", "status"),
    [
        (Response.ACKNOWLEDGE, Status.ACKNOWLEDGED),
        (Response.ON_IT, Status.MOBILISED),
        (Response.NEED_HELP, Status.HELP),
        (Response.ESCALATE, Status.PAGING),
        (Response.RESOLVE, Status.RESOLVED),
        (Response.NOT_ACTIONABLE, Status.RESOLVED),
    ],
)
def test_each_answer_acts_and_shows_the_page_again(
    ada: Client, page: Page, response: Response, status: Status
) -> None:
    answer = ada.post(f"/pages/{page.id}/respond/", {"response": response.value}, follow=True)
    assert answer.status_code == 200
    assert queries.page(page.id).status is status


def test_unknown_answer_is_refused_with_the_known_ones(ada: Client, page: Page) -> None:
    answer = ada.post(f"/pages/{page.id}/respond/", {"response": "dance"})
    assert answer.status_code == 422
    assert b"no answer dance" in answer.content


def test_observer_may_look_but_not_answer(page: Page) -> None:
    browser = signed_in(make_user(role="observer"))
    assert b'value="acknowledge"' not in browser.get(f"/pages/{page.id}/").content
    answer = browser.post(f"/pages/{page.id}/respond/", {"response": "acknowledge"})
    assert answer.status_code == 403


def test_observer_who_was_paged_may_answer(world: PagedTeam) -> None:
    observer = make_user(role="observer")
    page_id = actions.page_by_hand(
        message="Join", user_id=observer.id, now=utc_now(), actor="system"
    )
    answer = signed_in(observer).post(f"/pages/{page_id}/respond/", {"response": "on_it"})
    assert answer.status_code == 302
    assert queries.page(page_id).status is Status.MOBILISED


def test_part_is_the_same_element_again(ada: Client, page: Page) -> None:
    text = ada.get(f"/pages/{page.id}/part/").content.decode()
    assert text.lstrip().startswith(f'<div class="stack" id="page-{page.id}"')


def test_closed_page_offers_nothing_more(ada: Client, page: Page) -> None:
    actions.stop_pages(subjects=[page.subject], reason="resolved", now=utc_now(), actor="system")
    text = ada.get(f"/pages/{page.id}/").content
    assert b"This page is over" in text
    assert b'name="response"' not in text


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_however_long(
    world: PagedTeam, ada: Client, count: int, django_assert_num_queries: object
) -> None:
    for n in range(count):
        start_page(world, f"incident:{n}", now=utc_now())
    with django_assert_num_queries(7):  # type: ignore[operator]  # pytest-django's fixture
        answer = ada.get("/pages/")
    assert len(answer.context["found"].items) == count


def test_list_can_show_mine_only(world: PagedTeam, page: Page) -> None:
    assert len(signed_in(world.ada).get("/pages/?show=mine").context["found"].items) == 1
    assert signed_in(world.dan).get("/pages/?show=mine").context["found"].items == []
    assert b"Nobody is being paged" not in signed_in(world.dan).get("/pages/?show=all").content


def test_digest_lists_its_pages_and_acknowledges_all(world: PagedTeam, ada: Client) -> None:
    requests = [page_request(world, f"incident:{n}", title=f"Problem {n}") for n in range(7)]
    actions.start_pages(requests=requests, now=utc_now(), actor="system")
    digest = Digest.objects.get()
    assert b"2 pages in one message" in ada.get(f"/pages/digests/{digest.id}/").content
    ada.post(f"/pages/digests/{digest.id}/respond/", {"response": "acknowledge"})
    pages = queries.digest_pages(digest.id, user_id=world.ada.id)
    assert {one.status for one in pages} == {Status.ACKNOWLEDGED}


def test_digest_of_somebody_else_is_not_found(world: PagedTeam) -> None:
    requests = [page_request(world, f"incident:{n}") for n in range(7)]
    actions.start_pages(requests=requests, now=utc_now(), actor="system")
    digest = Digest.objects.get()
    assert signed_in(world.ben).get(f"/pages/digests/{digest.id}/").status_code == 404


def test_somebody_can_be_paged_by_hand(world: PagedTeam, ada: Client) -> None:
    assert ada.get("/pages/new/").status_code == 200
    form = {"message": "Join the call", "user_id": str(world.dan.id), "urgency": "high"}
    answer = ada.post("/pages/new/", form, follow=True)
    assert b"Join the call" in answer.content
    page = Page.objects.get()
    assert page.started_by == f"user:{world.ada.id}"


def test_paging_nobody_by_hand_says_what_is_missing(ada: Client) -> None:
    answer = ada.post("/pages/new/", {"message": "Help", "urgency": "high"})
    assert answer.status_code == 422
    assert b"Choose a service, a team, a person or a policy" in answer.content
