"""Two connections at once: acknowledge against advance against stop, start against start.

A barrier lets both begin together; locks, not sleeps, decide the order. Every order must end in a
state that makes sense, so each race is run several times.
"""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.factories.identity import NOW
from tests.factories.paging import PagedTeam, make_paged_team, page_request, start_page

from evenfall.notifications import queries as notifications_queries
from evenfall.paging import actions
from evenfall.paging.logic.words import Response, Status
from evenfall.paging.models import Page
from evenfall.platform import journal

pytestmark = pytest.mark.django_db(transaction=True)
DUE = NOW + timedelta(minutes=5)
ROUNDS = 5


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


def together(*works: Callable[[], object]) -> None:
    """Run these at once, each on a connection of its own; raise what any of them raised."""
    barrier = threading.Barrier(len(works))
    failures: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    for failure in failures:
        raise failure


def acknowledge(page: Page, user_id: int) -> None:
    actions.respond(
        page_id=page.id,
        response=Response.ACKNOWLEDGE,
        user_id=user_id,
        via="web",
        now=DUE,
        actor=f"user:{user_id}",
    )


def advance() -> None:
    actions.advance_due_pages(now=DUE)


def planned(page: Page) -> int:
    notices = notifications_queries.notices_for(f"page:{page.id}")
    return sum(notice.state == "planned" for notice in notices)


def test_acknowledge_against_advance_always_ends_acknowledged(world: PagedTeam) -> None:
    for n in range(ROUNDS):
        page = start_page(world, f"incident:{n}")
        together(lambda page=page: acknowledge(page, world.ada.id), advance)  # type: ignore[misc]  # a default argument binds the page
        page.refresh_from_db()
        assert page.status == Status.ACKNOWLEDGED
        assert planned(page) == 0


def test_two_workers_take_one_step_together(world: PagedTeam) -> None:
    for n in range(ROUNDS):
        page = start_page(world, f"incident:{n}")
        together(advance, advance)
        page.refresh_from_db()
        assert (page.round, page.step) == (1, 2)
        assert page.moves.count() == 2


def test_acknowledge_against_stop_always_ends_closed(world: PagedTeam) -> None:
    for n in range(ROUNDS):
        page = start_page(world, f"incident:{n}")

        def stop(subject: str = page.subject) -> None:
            actions.stop_pages(subjects=[subject], reason="resolved", now=DUE, actor="system")

        together(lambda page=page: acknowledge(page, world.ada.id), stop)  # type: ignore[misc]  # a default argument binds the page
        page.refresh_from_db()
        assert page.status == Status.STOPPED
        assert planned(page) == 0


def test_all_three_at_once_end_closed_without_a_planned_notice(world: PagedTeam) -> None:
    for n in range(ROUNDS):
        page = start_page(world, f"incident:{n}")

        def stop(subject: str = page.subject) -> None:
            actions.stop_pages(subjects=[subject], reason="resolved", now=DUE, actor="system")

        together(
            lambda page=page: acknowledge(page, world.ada.id),  # type: ignore[misc]  # a default argument binds the page
            stop,
            advance,
        )
        page.refresh_from_db()
        assert page.status == Status.STOPPED
        assert planned(page) == 0


def test_two_starts_of_the_same_subjects_make_one_page_each(world: PagedTeam) -> None:
    subjects = [f"incident:{n}" for n in range(4)]
    found: list[dict[str, int]] = []

    def start(order: int) -> None:
        requests = [page_request(world, subject) for subject in subjects[::order]]
        found.append(actions.start_pages(requests=requests, now=NOW, actor="system"))

    together(lambda: start(1), lambda: start(-1))
    assert found[0] == found[1]
    assert Page.objects.count() == len(subjects)
    kinds = [e.kind for e in journal.entries(subject="incident:1")]
    assert kinds.count("paging.page_started") == 1


def test_advance_leaves_a_page_that_is_being_answered(world: PagedTeam) -> None:
    page = start_page(world)
    done: list[int] = []
    with transaction.atomic():
        Page.objects.select_for_update().get(id=page.id)
        together(lambda: done.append(actions.advance_due_pages(now=DUE).done))
    assert done == [0]
    assert actions.advance_due_pages(now=DUE).done == 1
