"""The kind `kubernetes` against the fake: what it does, tests, takes back, and says of trouble."""

import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from django.conf import settings
from django.test import override_settings
from tests.factories.certificates import certificate
from tests.factories.ports import free_port
from tests.scenarios.installation import eventually
from tests.scenarios.rehearsal import Stage

from evenfall.fakes.faults import Fault, FaultKind
from evenfall.fakes.kubernetes import TOKEN, VIEWER, Kubernetes
from evenfall.fakes.server import application
from evenfall.integrations.kubernetes import errors
from evenfall.integrations.kubernetes.api import Cluster
from evenfall.integrations.kubernetes.kind import KubernetesStep
from evenfall.integrations.kubernetes.objects import RESTARTED_AT, Action, Document, Subject, at
from evenfall.platform.http import OutgoingRefused, OutgoingTimeout, OutgoingUntrusted
from evenfall.runbooks.ports import StepResult

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
KIND = KubernetesStep(clock=lambda: NOON)
LIMIT = 5.0
WEB, DB, NODE = "deployments/shop/web", "statefulsets/shop/db", "nodes/node-1"


def wishes(server: str, action: str = "scale", **more: str) -> dict[str, str]:
    fields = {one.name: one.default for one in KIND.fields}
    given = {"server": server, "token": TOKEN, "action": action}
    if action in {"scale", "restart"}:
        given |= {"namespace": "shop", "name": "web", "replicas": "5"}
    else:
        given["name"] = "node-1"
    return {**fields, **given, **more}


def run(asked: dict[str, str]) -> StepResult:
    KIND.check(asked)
    return KIND.run(asked, time_limit_s=LIMIT)


def undo(asked: dict[str, str], result: StepResult) -> StepResult:
    undone = KIND.undo(asked, result.memory, time_limit_s=LIMIT)
    assert undone is not None
    return undone


def replicas(cluster: Kubernetes, key: str = WEB) -> int:
    return int(cluster.objects[key].shown["spec"]["replicas"])


def holds(condition: str, asked: dict[str, str]) -> StepResult:
    return KIND.test(condition, asked, {}, time_limit_s=LIMIT)


@pytest.mark.parametrize(
    ("more", "key"),
    [({}, WEB), ({"workload": "statefulset", "name": "db"}, DB)],
)
def test_a_workload_is_scaled_and_scaled_back(
    cluster: Kubernetes, server: str, more: dict[str, str], key: str
) -> None:
    asked = wishes(server, **more)
    done = run(asked)
    assert done.ok, done.log
    assert replicas(cluster, key) == 5
    assert "3 wanted" in done.log
    assert "Set: 5 wanted." in done.log
    assert cluster.sent[0].to == f"{key}/scale"
    assert undo(asked, done).ok
    assert replicas(cluster, key) == 3


def test_a_rollout_takes_a_while_until_it_is_finished(cluster: Kubernetes, server: str) -> None:
    asked = wishes(server)
    assert holds("rollout_finished", asked).ok
    run(asked)
    looks = [holds("rollout_finished", asked) for _ in range(3)]
    assert [one.ok for one in looks] == [False, False, True]
    assert "has not seen the change yet" in looks[0].log
    assert looks[1].log == "deployment shop/web: 5 of 5 updated, 2 available, 0 to go."
    assert cluster.objects[WEB].left == 0


def test_a_restart_is_marked_as_kubectl_does(cluster: Kubernetes, server: str) -> None:
    asked = wishes(server, "restart")
    done = run(asked)
    assert done.ok
    template = cluster.objects[WEB].shown["spec"]["template"]
    assert at(template, "metadata", "annotations", RESTARTED_AT) == "2026-11-20T12:00:00Z"
    assert at(template, "metadata", "labels") == {"app": "web"}
    assert replicas(cluster) == 3
    assert not holds("rollout_finished", asked).ok
    assert KIND.undo(asked, done.memory, time_limit_s=LIMIT) is None


def test_a_paused_rollout_is_not_restarted(cluster: Kubernetes, server: str) -> None:
    cluster.objects[WEB].shown["spec"]["paused"] = True
    for attempt in (KIND.run, KIND.dry_run):
        with pytest.raises(errors.RolloutPaused):
            attempt(wishes(server, "restart"), time_limit_s=LIMIT)
    assert cluster.sent == []


