"""What is due appears in the inbox: nobody has to be asked, and nobody's place is taken."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_user
from tests.factories.notifications import NOW, new_notice

from evenfall.notifications import actions, drains
from evenfall.notifications.drains.sender import Sender
from evenfall.notifications.models import Notice
from evenfall.platform import journal

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


def plan(people: int = 1) -> list[int]:
    return actions.plan_notices(
        notices=[new_notice(make_user(f"P{one}"), "inbox") for one in range(people)], now=NOW
    )


def test_a_due_notice_is_delivered_with_proof() -> None:
    (notice_id,) = plan()

    assert actions.fill_inboxes(now=NOW) == 1

    notice = Notice.objects.get(id=notice_id)
    assert (notice.state, notice.attempts, notice.lease_until) == ("delivered", 1, None)
    assert (notice.handed_over_at, notice.accepted_at, notice.finished_at) == (NOW, NOW, NOW)
    (entry,) = journal.entries(subject="page:5")
    assert entry.kind == "notifications.notice_delivered"
    assert entry.data["channel"] == "inbox"
    assert actions.fill_inboxes(now=NOW) == 0


def test_what_is_not_due_or_not_wanted_any_more_stays() -> None:
    plan()
    actions.plan_notices(notices=[new_notice(make_user(), "inbox", due_at=LATER)], now=NOW)
    actions.cancel_notices(subjects=["page:5"], reason="acknowledged", now=NOW)
    assert actions.fill_inboxes(now=LATER) == 0


def test_many_cost_as_many_statements_as_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for people in (1, 30):
        plan(people)
        with django_assert_num_queries(4):  # two for the savepoint of the test's transaction
            assert actions.fill_inboxes(now=NOW) == people


def test_a_pass_of_the_sender_fills_them_and_says_that_it_took_all() -> None:
    plan(3)
    result = Sender(clock=lambda: NOW).run(NOW)
    assert (result.done, result.took_all) == (3, True)
    assert set(Notice.objects.values_list("state", flat=True)) == {"delivered"}


def test_a_process_that_sends_leaves_them_to_their_turn() -> None:
    """They have no channel, and are not taken for messages that nobody can carry."""
    plan()
    drains.recover(NOW)
    assert Notice.objects.get().state == "planned"
