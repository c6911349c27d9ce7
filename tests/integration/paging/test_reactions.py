"""A notice that fails for good never leaves a page waiting for somebody out of reach."""

from datetime import timedelta

import pytest
from tests.factories.identity import NOW
from tests.factories.paging import PagedTeam, make_paged_team, start_page

from evenfall.notifications.events import NoticeFailed
from evenfall.notifications.models import Notice
from evenfall.paging import reactions
from evenfall.paging.models import Page
from evenfall.platform import journal
from evenfall.platform.events import Recorded

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(seconds=20)


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


def fail_notices(page: Page, user_id: int) -> None:
    notices = Notice.objects.filter(subject=f"page:{page.id}", user_id=user_id)
    notices.exclude(kind="inbox").update(state="failed")


def failed(page: Page, user_id: int, **changes: object) -> Recorded[NoticeFailed]:
    fields = {
        "notice_id": 1,
        "user_id": user_id,
        "subject": f"page:{page.id}",
        "channel": "email",
        "purpose": "page",
        "urgency": "high",
        "attempts": 1,
        "reason": "550 no such mailbox",
        "at": NOW,
        **changes,
    }
    return Recorded(id=1, event=NoticeFailed(**fields))  # type: ignore[arg-type]  # names as above


def due_at(page: Page) -> object:
    page.refresh_from_db()
    return page.due_at


def test_person_out_of_reach_makes_the_page_due_now(world: PagedTeam) -> None:
    page = start_page(world)
    fail_notices(page, world.ada.id)
    reactions.go_on_after_failures([failed(page, world.ada.id)], now=SOON)
    assert due_at(page) == SOON
    assert not page.participations.get(user_id=world.ada.id).is_reachable
    assert journal.entries(subject=page.subject)[-1].kind == "paging.page_nobody_found"


def test_page_waits_while_another_notice_may_still_arrive(world: PagedTeam) -> None:
    page = start_page(world)
    reactions.go_on_after_failures([failed(page, world.ada.id)], now=SOON)
    assert due_at(page) == NOW + timedelta(minutes=5)


def test_page_waits_while_another_person_of_the_step_can_be_reached(world: PagedTeam) -> None:
    page = start_page(world)
    page.moves.update(reason="step_taken")
    move = page.moves.get()
    page.participations.create(move=move, user=world.dan, at=NOW, why="leads Payments")
    fail_notices(page, world.ada.id)
    reactions.go_on_after_failures([failed(page, world.ada.id)], now=SOON)
    assert due_at(page) == NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    "changes", [{"fallback_id": 9}, {"urgency": "low"}, {"subject": "shift:4"}]
)
def test_other_failures_are_no_concern(world: PagedTeam, changes: dict[str, object]) -> None:
    page = start_page(world)
    fail_notices(page, world.ada.id)
    reactions.go_on_after_failures([failed(page, world.ada.id, **changes)], now=SOON)
    assert due_at(page) == NOW + timedelta(minutes=5)


def test_closed_page_stays_closed(world: PagedTeam) -> None:
    page = start_page(world)
    fail_notices(page, world.ada.id)
    Page.objects.filter(id=page.id).update(
        status="stopped", due_at=None, ended_at=NOW, stop_reason="resolved"
    )
    reactions.go_on_after_failures([failed(page, world.ada.id)], now=SOON)
    assert due_at(page) is None
