"""What waits for the reader on the home page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.identity import NOW, signed_in
from tests.factories.paging import PagedTeam, make_paged_team, start_page

from evenfall.paging import actions, queries
from evenfall.web.contexts.tonight import MOST_PAGES

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


def test_oldest_pages_wait_for_whoever_they_called(world: PagedTeam) -> None:
    first, second = (start_page(world, f"incident:{n}") for n in (1, 2))
    waiting = queries.open_pages_of(world.ada.id, limit=5)
    assert [(one.id, one.people) for one in waiting] == [
        (first.id, ("Ada",)),
        (second.id, ("Ada",)),
    ]
    assert [one.id for one in queries.open_pages_of(world.ada.id, limit=1)] == [first.id]
    assert queries.open_pages_of(world.dan.id, limit=5) == []


def test_of_very_many_the_oldest_are_shown_and_where_the_rest_is(world: PagedTeam) -> None:
    browser = signed_in(world.ada)
    made = [start_page(world, f"incident:{number}") for number in range(MOST_PAGES)]
    with CaptureQueriesContext(connection) as before:
        page = browser.get("/").content.decode()
    assert page.count("Answer the page") == MOST_PAGES
    assert "Still more pages" not in page
    newest = start_page(world, "incident:999")
    with CaptureQueriesContext(connection) as after:
        page = browser.get("/").content.decode()
    assert page.count("Answer the page") == MOST_PAGES
    assert f"/pages/{newest.id}/" not in page
    assert 'href="/pages/?show=mine"' in page
    assert len(after) <= len(before)
    actions.stop_pages(subjects=[made[0].subject], reason="over", now=NOW, actor="system")
    assert f"/pages/{newest.id}/" in browser.get("/").content.decode()
