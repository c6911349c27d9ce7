"""A call asks one question; a key answers it, once."""

import pytest
from tests.factories.notifications import NOW, make_contact_method
from tests.factories.paging import PagedTeam, make_paged_team, page_request, start_page

from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import errors
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.paging import actions, queries
from evenfall.paging.models import Page, PageAnswer
from evenfall.paging.ports import Response, Status, Urgency

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> PagedTeam:
    """Ada is on call and has a telephone."""
    world = make_paged_team()
    make_contact_method(world.ada, "voice", address="+491701234567")
    return world


@pytest.fixture
def page(world: PagedTeam) -> Page:
    return start_page(world)


def call_about(subject: str) -> int:
    found = Notice.objects.filter(subject=subject, kind="voice").order_by("id").first()
    assert found is not None
    return found.id


def press(page: Page, key: str) -> str:
    notice_id = call_about(f"page:{page.id}")
    return actions.press_key(notice_id=notice_id, key=key, now=NOW).text


def test_the_page_is_said_with_the_keys_that_answer(page: Page) -> None:
    said = actions.pick_up(notice_id=call_about(f"page:{page.id}"), now=NOW)
    assert "Error rate above 5 percent." in said.text
    assert (said.keys, said.times) == (("4", "6", "0"), 2)
    assert queries.page(page.id).status is Status.PAGING


def test_four_acknowledges_once(page: Page) -> None:
    assert press(page, "4") == "Acknowledged. Good luck."
    assert queries.page(page.id).status is Status.ACKNOWLEDGED
    assert PageAnswer.objects.get().via == "voice"
    assert press(page, "4") == "This was already answered."


def test_six_hands_on(page: Page) -> None:
    assert press(page, "6").startswith("Escalated.")
    assert PageAnswer.objects.get().response == Response.ESCALATE.value


def test_other_keys_hear_the_choices_and_zero_hears_it_again(page: Page) -> None:
    assert press(page, "7").startswith("That key does nothing here. Press 4")
    assert "Error rate" in press(page, "0")
    assert press(page, "") == "Goodbye."
    assert not PageAnswer.objects.exists()


def test_what_was_answered_while_it_rang_is_not_asked_again(world: PagedTeam, page: Page) -> None:
    actions.respond(
        page_id=page.id,
        response=Response.ACKNOWLEDGE,
        user_id=world.ben.id,
        via="api",
        now=NOW,
        actor=f"user:{world.ben.id}",
    )
    said = actions.pick_up(notice_id=call_about(f"page:{page.id}"), now=NOW)
    assert said.text.startswith("Somebody has already acknowledged this.")
    assert said.keys == ()


def test_what_was_closed_is_said_to_be_closed(page: Page) -> None:
    notice_id = call_about(f"page:{page.id}")
    actions.stop_pages(subjects=[page.subject], reason="resolved", now=NOW, actor="system")
    said = actions.pick_up(notice_id=notice_id, now=NOW)
    assert said.text.startswith("This is already closed.")
    assert press(page, "4").startswith("This is already closed.")


def test_a_digest_is_counted_and_acknowledged_as_one(world: PagedTeam) -> None:
    requests = [page_request(world, f"incident:{n}", title=f"Problem {n}") for n in range(1, 10)]
    actions.start_pages(requests=requests, now=NOW, actor="system")
    digest = Notice.objects.filter(subject__startswith="digest:", kind="voice").first()
    assert digest is not None
    said = actions.pick_up(notice_id=digest.id, now=NOW)
    assert "There are 4 pages for you." in said.text
    assert "And 1 more. Press 4 to acknowledge, 0 to hear it again." in said.text
    assert actions.press_key(notice_id=digest.id, key="6", now=NOW).text.startswith("That key")
    assert actions.press_key(notice_id=digest.id, key="4", now=NOW).text.startswith("Acknowledged")
    assert Page.objects.filter(status="acknowledged").count() == 4


def test_a_code_is_read_to_who_picks_up(world: PagedTeam) -> None:
    method = ContactMethod.objects.get(kind="voice", user=world.ada)
    notice_id = notifications_actions.ask_verification(
        contact_method_id=method.id, user_id=world.ada.id, now=NOW
    )
    said = actions.pick_up(notice_id=notice_id, now=NOW)
    assert said.text.startswith("This is Evenfall. Your code is: ")
    assert said.keys == ()


def test_a_rehearsal_says_so_and_ends_with_its_answer(world: PagedTeam) -> None:
    actions.start_rehearsal(user_id=world.ada.id, urgency=Urgency.HIGH, now=NOW)
    notice_id = call_about(f"rehearsal:{world.ada.id}")
    said = actions.pick_up(notice_id=notice_id, now=NOW)
    assert "This is a test page. Nothing is wrong. Press 4 to acknowledge" in said.text
    done = actions.press_key(notice_id=notice_id, key="4", now=NOW)
    assert done.text == "Acknowledged. Good luck."


def test_what_is_no_call_cannot_be_answered_by_key(page: Page) -> None:
    other = Notice.objects.filter(subject=f"page:{page.id}").exclude(kind="voice").first()
    assert other is not None
    for notice_id in (other.id, 999_999):
        with pytest.raises(errors.NoticeNotFound):
            actions.press_key(notice_id=notice_id, key="4", now=NOW)
