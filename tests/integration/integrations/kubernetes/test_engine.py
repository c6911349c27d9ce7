"""Steps at Kubernetes as the engine runs them: from the wish to the end, and back."""

from datetime import timedelta
from typing import Any

import pytest
from tests.factories.identity import NOW
from tests.factories.runbooks import make_runbook
from tests.factories.steps import log_of, make_parameter, make_step, start, states, work

from evenfall.fakes.faults import Fault, FaultKind
from evenfall.fakes.kubernetes import TOKEN, VIEWER, Kubernetes
from evenfall.integrations.kubernetes.errors import KubernetesUnclear
from evenfall.platform import journal
from evenfall.runbooks import errors
from evenfall.runbooks.logic.parameters import ParameterType
from evenfall.runbooks.models import Run, Runbook, StepRun

pytestmark = pytest.mark.django_db
WEB = "deployments/shop/web"


def scaling(server: str, *, token: str = TOKEN, count: str = "5", **more: Any) -> Runbook:
    """A runbook that scales the shop, and waits until that is rolled out."""
    runbook = make_runbook("Scale the shop")
    if "{{" in count:
        make_parameter(runbook, "count", type=ParameterType.NUMBER)
    make_step(
        "scale",
        runbook=runbook,
        kind="kubernetes",
        settings={
            "server": server,
            "token": token,
            "action": "scale",
            "namespace": "shop",
            "name": "web",
            "replicas": count,
        },
        **{
            "test_kind": "condition",
            "test": {"condition": "rollout_finished"},
            "test_window_s": 30,
            **more,
        },
    )
    return runbook


def later(run: Run, *, seconds: int) -> tuple[str, list[str]]:
    """Work through so many seconds, as often as the success test is asked."""
    for second in range(0, seconds + 1, 5):
        work(NOW + timedelta(seconds=second))
    return states(run)


def replicas(cluster: Kubernetes) -> int:
    return int(cluster.objects[WEB].shown["spec"]["replicas"])


def test_it_is_done_when_the_rollout_is_finished(cluster: Kubernetes, server: str) -> None:
    run = start(scaling(server))
    work()
    assert states(run) == ("running", ["testing"])
    assert later(run, seconds=15) == ("ok", ["ok"])
    assert replicas(cluster) == 5
    assert "Success test: deployment shop/web: 5 of 5 updated, 5 available" in log_of(run)


def test_what_does_not_become_ready_is_scaled_back(cluster: Kubernetes, server: str) -> None:
    cluster.faults.plan(Fault(kind=FaultKind.LOSE))
    run = start(scaling(server))
    assert later(run, seconds=25) == ("running", ["testing"])
    assert replicas(cluster) == 5
    assert later(run, seconds=35) == ("undone", ["undone"])
    assert replicas(cluster) == 3
    assert run.why == "Scale: its success test failed."


def test_a_lost_answer_is_undone(cluster: Kubernetes, server: str) -> None:
    cluster.faults.plan(Fault(kind=FaultKind.CRASH, containing="PATCH"))
    run = start(scaling(server))
    work()
    assert states(run) == ("undone", ["undone"])
    assert [one.to for one in cluster.sent] == [f"{WEB}/scale"] * 2
    assert replicas(cluster) == 3


def test_who_may_not_is_told_which_right_is_missing(cluster: Kubernetes, server: str) -> None:
    run = start(scaling(server, token=VIEWER))
    work()
    state, _ = states(run)
    assert state == "failed"
    assert 'cannot patch resource "deployments/scale"' in log_of(run)
    assert cluster.sent == []


def test_a_trial_changes_nothing(cluster: Kubernetes, server: str) -> None:
    run = start(scaling(server), is_dry=True)
    work()
    assert states(run) == ("ok", ["ok"])
    assert "Kubernetes would take it (dryRun=All)" in log_of(run)
    assert cluster.sent == []


def test_a_conflict_is_tried_again(cluster: Kubernetes, server: str) -> None:
    conflict = Fault(kind=FaultKind.REFUSE, code=409, times=2, containing="PATCH")
    cluster.faults.plan(conflict)
    run = start(scaling(server, test_kind="none", test={}))
    work()
    assert states(run) == ("ok", ["ok"])
    assert len(cluster.sent) == 1


def test_more_than_the_step_allows_is_refused_before_it_starts(
    cluster: Kubernetes, server: str
) -> None:
    runbook = scaling(server, count="{{count}}")
    with pytest.raises((errors.StepUnclear, KubernetesUnclear), match="at most 10"):
        start(runbook, parameters={"count": "11"})
    run = start(runbook, parameters={"count": "10"})
    later(run, seconds=15)
    assert replicas(cluster) == 10


def test_the_token_is_nowhere_to_be_read(cluster: Kubernetes, server: str) -> None:
    run = start(scaling(server, token="no-such-token-here"))
    work()
    assert "does not take the token (401)" in log_of(run)
    facts = str([one.data for one in journal.entries(subject=f"run:{run.pk}")])
    row = StepRun.objects.get(run=run)
    assert "no-such-token" not in facts + log_of(run) + str(row.settings)
    assert cluster.sent == []
