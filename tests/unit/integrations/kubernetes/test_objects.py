"""Where objects are, what is sent, and when a rollout is finished."""

from typing import Any

import pytest

from evenfall.integrations.kubernetes.objects import (
    MERGE,
    RESTARTED_AT,
    STRATEGIC,
    Action,
    Subject,
    rollout,
)

READ = {"metadata": {"resourceVersion": "42"}}


def subject(action: Action, workload: str = "deployment") -> Subject:
    return Subject(action=action, name="web", workload=workload, namespace="shop")


def workload(
    *, seen: int = 2, updated: int = 3, available: int = 3, there: int = 3, **spec: Any
) -> dict[str, Any]:
    return {
        "metadata": {"generation": 2},
        "spec": {"replicas": 3, **spec},
        "status": {
            "observedGeneration": seen,
            "replicas": there,
            "updatedReplicas": updated,
            "availableReplicas": available,
        },
    }


@pytest.mark.parametrize(
    ("action", "kind", "path"),
    [
        (Action.SCALE, "deployment", "/apis/apps/v1/namespaces/shop/deployments/web/scale"),
        (Action.RESTART, "statefulset", "/apis/apps/v1/namespaces/shop/statefulsets/web"),
        (Action.CORDON, "", "/api/v1/nodes/web"),
    ],
)
def test_each_action_has_its_object(action: Action, kind: str, path: str) -> None:
    assert subject(action, kind).path == path


def test_a_patch_is_for_the_version_that_was_read() -> None:
    scale = subject(Action.SCALE)
    assert scale.patch("5", READ) == {**READ, "spec": {"replicas": 5}}
    assert scale.patch_type == MERGE


def test_a_restart_sets_the_annotation_that_kubectl_sets() -> None:
    restart = subject(Action.RESTART)
    patch = restart.patch("2026-11-20T12:00:00Z", READ)
    assert patch["spec"]["template"]["metadata"]["annotations"] == {
        "kubectl.kubernetes.io/restartedAt": "2026-11-20T12:00:00Z"
    }
    assert restart.patch_type == STRATEGIC
    assert restart.value(patch) == "2026-11-20T12:00:00Z"
    assert restart.value({"spec": {"template": {"metadata": {RESTARTED_AT: "x"}}}}) == ""


@pytest.mark.parametrize(("spec", "value"), [({"unschedulable": True}, "true"), ({}, "false")])
def test_a_node_is_cordoned_or_not(spec: dict[str, Any], value: str) -> None:
    cordon = subject(Action.CORDON)
    assert cordon.value({"spec": spec}) == value
    assert cordon.patch(value, READ)["spec"] == {"unschedulable": value == "true"}


@pytest.mark.parametrize(
    ("document", "is_done"),
    [
        (workload(), True),
        (workload(seen=1), False),
        (workload(updated=2), False),
        (workload(available=2), False),
        (workload(there=4), False),
        ({"metadata": {"generation": 1}, "spec": {"replicas": 0}, "status": {}}, False),
        (
            {
                "metadata": {"generation": 1},
                "spec": {"replicas": 0},
                "status": {"observedGeneration": 1},
            },
            True,
        ),
        (workload(updated=1, updateStrategy={"rollingUpdate": {"partition": 2}}), True),
        (workload(updated=1, updateStrategy={"rollingUpdate": {"partition": 1}}), False),
        ({}, False),
    ],
)
def test_a_rollout_is_finished_when_all_are_new_and_available(
    document: dict[str, Any], is_done: bool
) -> None:
    assert rollout(document).is_done is is_done


def test_a_rollout_that_is_late_says_so() -> None:
    document = workload()
    late = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}
    document["status"]["conditions"] = [{"type": "Available"}, late]
    found = rollout(document)
    assert not found.is_done
    assert "deadline" in found.words


def test_what_is_to_go_is_counted() -> None:
    assert rollout(workload(there=5)).words == "3 of 3 updated, 3 available, 2 to go."
