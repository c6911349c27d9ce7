"""What providers report afterwards, whenever and however often it comes."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from tests.factories.identity import make_user
from tests.factories.notifications import NOW, make_contact_method, new_notice

from evenfall.notifications import actions
from evenfall.notifications.actions import Result
from evenfall.notifications.models import Attempt, Notice
from evenfall.notifications.ports import Accepted, ChannelError, Receipt, Refusal
from evenfall.platform import journal

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice() -> Notice:
    """A page that is being handed over, by the first of two ways to Ada."""
    user = make_user("Ada")
    method = make_contact_method(user)
    make_contact_method(user, "webhook", address="https://ada.example")
    (notice_id,) = actions.plan_notices(notices=[new_notice(user, contact_method=method)], now=NOW)
    hand_over(notice_id)
    return Notice.objects.get(id=notice_id)


def hand_over(notice_id: int) -> None:
    Notice.objects.filter(id=notice_id).update(state="claimed", lease_until=NOW)
    actions.hand_over(ids=[notice_id], now=NOW)


def answered(notice: Notice, answer: Accepted | ChannelError, *, attempt: int = 1) -> None:
    result = Result(notice_id=notice.id, attempt=attempt, at=NOW, answer=answer)
    actions.record_results(results=[result], now=NOW)


def reported(
    notice: Notice,
    delivered: bool | None,
    *,
    attempt: int = 1,
    via: str = "One",
    provider_id: str = "one-1",
    is_taken: bool = False,
    address_dead: bool = False,
    cost: str | None = None,
    try_again_after: timedelta | None = None,
) -> int:
    receipt = Receipt(
        notice_id=notice.id,
        attempt=attempt,
        delivered=delivered,
        via=via,
        provider_id=provider_id,
        reason="" if delivered is not False else "switched off",
        is_taken=is_taken,
        address_dead=address_dead,
        cost=None if cost is None else Decimal(cost),
        currency="EUR" if cost else "",
        try_again_after=try_again_after,
    )
    return actions.record_receipts(receipts=[receipt], now=NOW + timedelta(seconds=3))


def state_of(notice: Notice) -> str:
    notice.refresh_from_db()
    return notice.state


def tries() -> list[tuple[str, bool, bool | None]]:
    rows = Attempt.objects.order_by("number", "id").values_list("via", "accepted", "delivered")
    return list(rows)


YES = Accepted(provider_id="one-1", via="One")


def test_a_receipt_completes_the_record_of_its_try(notice: Notice) -> None:
    answered(notice, YES)
    assert reported(notice, delivered=True, cost="0.07") == 1
    assert state_of(notice) == "delivered"
    attempt = Attempt.objects.get()
    assert (attempt.delivered, attempt.cost, attempt.currency) == (True, Decimal("0.07"), "EUR")
    assert attempt.reported_at == NOW + timedelta(seconds=3)


def test_a_receipt_may_come_before_our_own_record(notice: Notice) -> None:
    reported(notice, delivered=True)
    answered(notice, YES)
    assert state_of(notice) == "delivered"
    assert tries() == [("One", True, True)]


def test_a_receipt_that_comes_twice_counts_once(notice: Notice) -> None:
    answered(notice, YES)
    assert [reported(notice, delivered=True) for _ in range(3)] == [1, 0, 0]
    delivered = [
        entry
        for entry in journal.entries(subject=f"notice:{notice.id}")
        if entry.kind == "notifications.notice_delivered"
    ]
    assert len(delivered) == 1


@pytest.mark.parametrize("is_recorded_first", [True, False])
def test_a_busy_line_is_tried_again_whoever_is_faster(
    notice: Notice, is_recorded_first: bool
) -> None:
    """The report of a busy line can overtake our own record of the call."""
    busy = partial(reported, notice, delivered=False, try_again_after=timedelta(seconds=20))
    steps: list[Callable[[], object]] = [partial(answered, notice, YES), busy]
    for step in steps if is_recorded_first else reversed(steps):
        step()
    assert state_of(notice) == "planned"
    assert tries() == [("One", True, False)]
    assert not Notice.objects.filter(fallback_for=notice).exists()


def test_what_arrived_does_not_fail_afterwards(notice: Notice) -> None:
    answered(notice, YES)
    reported(notice, delivered=True)
    assert reported(notice, delivered=False) == 0
    assert state_of(notice) == "delivered"
    assert tries() == [("One", True, True)]


def test_what_did_not_arrive_goes_out_by_another_way_at_once(notice: Notice) -> None:
    answered(notice, YES)
    reported(notice, delivered=False)
    assert state_of(notice) == "failed"
    other = Notice.objects.get(fallback_for=notice)
    assert (other.kind, other.state) == ("webhook", "planned")


def test_a_cut_connection_is_known_to_have_delivered(notice: Notice) -> None:
    answered(notice, ChannelError("cut", permanent=False, via="One"))
    assert state_of(notice) == "planned"
    reported(notice, delivered=True)
    assert state_of(notice) == "delivered"
    assert tries() == [("One", True, True)]


def test_a_provider_that_has_it_ends_the_tries(notice: Notice) -> None:
    answered(notice, ChannelError("cut", permanent=False, via="One"))
    reported(notice, None, is_taken=True)
    assert state_of(notice) == "accepted"


def test_the_failure_of_one_that_hung_does_not_end_what_the_next_carries(notice: Notice) -> None:
    after = (Refusal(via="One", detail="no answer"),)
    answered(notice, Accepted(provider_id="two-1", via="Two", after=after))
    assert reported(notice, delivered=False) == 0
    assert state_of(notice) == "accepted"
    reported(notice, delivered=True, via="Two", provider_id="two-1")
    assert state_of(notice) == "delivered"
    assert tries() == [("One", True, False), ("Two", True, True)]


def test_a_late_failure_of_an_earlier_try_changes_nothing(notice: Notice) -> None:
    answered(notice, ChannelError("busy", permanent=False, via="One"))
    hand_over(notice.id)
    assert reported(notice, delivered=False, attempt=1) == 0
    assert state_of(notice) == "sent"


def test_the_price_alone_moves_nothing(notice: Notice) -> None:
    answered(notice, YES)
    assert reported(notice, None, cost="0.5") == 0
    assert Attempt.objects.get().cost == Decimal("0.5")
    assert state_of(notice) == "accepted"


def test_a_dead_address_is_switched_off(notice: Notice) -> None:
    answered(notice, YES)
    reported(notice, delivered=False, address_dead=True)
    method = Notice.objects.select_related("contact_method").get(id=notice.id).contact_method
    assert method is not None
    assert method.broken_reason == "switched off"


def test_a_receipt_for_nothing_we_know_is_dropped() -> None:
    receipt = Receipt(notice_id=12345, attempt=1, delivered=True)
    assert actions.record_receipts(receipts=[receipt], now=NOW) == 0
    assert not Attempt.objects.exists()


def test_each_provider_asked_is_one_row_even_when_the_answer_comes_twice(notice: Notice) -> None:
    after = (Refusal(via="One", detail="no\x00 credit"),)
    answer = Accepted(provider_id="two-1", via="Two", after=after)
    answered(notice, answer)
    answered(notice, answer)
    rows = Attempt.objects.order_by("id").values_list("via", "detail", "provider_id")
    assert list(rows) == [("One", "no credit", ""), ("Two", "", "two-1")]
