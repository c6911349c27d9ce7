"""What a provider had and lost: tried once more, by another one, unless nobody needs it."""

from datetime import timedelta

import pytest
from tests.factories.identity import make_user
from tests.factories.notifications import NOW, make_contact_method, new_notice, states

from evenfall.identity.models import User
from evenfall.notifications import actions
from evenfall.notifications.actions.attempts import Result
from evenfall.notifications.models import Notice
from evenfall.notifications.ports import Accepted, ChannelError, NewNotice, Receipt, Urgency

pytestmark = pytest.mark.django_db
WAIT = timedelta(seconds=20)


@pytest.fixture
def ada() -> User:
    return make_user("Ada")


def handed_over(user: User, kind: str = "voice") -> Notice:
    """A page that is with a provider, which has not answered yet."""
    method = make_contact_method(user, kind, address=f"+49{kind}")
    plan(new_notice(user, kind, contact_method=method))
    actions.claim_due(rooms={(kind, Urgency.HIGH): 9}, now=NOW)
    notice = Notice.objects.get(kind=kind, subject="page:5")
    actions.hand_over(ids=[notice.id], now=NOW)
    notice.refresh_from_db()
    return notice


def plan(*notices: NewNotice) -> list[int]:
    return actions.plan_notices(notices=notices, now=NOW)


def taken(notice: Notice, via: str = "First") -> None:
    answer = Accepted(provider_id="p-1", via=via)
    result = Result(notice_id=notice.id, attempt=notice.attempts, at=NOW, answer=answer)
    actions.record_results(results=[result], now=NOW)


def report(notice: Notice, *, again: timedelta | None = None, attempt: int = 1) -> int:
    receipt = Receipt(
        notice_id=notice.id,
        attempt=attempt,
        delivered=False,
        via="First",
        reason="the line was busy",
        try_again_after=again,
    )
    return actions.record_receipts(receipts=[receipt], now=NOW)


def test_a_busy_line_is_tried_once_more_and_the_next_try_knows_who_had_it(ada: User) -> None:
    notice = handed_over(ada)
    taken(notice)
    assert report(notice, again=WAIT) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.reason) == ("planned", "the line was busy")
    assert notice.due_at == NOW + WAIT
    (message,) = actions.claim_due(rooms={("voice", Urgency.HIGH): 9}, now=NOW + WAIT)
    assert (message.attempt, message.tried) == (2, ("First",))
    assert report(notice, again=WAIT) == 0  # the same report once more


def test_a_report_before_a_retry_that_is_planned_anyway_changes_nothing(ada: User) -> None:
    notice = handed_over(ada)
    cut = ChannelError("the connection was cut", permanent=False, via="First")
    result = Result(notice_id=notice.id, attempt=1, at=NOW, answer=cut)
    actions.record_results(results=[result], now=NOW)
    assert report(notice, again=WAIT) == 0
    assert states() == ["planned"]


def test_what_cannot_be_tried_again_goes_another_way(ada: User) -> None:
    notice = handed_over(ada)
    make_contact_method(ada, "email")
    taken(notice)
    report(notice)
    assert states() == ["failed", "planned"]


def test_news_that_a_provider_has_it_stops_the_second_copy(ada: User) -> None:
    notice = handed_over(ada)
    cut = ChannelError("the connection was cut", permanent=False)
    result = Result(notice_id=notice.id, attempt=1, at=NOW, answer=cut)
    actions.record_results(results=[result], now=NOW)
    news = Receipt(notice_id=notice.id, attempt=1, delivered=None, is_taken=True)
    actions.record_receipts(receipts=[news], now=NOW)
    assert states() == ["accepted"]


@pytest.mark.parametrize("again", [None, WAIT])
def test_nothing_follows_what_nobody_needs_any_more(ada: User, again: timedelta | None) -> None:
    notice = handed_over(ada)
    make_contact_method(ada, "email")
    taken(notice)
    actions.cancel_notices(subjects=["page:5"], reason="acknowledged", now=NOW)
    report(notice, again=again)
    assert states() == ["failed"]


def test_a_refusal_after_the_answer_is_not_tried_again(ada: User) -> None:
    notice = handed_over(ada)
    actions.cancel_notices(subjects=["page:5"], reason="acknowledged", now=NOW)
    busy = ChannelError("too many requests", permanent=False)
    result = Result(notice_id=notice.id, attempt=1, at=NOW, answer=busy)
    actions.record_results(results=[result], now=NOW)
    assert states() == ["failed"]


def test_a_lost_hand_over_after_the_answer_stays_unknown(ada: User) -> None:
    notice = handed_over(ada)
    actions.cancel_notices(subjects=["page:5"], reason="acknowledged", now=NOW)
    actions.recover_lost(now=NOW + timedelta(minutes=1))
    notice.refresh_from_db()
    assert notice.state == "unknown"


def test_what_can_wait_rings_no_telephone(ada: User) -> None:
    method = make_contact_method(ada, "voice", address="+491701234567")
    assert (
        plan(new_notice(ada, "voice", contact_method=method, purpose="shift", urgency="low")) == []
    )
    assert len(plan(new_notice(ada, "voice", contact_method=method, urgency="low"))) == 1
