"""A tap of somebody meets a pass of the worker; a pass fails: real connections, the same rows."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories import analysis
from tests.factories.identity import NOW
from tests.factories.races import await_waiter
from tests.factories.rollouts import make_target, switchboard

from evenfall.platform.database import in_own_connections
from evenfall.rollouts import actions
from evenfall.rollouts.actions import analyse
from evenfall.rollouts.drains import work_rollouts
from evenfall.rollouts.models import AnalysisRun, Rollout

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


@contextmanager
def refusing(column: str, of: str) -> Iterator[None]:
    """The database refuses what a pass writes down in the end, and nothing else."""
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE 'no room left'; END$$"
        )
        cursor.execute(
            f"CREATE TRIGGER refuse BEFORE UPDATE OF {column} ON {of} EXECUTE FUNCTION refuse()"
        )
    try:
        with pytest.raises(DatabaseError, match="no room left"):
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION refuse CASCADE")


def test_a_pass_that_failed_is_made_again_a_second_later() -> None:
    with switchboard():
        target = make_target(kind="switchboard", traffic={})
        number = actions.start_rollout(target_id=target.pk, version="2", now=NOW, actor="user:1")
        with refusing("verdict", of="rollouts_rollout"):
            work_rollouts(NOW)
        assert work_rollouts(NOW).done == 0, "somebody else may be mending what failed"
        later = NOW + timedelta(seconds=2)
        assert work_rollouts(later).done == 1
    row = Rollout.objects.get(id=number)
    assert (row.attempt, row.busy_until) == (2, None)


def test_measurements_that_failed_are_made_again_a_second_later() -> None:
    target = analysis.make_target()
    failing = {"name": "Errors", "kind": "condition", "query": "", "success": "< 5 %"}
    analysis.analyse_by(target, failing)
    rollout = analysis.make_rollout(target)
    analyse(analysis.question_of(rollout), now=NOW)
    due, later = NOW + timedelta(minutes=1), NOW + timedelta(minutes=1, seconds=2)
    with refusing("counted", of="rollouts_analysedmetric"):
        actions.measure_due(now=due)
    assert actions.measure_due(now=due) == 0, "somebody else may be mending what failed"
    assert actions.measure_due(now=later) == 1
    assert AnalysisRun.objects.get().busy_until is None
