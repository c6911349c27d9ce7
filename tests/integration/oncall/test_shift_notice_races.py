"""Two workers at once, each on a connection of its own, and a worker that dies half-way."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from tests.factories.identity import NOW, make_user
from tests.factories.oncall import make_rota

from evenfall.notifications.models import Notice
from evenfall.oncall import actions
from evenfall.oncall.models import ShiftNotice

pytestmark = pytest.mark.django_db(transaction=True)
NEXT_MONDAY = datetime.fromisoformat("2026-03-09T08:00Z")
ROUNDS = 3


def _together(*works: Callable[[], object]) -> None:
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
    assert failures == []


@pytest.mark.parametrize("_number", range(ROUNDS))
def test_two_workers_plan_and_tell_each_hand_over_once(_number: int) -> None:
    ben = make_user("Ben")
    make_rota(make_user("Ada"), ben, now=NOW - timedelta(days=1))

    def work() -> None:
        actions.plan_notices(now=NEXT_MONDAY)
        actions.tell_shifts(now=NEXT_MONDAY)

    _together(work, work)
    work()
    told = Notice.objects.filter(user=ben, kind="inbox", purpose="shift")
    assert [row.content["title"] for row in told] == ["You are on call now: Payments"]


class _Killed(Exception):
    """What a worker sees that is stopped in the middle of its work."""


def _tell_and_die() -> None:
    with transaction.atomic():
        assert actions.tell_shifts(now=NEXT_MONDAY).done
        raise _Killed


def test_what_a_dying_worker_told_half_is_told_whole_by_the_next() -> None:
    make_rota(make_user("Ada"), make_user("Ben"), now=NOW - timedelta(days=1))
    actions.plan_notices(now=NEXT_MONDAY)
    with pytest.raises(_Killed):
        _tell_and_die()
    assert not Notice.objects.filter(purpose="shift").exists()
    assert not ShiftNotice.objects.filter(state="told").exists()
    actions.tell_shifts(now=NEXT_MONDAY)
    actions.tell_shifts(now=NEXT_MONDAY)
    assert Notice.objects.filter(purpose="shift", kind="inbox").count() == 2
