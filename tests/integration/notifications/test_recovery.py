"""What a dead sender leaves behind."""

from datetime import timedelta

import pytest
from tests.factories.identity import make_user
from tests.factories.notifications import (
    NOW,
    ScriptedChannel,
    make_contact_method,
    new_notice,
    states,
)

from evenfall.notifications import actions, drains, ports
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.models import Notice
from evenfall.platform import journal

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(seconds=13)
ROOMS = {("email", Urgency.HIGH): 9, ("email", Urgency.LOW): 9}


@pytest.fixture
def notice() -> Notice:
    return plan("high")


def plan(urgency: str) -> Notice:
    ada = make_user()
    make_contact_method(ada)
    (notice_id,) = actions.plan_notices(notices=[new_notice(ada, urgency=urgency)], now=NOW)
    return Notice.objects.get(id=notice_id)


def claim() -> list[int]:
    return [message.notice_id for message in actions.claim_due(rooms=ROOMS, now=NOW)]


def test_died_before_the_hand_over_is_planned_again(notice: Notice) -> None:
    claim()
    assert actions.recover_lost(now=LATER) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.due_at) == ("planned", 0, NOW)


def test_died_while_handing_over_a_page_sends_it_again_and_says_so(notice: Notice) -> None:
    actions.hand_over(ids=claim(), now=NOW)

    actions.recover_lost(now=LATER)

    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.due_at) == ("planned", 1, LATER)
    (entry,) = journal.entries(subject="page:5")
    assert entry.kind == "notifications.notice_unknown"
    assert entry.data["sent_again"] is True
    (again,) = actions.claim_due(rooms=ROOMS, now=LATER)
    assert (again.idempotency_key, again.attempt) == (f"notice-{notice.id}", 2)


def test_died_while_handing_over_low_urgency_stays_unknown() -> None:
    notice = plan("low")
    actions.hand_over(ids=claim(), now=NOW)

    actions.recover_lost(now=LATER)

    notice.refresh_from_db()
    assert (notice.state, notice.reason) == ("unknown", "low urgency is not sent twice")
    (entry,) = journal.entries(subject="page:5")
    assert entry.data["sent_again"] is False


def test_a_lease_that_runs_is_left_alone(notice: Notice) -> None:
    actions.hand_over(ids=claim(), now=NOW)
    assert actions.recover_lost(now=NOW + timedelta(seconds=11)) == 0
    assert states() == ["sent"]


def test_the_drain_recovers_and_tells_when_the_next_lease_ends(notice: Notice) -> None:
    ports.register_channel(ScriptedChannel())
    actions.hand_over(ids=claim(), now=NOW)

    waiting = drains.recover(NOW)
    assert (waiting.done, waiting.next_due) == (0, NOW + timedelta(seconds=12))

    assert drains.recover(LATER).done == 1
    assert drains.recover(LATER).next_due is None


def test_the_drains_are_those_that_planning_wakes() -> None:
    names = {drain.name: drain.lane for drain in drains.DRAINS}
    assert names == {"notifications.send": "paging", "notifications.recover": "paging"}
