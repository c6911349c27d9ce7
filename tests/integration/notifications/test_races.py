"""Real connections that meet at a barrier."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.factories.identity import make_user
from tests.factories.notifications import NOW, make_contact_method, new_notice, states
from tests.factories.races import await_waiter, is_waited_for

from evenfall.notifications import actions
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.notifications.ports import Accepted
from evenfall.platform.database import in_own_connections

pytestmark = pytest.mark.django_db(transaction=True)
ROOMS = {("email", Urgency.HIGH): 1000}


def plan(count: int) -> list[int]:
    ada = make_user()
    method = make_contact_method(ada)
    wishes = [new_notice(ada, contact_method=method) for _ in range(count)]
    return actions.plan_notices(notices=wishes, now=NOW)


def together[T](*calls: Callable[[], T]) -> list[T]:
    """Run the calls at the same moment, each on a connection of its own."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        try:
            connection.ensure_connection()
            barrier.wait(10)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(30) for future in [pool.submit(run, call) for call in calls]]


def claim() -> list[int]:
    return [message.notice_id for message in actions.claim_due(rooms=ROOMS, now=NOW)]


def cancel() -> list[int]:
    actions.cancel_notices(subjects=["page:5"], reason="acknowledged", now=NOW)
    return []


def test_two_senders_never_claim_the_same_notice() -> None:
    ids = plan(40)
    one, two = together(claim, claim)
    assert not set(one) & set(two)
    left = claim()
    assert sorted([*one, *two, *left]) == sorted(ids)


def test_a_notice_is_either_cancelled_or_handed_over_never_both() -> None:
    plan(40)
    claimed = claim()

    def send() -> list[int]:
        return list(actions.hand_over(ids=claimed, now=NOW))

    sent, _ = together(send, cancel)

    by_state = {
        state: set(Notice.objects.filter(state=state).values_list("id", flat=True))
        for state in ("sent", "cancelled", "claimed", "planned")
    }
    assert by_state["sent"] == set(sent)
    assert by_state["cancelled"] == set(claimed) - set(sent)
    assert not by_state["claimed"]
    assert not by_state["planned"]


def test_cancelling_and_claiming_at_once_leaves_nothing_to_send() -> None:
    plan(40)

    claimed, _ = together(claim, cancel)
    # what was claimed at the very moment is refused at the second look
    handed_over = actions.hand_over(ids=claimed, now=NOW)

    assert handed_over == {}
    assert set(states()) == {"cancelled"}


def test_a_cancel_in_an_open_transaction_holds_the_hand_over_until_it_is_known() -> None:
    (notice_id,) = plan(1)
    claim()
    inside, go_on = threading.Event(), threading.Event()

    def cancel_slowly() -> dict[int, int]:
        with transaction.atomic():
            cancel()
            inside.set()
            assert go_on.wait(10)
        return {}

    def send() -> dict[int, int]:
        assert inside.wait(10)
        threading.Timer(0.05, go_on.set).start()  # lets the statement below wait for the lock
        return actions.hand_over(ids=[notice_id], now=NOW)

    _, handed_over = together(cancel_slowly, send)

    assert handed_over == {}
    assert states() == ["cancelled"]


@pytest.mark.parametrize("sent", [1, 0])
def test_who_calls_notices_back_locks_them_in_the_order_of_their_ids(sent: int) -> None:
    """Whatever became of each: a sender that holds the first must find the second free."""
    ids = plan(2)
    claim()
    actions.hand_over(ids=[ids[sent]], now=NOW)
    first, second = ids
    waits, is_over = threading.Event(), threading.Event()

    def record() -> bool:
        with transaction.atomic():
            Notice.objects.select_for_update().get(id=first)
            waits.set()
            while not is_waited_for():
                assert not is_over.wait(0.01)
            return Notice.objects.select_for_update(skip_locked=True).filter(id=second).exists()

    def call_back() -> bool:
        assert waits.wait(10)
        cancel()
        is_over.set()
        return True

    assert together(record, call_back) == [True, True]


def test_who_removes_a_way_and_who_writes_its_answer_down_do_not_wait_for_each_other() -> None:
    """An answer comes to the way with its notice in hand; so does the removal."""
    notice_id = plan(1)[0]
    method = ContactMethod.objects.get()
    attempts = actions.hand_over(ids=claim(), now=NOW)
    answer = actions.Result(
        notice_id=notice_id, attempt=attempts[notice_id], at=NOW, answer=Accepted()
    )

    def remove() -> None:
        actions.remove_contact_method(
            contact_method_id=method.pk, user_id=method.user_id, actor="user:1", now=NOW
        )

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Notice.objects.select_for_update().get(id=notice_id)
            removing = pool.submit(in_own_connections, remove)
            assert await_waiter(removing)
            actions.record_results(results=[answer], now=NOW)
        removing.result(10)

    assert not ContactMethod.objects.exists()
    assert states() == ["accepted"]


def test_two_recoverers_take_each_notice_once() -> None:
    plan(20)
    actions.hand_over(ids=claim(), now=NOW)
    later = NOW + timedelta(seconds=13)

    counts = together(
        lambda: actions.recover_lost(now=later), lambda: actions.recover_lost(now=later)
    )

    assert sum(counts) == 20
    assert set(states()) == {"planned"}


def test_a_late_result_and_the_recovery_do_not_both_win() -> None:
    ids = plan(20)
    attempts = actions.hand_over(ids=claim(), now=NOW)
    later = NOW + timedelta(seconds=13)
    results = [
        actions.Result(notice_id=notice_id, attempt=attempts[notice_id], at=NOW, answer=Accepted())
        for notice_id in ids
    ]

    together(
        lambda: actions.record_results(results=results, now=later),
        lambda: actions.recover_lost(now=later),
    )

    assert set(states()) == {"accepted"}


def test_two_first_starts_make_one_channel_secret() -> None:
    made = iter(("one", "two"))
    lock = threading.Barrier(2)

    def make() -> str:
        lock.wait(10)  # both have looked and found nothing
        return next(made)

    def start() -> str:
        return actions.channel_secret(kind="webpush", make=make, now=NOW)

    one, two = together(start, start)
    assert one == two
