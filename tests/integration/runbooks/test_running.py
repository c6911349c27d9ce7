"""Runs of steps, from the wish to the end, as a worker moves them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_user
from tests.factories.runbooks import make_runbook
from tests.factories.steps import (
    Lever,
    lever,
    log_of,
    make_parameter,
    make_step,
    start,
    states,
    work,
)

from evenfall.notifications.models import Notice
from evenfall.platform import journal
from evenfall.platform.crypto import decrypt
from evenfall.runbooks import actions, errors, queries
from evenfall.runbooks.actions import performing
from evenfall.runbooks.actions.running import APPROVAL_LASTS, GRACE
from evenfall.runbooks.models import Run, Runbook, StepRun
from evenfall.runbooks.ports import StepResult

pytestmark = pytest.mark.django_db
SUBJECT = "incident:17"


@pytest.fixture(autouse=True)
def kind() -> Iterator[Lever]:
    with lever() as one:
        yield one


def facts(run: Run) -> list[str]:
    kinds = [one.kind for one in journal.entries(subject=f"run:{run.pk}")]
    return [one.removeprefix("runbooks.") for one in kinds]


def two_steps(**more: Any) -> Runbook:
    runbook = make_runbook()
    make_step("first", runbook=runbook, settings={"host": "web1"}, **more)
    make_step("second", runbook=runbook, settings={"host": "web2"}, **more)
    return runbook


def test_steps_run_in_order_and_the_run_tells_it(kind: Lever) -> None:
    run = start(two_steps(), subject="job:1")
    work()
    assert kind.calls == ["run:web1", "run:web2"]
    assert states(run) == ("ok", ["ok", "ok"])
    steps = ["step_started", "step_finished"] * 2
    assert facts(run) == ["run_started", *steps, "run_finished"]
    (last,) = [one for one in journal.entries(subject="job:1") if "run_finished" in one.kind]
    assert last.data["outcome"] == "ok"


def test_a_failure_undoes_what_was_done_the_last_first(kind: Lever) -> None:
    kind.fails = {"run:web2"}
    run = start(two_steps())
    work()
    assert kind.calls == ["run:web1", "run:web2", "undo:web2", "undo:web1"]
    assert states(run) == ("undone", ["undone", "undone"])
    assert run.why == "Second failed."


def test_what_cannot_be_undone_is_left_to_people(kind: Lever) -> None:
    kind.fails, kind.irreversible = {"run:web2"}, True
    run = start(two_steps())
    work()
    assert states(run) == ("failed", ["failed", "failed"])
    assert "no way back" in log_of(run)


def test_steps_that_say_so_are_not_undone(kind: Lever) -> None:
    kind.fails = {"run:web2"}
    run = start(two_steps(undo_on_failure=False))
    work()
    assert kind.calls == ["run:web1", "run:web2"]
    assert states(run) == ("failed", ["ok", "failed"])
    with pytest.raises(errors.NothingToUndo):
        actions.undo_run(run_id=run.pk, now=NOW, actor="system")


def test_a_run_that_went_well_can_be_undone_later(kind: Lever) -> None:
    run = start(two_steps(), subject="job:1")
    work()
    actions.undo_run(run_id=run.pk, why="It did not help.", now=NOW, actor="system")
    work()
    assert kind.calls[2:] == ["undo:web2", "undo:web1"]
    assert states(run)[0] == "undone"
    ends = [one for one in journal.entries(subject="job:1") if "run_finished" in one.kind]
    assert [one.data["outcome"] for one in ends] == ["ok", "undone"]
    with pytest.raises(errors.NothingToUndo):
        actions.undo_run(run_id=run.pk, now=NOW, actor="system")


def test_a_trial_touches_nothing_and_counts_for_nothing(kind: Lever) -> None:
    runbook = two_steps(most_per_day=1, approval="always")
    run = start(runbook, subject=SUBJECT, is_dry=True)
    work()
    assert kind.calls == ["dry:web1", "dry:web2"]
    assert states(run) == ("ok", ["ok", "ok"])
    assert journal.entries(subject=SUBJECT) == []
    assert StepRun.objects.filter(acted_at__isnull=False).count() == 0


def test_the_success_test_is_asked_until_it_holds(kind: Lever) -> None:
    runbook = make_runbook()
    test = {"condition": "up"}
    make_step(runbook=runbook, test_kind="condition", test=test, test_window_s=30)
    kind.fails = {"test:web1"}
    run = start(runbook)
    work()
    assert states(run) == ("running", ["testing"])
    work(NOW + timedelta(seconds=5))
    kind.fails = set()
    work(NOW + timedelta(seconds=10))
    assert kind.calls == ["run:web1", "test:web1", "test:web1", "test:web1"]
    assert states(run) == ("ok", ["ok"])


def test_a_success_test_that_never_holds_undoes(kind: Lever) -> None:
    runbook = make_runbook()
    test = {"condition": "up"}
    make_step(runbook=runbook, test_kind="condition", test=test, test_window_s=12)
    kind.fails = {"test:web1"}
    run = start(runbook)
    for second in (0, 5, 10, 12):
        work(NOW + timedelta(seconds=second))
    assert kind.calls == ["run:web1", *["test:web1"] * 4, "undo:web1"]
    assert states(run) == ("undone", ["undone"])


def test_a_step_whose_process_died_is_unknown_and_never_run_again(kind: Lever) -> None:
    run = start(two_steps(), subject="job:1")
    assert actions.claim_move(now=NOW) is not None  # and then the process is killed
    assert actions.claim_move(now=NOW + timedelta(seconds=59)) is None
    work(NOW + timedelta(seconds=60) + GRACE)
    assert kind.calls == []
    assert states(run) == ("unknown", ["unknown", "planned"])
    assert "was lost" in run.why
    (last,) = [one for one in journal.entries(subject="job:1") if "run_finished" in one.kind]
    assert last.data["outcome"] == "unknown"


def test_an_answer_that_comes_after_that_changes_nothing(kind: Lever) -> None:
    run = start(two_steps())
    claimed = actions.claim_move(now=NOW)
    assert claimed is not None
    assert claimed.errand is not None
    later = NOW + timedelta(minutes=5)
    work(later)
    actions.settle(errand=claimed.errand, answer=actions.perform(claimed.errand), now=later)
    assert states(run) == ("unknown", ["unknown", "planned"])
    assert "too late" in log_of(run)
    assert work(later) == 0
    assert kind.calls == ["run:web1"]


def test_an_approval_is_given_by_a_second_person() -> None:
    asker, other = make_user("Ana"), make_user("Ben")
    runbook = make_runbook()
    make_step(runbook=runbook, approval="always")
    run = start(runbook, user_id=asker.pk, actor=f"user:{asker.pk}")
    work()
    assert states(run) == ("waiting", ["planned"])
    with pytest.raises(errors.OwnApproval):
        actions.approve_step(run_id=run.pk, user_id=asker.pk, now=NOW, actor="system")
    actions.approve_step(run_id=run.pk, user_id=other.pk, now=NOW, actor=f"user:{other.pk}")
    with pytest.raises(errors.NotWaiting):
        actions.approve_step(run_id=run.pk, user_id=other.pk, now=NOW, actor="system")
    work()
    assert states(run) == ("ok", ["ok"])


@pytest.mark.parametrize(
    ("approval", "environment", "waits"),
    [
        ("always", "dev", True),
        ("prod", "prod", True),
        ("prod", "", True),
        ("prod", "dev", False),
        ("never", "prod", False),
    ],
)
def test_approval_may_be_for_production_only(
    approval: str, environment: str, *, waits: bool
) -> None:
    runbook = make_runbook()
    make_step(runbook=runbook, approval=approval)
    run = start(runbook, environment=environment)
    work()
    assert states(run)[0] == ("waiting" if waits else "ok")


def test_the_owning_team_hears_of_an_approval_but_not_who_asks() -> None:
    ana, ben = make_user("Ana"), make_user("Ben")
    runbook = make_runbook(person=ben)
    make_step(runbook=runbook, approval="always")
    run = start(runbook, user_id=ana.pk)
    work()
    told = Notice.objects.filter(subject=f"run:{run.pk}", kind="inbox")
    assert [one.user_id for one in told] == [ben.pk]
    second = make_runbook("Another", person=ana)
    make_step(runbook=second, settings={"host": "web9"}, approval="always")
    run = start(second, user_id=ana.pk)
    work()
    assert not Notice.objects.filter(subject=f"run:{run.pk}").exists()


def test_an_approval_that_nobody_gives_ends_the_run(kind: Lever) -> None:
    runbook = make_runbook()
    make_step("first", runbook=runbook)
    make_step("second", runbook=runbook, settings={"host": "web2"}, approval="always")
    run = start(runbook)
    work()
    work(NOW + APPROVAL_LASTS)
    assert kind.calls == ["run:web1", "undo:web1"]
    assert states(run) == ("failed", ["undone", "skipped"]) or states(run)[0] == "undone"
    assert "Nobody approved" in run.why


def test_a_run_that_is_stopped_starts_no_further_step(kind: Lever) -> None:
    runbook = make_runbook()
    make_step("first", runbook=runbook)
    make_step("second", runbook=runbook, settings={"host": "web2"}, approval="always")
    run = start(runbook)
    work()
    actions.stop_run(run_id=run.pk, why="Not now.", now=NOW, actor="system")
    work()
    assert states(run) == ("stopped", ["ok", "planned"])
    assert run.why == "Not now."
    with pytest.raises(errors.RunEnded):
        actions.stop_run(run_id=run.pk, now=NOW, actor="system")
    actions.undo_run(run_id=run.pk, now=NOW, actor="system")
    work()
    assert kind.calls == ["run:web1", "undo:web1"]
    assert states(run)[0] == "undone"


def test_the_switch_stops_everything(kind: Lever) -> None:
    runbook = two_steps()
    run = start(runbook)
    actions.stop_all_steps(why="Something runs wild.", now=NOW, actor="system")
    work()
    assert kind.calls == []
    assert states(run)[0] == "stopped"
    assert queries.switch().is_stopped
    with pytest.raises(errors.StepsStopped):
        start(runbook)
    start(runbook, is_dry=True)
    work()
    assert kind.calls == ["dry:web1", "dry:web2"]
    actions.allow_steps(now=NOW, actor="system")
    start(runbook)
    work()
    assert kind.calls[2:] == ["run:web1", "run:web2"]


def test_two_runs_never_act_on_one_target(kind: Lever) -> None:
    first, second = make_runbook("One"), make_runbook("Two")
    make_step("a", runbook=first, approval="always")
    make_step("b", runbook=second)
    run = start(first)
    with pytest.raises(errors.TargetBusy):
        start(second)
    actions.stop_run(run_id=run.pk, now=NOW, actor="system")
    work()
    start(second)
    work()
    assert kind.calls == ["run:web1"]


def test_one_run_may_act_on_a_target_twice(kind: Lever) -> None:
    runbook = make_runbook()
    make_step("drain", runbook=runbook)
    make_step("restart", runbook=runbook)
    assert states_after(runbook) == ("ok", ["ok", "ok"])
    assert kind.calls == ["run:web1", "run:web1"]


def states_after(runbook: Runbook) -> tuple[str, list[str]]:
    run = start(runbook)
    work()
    return states(run)


def test_a_step_cools_down_for_its_service(kind: Lever) -> None:
    till, cards = make_service("till"), make_service("cards")
    runbook = make_runbook()
    make_step(runbook=runbook, cool_down_s=600)
    start(runbook, service_id=till.pk)
    work()
    with pytest.raises(errors.TooSoon):
        start(runbook, service_id=till.pk, now=NOW + timedelta(seconds=599))
    start(runbook, service_id=cards.pk)
    work()
    start(runbook, service_id=till.pk, now=NOW + timedelta(seconds=600))
    assert kind.calls == ["run:web1"] * 2


def test_the_budget_is_looked_at_again_when_the_step_begins(kind: Lever) -> None:
    runbook = make_runbook()
    make_parameter(runbook)
    make_step(runbook=runbook, settings={"host": "{{host}}"}, most_per_hour=1)
    first = start(runbook, parameters={"host": "web1"})
    second = start(runbook, parameters={"host": "web2"})
    work()
    assert kind.calls == ["run:web1"]
    assert states(first)[0] == "ok"
    assert states(second) == ("failed", ["skipped"])
    assert "budget is spent" in second.why


def test_parameters_are_checked_filled_and_shown() -> None:
    runbook = make_runbook()
    make_parameter(runbook)
    make_parameter(runbook, "unused")
    make_step(runbook=runbook, settings={"host": "{{host}}"})
    with pytest.raises(errors.StepUnclear) as caught:
        start(runbook)
    assert caught.value.field == "host"
    with pytest.raises(errors.StepUnclear):
        start(runbook, parameters={"host": "a b"})
    with pytest.raises(errors.StepUnclear):
        start(runbook, parameters={"host": "web7", "hots": "x"})
    run = start(runbook, parameters={"host": "web7"})
    assert run.parameters == {"host": "web7"}
    assert StepRun.objects.get(run=run).target == "lever:web7"


def test_secrets_are_encrypted_and_in_no_log(kind: Lever) -> None:
    runbook = make_runbook()
    settings = {"host": "web1", "token": "hunter2hunter2"}
    step = make_step(runbook=runbook, settings=settings)
    kind.says = "with hunter2hunter2"
    run = start(runbook, subject="job:1")
    work()
    stored = raw(f"SELECT secrets FROM runbooks_step WHERE id = {step.pk}")
    assert "hunter2" not in stored
    assert "hunter2" in decrypt(stored)
    assert "hunter2" not in log_of(run)
    assert "hunter2" not in str(journal.entries(subject="job:1"))
    assert "hunter2" not in str(journal.entries(subject=f"runbook:{runbook.pk}"))


def raw(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return str(cursor.fetchone()[0])


def test_a_kind_that_breaks_is_a_failure_without_its_words(
    kind: Lever, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ValueError("hunter2")

    monkeypatch.setattr(kind, "run", breaks)
    run = start(two_steps())
    work()
    assert states(run)[1][0] == "undone"
    assert "ValueError" in log_of(run)
    assert "hunter2" not in log_of(run)


def test_a_step_that_does_not_come_back_is_given_up(
    kind: Lever, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = Event()

    def hangs(*_: object, **__: object) -> StepResult:
        back.wait(60)
        return StepResult(ok=True, log="at last")

    monkeypatch.setattr(kind, "run", hangs)
    monkeypatch.setattr(performing, "GIVE_UP_AFTER_S", 0.0)
    run = start(two_steps())
    claimed = actions.claim_move(now=NOW)
    assert claimed is not None
    assert claimed.errand is not None
    answer = actions.perform(replace(claimed.errand, time_limit_s=0.01))
    back.set()
    assert answer.gave_up
    actions.settle(errand=claimed.errand, answer=answer, now=NOW)
    work()
    assert states(run) == ("unknown", ["unknown", "planned"])
    assert "given up" in run.why


def test_whoever_is_second_at_a_target_does_not_act(kind: Lever) -> None:
    """Two that were started at the same moment: the database lets one of them in."""
    first, second = make_runbook("One"), make_runbook("Two")
    make_step("a", runbook=first, approval="always")
    make_step("b", runbook=second, settings={"host": "web2"})
    holds = start(first)
    other = start(second)
    StepRun.objects.filter(run=holds).update(holds=True)
    StepRun.objects.filter(run=other).update(target="lever:web1")
    work()
    assert kind.calls == []
    assert states(other) == ("failed", ["skipped"])
    assert f"Run {holds.pk} is acting on lever:web1" in other.why


def test_nothing_runs_of_an_archived_runbook_or_one_without_steps() -> None:
    runbook = make_runbook()
    with pytest.raises(errors.NothingToRun):
        start(runbook)
    make_step(runbook=runbook)
    with pytest.raises(errors.NothingToRun):
        start(runbook, step_ids=[0])
    actions.archive_runbook(runbook_id=runbook.pk, now=NOW, actor="system")
    with pytest.raises(errors.RunbookArchived):
        start(runbook)


def test_the_search_for_a_due_run_knows_the_next() -> None:
    runbook = make_runbook()
    make_step(runbook=runbook, approval="always")
    start(runbook)
    assert queries.next_run_due(NOW) is None
    work()
    assert queries.next_run_due(NOW) == NOW + APPROVAL_LASTS