def test_a_node_is_cordoned_and_let_in_again(cluster: Kubernetes, server: str) -> None:
    asked = wishes(server, "cordon")
    assert holds("node_schedulable", asked).ok
    done = run(asked)
    assert cluster.objects[NODE].shown["spec"]["unschedulable"] is True
    assert holds("node_unschedulable", asked).ok
    assert not holds("node_schedulable", asked).ok
    assert undo(asked, done).ok
    assert "unschedulable" not in cluster.objects[NODE].shown["spec"]


def test_what_stood_so_before_is_left_so_by_the_undo(cluster: Kubernetes, server: str) -> None:
    run(wishes(server, "cordon"))
    again = run(wishes(server, "cordon"))
    assert again.ok
    assert "It stays so." in again.log
    undone = undo(wishes(server, "cordon"), again)
    assert undone.ok
    assert len(cluster.sent) == 1
    uncordoned = run(wishes(server, "uncordon"))
    assert undo(wishes(server, "uncordon"), uncordoned).ok
    assert cluster.objects[NODE].shown["spec"]["unschedulable"] is True


def test_what_somebody_changed_since_is_left_alone(cluster: Kubernetes, server: str) -> None:
    asked = wishes(server)
    done = run(asked)
    run(wishes(server, replicas="7"))
    undone = undo(asked, done)
    assert not undone.ok
    assert "somebody changed it since" in undone.log
    assert replicas(cluster) == 7


def test_an_undo_without_memory_guesses_nothing(cluster: Kubernetes, server: str) -> None:
    undone = KIND.undo(wishes(server), {}, time_limit_s=LIMIT)
    assert undone is not None
    assert not undone.ok
    assert cluster.sent == []


def test_a_trial_lets_kubernetes_check_and_changes_nothing(
    cluster: Kubernetes, server: str
) -> None:
    for action, said in (
        ("scale", "Would set: 5 wanted."),
        ("restart", "Would set: restarted at 2026-11-20T12:00:00Z."),
        ("cordon", "Would set: cordoned."),
        ("uncordon", "Nothing would change."),
    ):
        told = KIND.dry_run(wishes(server, action), time_limit_s=LIMIT)
        assert told.ok
        assert said in told.log
    assert cluster.sent == []
    assert replicas(cluster) == 3
    with pytest.raises(errors.RoleMissing):
        KIND.dry_run(wishes(server, token=VIEWER), time_limit_s=LIMIT)


def refuse(cluster: Kubernetes, code: int, *, times: int = 1, containing: str = "PATCH") -> None:
    fault = Fault(kind=FaultKind.REFUSE, code=code, times=times, containing=containing)
    cluster.faults.plan(fault)


def test_a_conflict_is_read_and_tried_again(cluster: Kubernetes, server: str) -> None:
    refuse(cluster, 409, times=4)
    assert run(wishes(server)).ok
    assert replicas(cluster) == 5
    refuse(cluster, 409, times=5)
    with pytest.raises(errors.ObjectChanging, match="at each of 5 tries"):
        run(wishes(server, replicas="6"))
    assert replicas(cluster) == 5


def test_a_change_in_between_is_seen_and_read_again(
    cluster: Kubernetes, server: str, served: tuple[Stage, Kubernetes]
) -> None:
    """Somebody scales between our read and our patch: their count is the one from before."""
    subject = Subject(action=Action.SCALE, name="web", workload="deployment", namespace="shop")
    seen: list[str] = []

    def wanted(document: Document) -> str:
        seen.append(subject.value(document))
        if len(seen) == 1:
            served[0].act("kubernetes", "scale", workload=WEB, replicas=4)
        return "5"

    change = Cluster(wishes(server), time_limit_s=LIMIT).change(subject, wanted)
    assert seen == ["3", "4"]
    assert subject.value(change.before) == "4"
    assert replicas(cluster) == 5


@pytest.mark.parametrize(
    ("more", "error", "said"),
    [
        ({"token": "unknown"}, errors.TokenUnknown, "does not take the token"),
        ({"token": VIEWER}, errors.RoleMissing, 'cannot patch resource "deployments/scale"'),
        ({"name": "nope"}, errors.ObjectNotThere, "There is no deployment shop/nope"),
        ({"namespace": "nope"}, errors.ObjectNotThere, 'deployments.apps "web" not found'),
    ],
)
def test_who_may_not_and_what_is_not_there_is_said(
    cluster: Kubernetes, server: str, more: dict[str, str], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said) as caught:
        run(wishes(server, **more))
    assert TOKEN not in str(caught.value)
    assert cluster.sent == []


