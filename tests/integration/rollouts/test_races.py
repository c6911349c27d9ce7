"""A tap of somebody meets a pass of the worker: real connections, the same rows."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction
from tests.factories.identity import NOW
from tests.factories.races import await_waiter
from tests.factories.rollouts import make_target, switchboard

from evenfall.platform.database import in_own_connections
from evenfall.rollouts import actions
from evenfall.rollouts.models import Rollout

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 20.0


def test_a_tap_that_writes_twice_and_a_pass_do_not_wait_for_each_other() -> None:
    """A row that was written before in the same transaction has its target checked again."""
    with switchboard():
        target = make_target(kind="switchboard", traffic={})
        number = actions.start_rollout(target_id=target.pk, version="2", now=NOW, actor="user:1")
        errand = actions.claim_rollout(now=NOW)
        assert errand is not None
        answer = actions.touch(errand)
    begun = threading.Event()

    def settle() -> object:
        begun.wait(PATIENCE_S)
        return actions.settle(errand=errand, answer=answer, verdicts=[], now=NOW)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        actions.roll_back(rollout_id=number, now=NOW, actor="user:1")
        begun.set()
        settling = pool.submit(in_own_connections, settle)
        await_waiter(settling)
        Rollout.objects.filter(id=number).update(due_at=NOW)
        transaction.on_commit(lambda: settling.result(PATIENCE_S))
    assert Rollout.objects.get(id=number).outcome == "aborted"
