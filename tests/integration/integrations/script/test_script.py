"""Commands on runners: the database between a step and a runner, and the runner's two addresses."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from tests.factories.identity import NOW, make_user, signed_in

from evenfall.integrations.script import kind as script
from evenfall.integrations.script.kind import ScriptStep, ScriptUnclear
from evenfall.platform import journal
from evenfall.platform.clock import utc_now
from evenfall.runbooks import actions, errors
from evenfall.runbooks.models import Runner, RunnerWork
from evenfall.runbooks.ports import StepResult

KIND = ScriptStep()
MINUTE = timedelta(minutes=1)
RESTART = {"name": "restart", "parameters": ["port"], "argv": ["/bin/restart", "{port}"]}


def wishes(**more: str) -> dict[str, str]:
    fields = {one.name: one.default for one in KIND.fields}
    return {**fields, "runner": "web-1", "command": "restart", "arguments": "port=8004", **more}


def make_runner(name: str = "web-1") -> tuple[int, str]:
    return actions.create_runner(name=name, now=NOW, actor="user:1")


def ask(limit: timedelta = MINUTE) -> int:
    return actions.ask_runner(
        name="web-1", command="restart", arguments={"port": "8004"}, limit=limit, now=NOW
    )


def post(path: str, token: str, **body: Any) -> Any:
    given = {"name": "web-1", **body}
    return Client().post(
        path,
        json.dumps(given),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


@pytest.mark.django_db
def test_work_is_handed_out_once() -> None:
    runner_id, _ = make_runner()
    number = ask()
    found = actions.hand_out(runner_id=runner_id, now=NOW)
    assert found is not None
    assert (found.id, found.command, found.arguments) == (number, "restart", {"port": "8004"})
    assert found.time_limit_s == 60
    assert actions.hand_out(runner_id=runner_id, now=NOW) is None


@pytest.mark.django_db
def test_work_is_never_handed_out_late() -> None:
    """Whoever asked has given it up and undone what came before."""
    runner_id, _ = make_runner()
    ask()
    assert actions.hand_out(runner_id=runner_id, now=NOW + MINUTE) is None


@pytest.mark.django_db
def test_work_is_for_one_runner() -> None:
    make_runner()
    other, _ = make_runner("web-2")
    number = ask()
    assert actions.hand_out(runner_id=other, now=NOW) is None
    with pytest.raises(errors.WorkNotFound):
        actions.take_result(runner_id=other, work_id=number, ok=True, output="", now=NOW)


@pytest.mark.django_db
def test_a_revoked_runner_gets_nothing() -> None:
    runner_id, token = make_runner()
    ask()
    actions.revoke_runner(runner_id=runner_id, now=NOW, actor="user:1")
    assert actions.hand_out(runner_id=runner_id, now=NOW) is None
    assert actions.runner_of(token=token, name="web-1") is None
    with pytest.raises(errors.RunnerNotFound):
        ask()
    make_runner()  # the name is free again
    kinds = [one.kind for one in journal.entries(subject=f"runner:{runner_id}")]
    assert kinds == ["runbooks.runner_added", "runbooks.runner_revoked"]


@pytest.mark.django_db
def test_the_first_result_counts() -> None:
    runner_id, _ = make_runner()
    number = ask()
    with pytest.raises(errors.WorkNotFound):
        actions.take_result(runner_id=runner_id, work_id=number, ok=True, output="", now=NOW)
    actions.hand_out(runner_id=runner_id, now=NOW)
    for ok, said in ((True, "first\0"), (False, "second")):
        actions.take_result(runner_id=runner_id, work_id=number, ok=ok, output=said, now=NOW)
    row = RunnerWork.objects.get(id=number)
    assert (row.ok, row.output, row.state) == (True, "first\ufffd", "done")


@pytest.mark.django_db
def test_old_work_is_forgotten() -> None:
    make_runner()
    ask()
    actions.ask_runner(
        name="web-1", command="x", arguments={}, limit=MINUTE, now=NOW + timedelta(days=31)
    )
    assert RunnerWork.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "a b", "ü", "x" * 61, "-x"])
def test_a_name_is_plain(name: str) -> None:
    with pytest.raises(errors.RunnerUnclear):
        make_runner(name)


@pytest.mark.django_db
def test_the_token_is_asked_for() -> None:
    _, token = make_runner()
    for wrong in ("", "evf_rn_wrong", f"{token}x"):
        assert post("/runner/work/", wrong, wait_s=0).status_code == 401
        assert post("/runner/results/1/", wrong, ok=True).status_code == 401
    assert post("/runner/work/", token, name="web-2", wait_s=0).status_code == 401
    assert post("/runner/results/987654/", token, ok=True).status_code == 404
    assert Client().post("/runner/work/", b"{", content_type="text/plain").status_code == 400


@pytest.mark.django_db
def test_pages_show_a_token_once_and_runners_with_what_they_allow() -> None:
    admin = signed_in(make_user("Ada", "admin"))
    made = admin.post("/runners/new/", {"name": "web-1"}).content.decode()
    assert made.count("evf_rn_") >= 1
    runner = Runner.objects.get()
    actions.announce_runner(runner_id=runner.pk, commands=[RESTART], now=utc_now())
    listed = signed_in(make_user("Rob")).get("/runners/").content.decode()
    assert "/bin/restart {port}" in listed
    assert "Make a token" not in listed
    assert admin.post("/runners/new/", {"name": "web-1"}).status_code == 422
    assert admin.post(f"/runners/{runner.pk}/revoke/").status_code == 302
    assert not Runner.objects.filter(revoked_at=None).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "status"), [("observer", 403), ("responder", 403)])
def test_runners_are_made_by_administrators(role: str, status: int) -> None:
    client = signed_in(make_user("Rob", role))
    assert client.post("/runners/new/", {"name": "web-1"}).status_code == status
    assert not Runner.objects.exists()


@pytest.mark.django_db
def test_a_trial_says_what_the_runner_allows() -> None:
    def told(**more: str) -> StepResult:
        return KIND.dry_run(wishes(**more), time_limit_s=5)

    assert told().log == "There is no runner web-1."
    runner_id, _ = make_runner()
    assert "does not ask for work now" in told().log
    actions.announce_runner(runner_id=runner_id, commands=[RESTART], now=utc_now())
    assert told() == StepResult(ok=True, log="web-1 is there.\nWould run: /bin/restart 8004")
    assert "wants the arguments port" in told(arguments="").log
    refused = told(undo_command="format", undo_arguments="")
    assert not refused.ok
    assert "web-1 does not allow format. It allows: restart." in refused.log


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("runner", "web 1"),
        ("command", "../restart"),
        ("arguments", "port"),
        ("arguments", "port=1\nport=2"),
        ("arguments", "=1"),
        ("arguments", f"port={'x' * 501}"),
        ("undo_arguments", "a b=1"),
        ("arguments", "\n".join(f"a{n}=1" for n in range(21))),
    ],
)
def test_what_cannot_be_is_refused(field: str, value: str) -> None:
    KIND.check(wishes())
    with pytest.raises(ScriptUnclear) as refused:
        KIND.check(wishes(**{field: value}))
    assert refused.value.field == field


def in_thread(work: Callable[[], StepResult | None]) -> tuple[threading.Thread, list[StepResult]]:
    """Let a step run as the engine does: in a thread of its own."""
    found: list[StepResult] = []

    def run() -> None:
        result = work()
        if result is not None:
            found.append(result)
        found.append(StepResult(ok=True, log=str(len(connections.all(initialized_only=True)))))

    thread = threading.Thread(target=run)
    thread.start()
    return thread, found


def next_work(token: str) -> Mapping[str, Any]:
    answer = post("/runner/work/", token, commands=[RESTART], wait_s=10)
    assert answer.status_code == 200
    work: Mapping[str, Any] = answer.json()
    return work


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ok", [True, False])
def test_a_step_waits_for_its_runner(ok: bool) -> None:
    _, token = make_runner()
    thread, found = in_thread(lambda: KIND.run(wishes(), time_limit_s=20))
    work = next_work(token)
    assert (work["command"], work["arguments"]) == ("restart", {"port": "8004"})
    path = f"/runner/results/{work['id']}/"
    assert post(path, token, ok=ok, output="as told").status_code == 204
    thread.join()
    assert found[0] == StepResult(ok=ok, log="web-1: restart\nas told")


@pytest.mark.django_db(transaction=True)
def test_nobody_who_comes_is_a_failure_and_no_riddle() -> None:
    make_runner()
    thread, found = in_thread(lambda: KIND.run(wishes(), time_limit_s=0.5))
    thread.join()
    assert not found[0].ok
    assert "did not ask for work within 0.5 s (never seen). Nothing was run." in found[0].log
    assert RunnerWork.objects.get().state == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_a_runner_that_is_lost_leaves_the_run_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The step does not answer before the engine gives it up."""
    monkeypatch.setattr(script, "BEYOND_S", 2.0)
    runner_id, _ = make_runner()
    began = time.monotonic()
    thread, _ = in_thread(lambda: KIND.run(wishes(), time_limit_s=1))
    while actions.hand_out(runner_id=runner_id, now=utc_now()) is None:
        time.sleep(0.05)
    thread.join()
    assert time.monotonic() - began >= 3


@pytest.mark.django_db(transaction=True)
def test_the_undo_is_a_command_of_its_own() -> None:
    _, token = make_runner()
    asked = wishes(undo_command="restart", undo_arguments="port=1", test_command="restart")
    assert KIND.undo(wishes(), {}, time_limit_s=1) is None
    assert not KIND.test("command", wishes(), {}, time_limit_s=1).ok
    for work in (
        lambda: KIND.undo(asked, {}, time_limit_s=20),
        lambda: KIND.test("command", asked, {}, time_limit_s=20),
    ):
        thread, found = in_thread(work)
        given = next_work(token)
        post(f"/runner/results/{given['id']}/", token, ok=True, output="")
        thread.join()
        assert found[0].ok