def test_what_kubernetes_refuses_is_told_in_its_words(cluster: Kubernetes, server: str) -> None:
    refuse(cluster, 422)
    with pytest.raises(errors.ChangeRefused, match=r"\(422\).*web.* is invalid"):
        run(wishes(server))


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.CRASH, containing="PATCH"),
        Fault(kind=FaultKind.STATUS, status=503, containing="PATCH"),
        Fault(kind=FaultKind.HANG, seconds=10, containing="PATCH"),
    ],
)
def test_a_lost_answer_fails_and_can_be_undone(
    cluster: Kubernetes, server: str, fault: Fault
) -> None:
    cluster.faults.plan(fault)
    done = KIND.run(wishes(server), time_limit_s=1)
    assert not done.ok
    assert "Nobody knows whether it was changed" in done.log
    assert undo(wishes(server), done).ok
    assert replicas(cluster) == 3


def test_an_answer_of_something_else_is_not_repeated(server: str, cluster: Kubernetes) -> None:
    with pytest.raises(errors.ObjectNotThere, match="no answer of Kubernetes"):
        run(wishes(f"{server}/elsewhere"))
    cluster.faults.plan(Fault(kind=FaultKind.STATUS, status=500, containing="GET"))
    with pytest.raises(errors.ClusterAway, match="it answered 500"):
        run(wishes(server))


def test_a_cluster_that_hangs_is_given_up(cluster: Kubernetes, server: str) -> None:
    cluster.faults.plan(Fault(kind=FaultKind.HANG, seconds=10, containing="GET"))
    with pytest.raises(OutgoingTimeout):
        KIND.run(wishes(server), time_limit_s=0.3)


def test_private_addresses_are_refused(cluster: Kubernetes, server: str) -> None:
    strict = replace(settings.EVENFALL, allow_private_addresses=())
    with override_settings(EVENFALL=strict), pytest.raises(OutgoingRefused):
        run(wishes(server))
    assert cluster.sent == []


@pytest.mark.parametrize(
    ("condition", "action"),
    [("node_unschedulable", "scale"), ("rollout_finished", "cordon")],
)
def test_a_test_that_does_not_fit_says_so(server: str, condition: str, action: str) -> None:
    found = holds(condition, wishes(server, action))
    assert not found.ok
    assert "choose another success test" in found.log


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("server", "http://10.0.0.10:6443"),
        ("server", "https://10.0.0.10:6443/?a=b"),
        ("server", "https://ada:secret@10.0.0.10"),
        ("ca", "LS0tLS1CRUdJTg=="),
        ("ca", "-----BEGIN PRIVATE KEY-----"),
        ("token", "Bearer abc"),
        ("token", "abc\ndef"),
        ("namespace", ""),
        ("namespace", "../kube-system"),
        ("name", "web/scale"),
        ("name", "Web"),
        ("replicas", ""),
        ("replicas", "11"),
        ("replicas", "9" * 30),
        ("most", "10001"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_sent(field: str, value: str) -> None:
    good = wishes("https://10.0.0.10:6443")
    KIND.check(good)
    KIND.check({**good, "server": "http://localhost:8001"})
    with pytest.raises(errors.KubernetesUnclear) as refused:
        KIND.check({**good, field: value})
    assert refused.value.field == field


def test_the_target_is_one_object_of_one_cluster() -> None:
    scale = wishes("https://c1:6443")
    assert KIND.target(scale) == "kubernetes:c1:6443/deployment/shop/web"
    assert KIND.target(wishes("https://c1:6443", "restart")) == KIND.target(scale)
    assert KIND.target(wishes("https://c1/k/", "cordon")) == "kubernetes:c1/k/node/node-1"


@pytest.fixture
def encrypted(cluster: Kubernetes, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of the cluster over TLS, and the certificate of its authority."""
    made, port = certificate(tmp_path), free_port()
    config = uvicorn.Config(
        application([cluster]),
        host="127.0.0.1",
        port=port,
        log_level="error",
        lifespan="off",
        ssl_certfile=str(made.chain),
        ssl_keyfile=str(made.key),
        ssl_version=ssl.PROTOCOL_TLS_SERVER,
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    eventually(lambda: running.started, what="the cluster over TLS")
    yield f"https://127.0.0.1:{port}/kubernetes", made.chain.read_text()
    running.should_exit = running.force_exit = True
    thread.join(10)


def test_the_authority_of_the_cluster_is_the_one_that_is_trusted(
    cluster: Kubernetes, encrypted: tuple[str, str]
) -> None:
    server, ca = encrypted
    assert run(wishes(server, ca=ca)).ok
    assert replicas(cluster) == 5
    with pytest.raises(OutgoingUntrusted, match="certificate"):
        run(wishes(server, replicas="6"))
    assert replicas(cluster) == 5
