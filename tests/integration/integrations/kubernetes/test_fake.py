"""The fake answers as the API is documented."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from evenfall.fakes.kubernetes import TOKEN, Kubernetes

MERGE = "application/merge-patch+json"
WEB = "/apis/apps/v1/namespaces/shop/deployments/web"


@pytest.fixture
def api(cluster: Kubernetes, server: str) -> Iterator[httpx.Client]:
    """Somebody with curl; asks for the cluster as new."""
    assert cluster.sent == []
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=server, headers=headers, trust_env=False) as client:
        yield client


def patched(
    api: httpx.Client, path: str, patch: Any, *, kind: str = MERGE, query: str = ""
) -> httpx.Response:
    content = patch if isinstance(patch, str) else json.dumps(patch)
    return api.patch(f"{path}{query}", content=content, headers={"Content-Type": kind})


def test_the_scale_is_an_object_of_its_own(api: httpx.Client) -> None:
    found = api.get(f"{WEB}/scale").json()
    assert (found["kind"], found["apiVersion"]) == ("Scale", "autoscaling/v1")
    assert (found["spec"], found["status"]) == (
        {"replicas": 3},
        {"replicas": 3, "selector": "app=web"},
    )


def test_a_change_makes_a_new_version_and_the_same_again_none(api: httpx.Client) -> None:
    versions = [api.get(f"{WEB}/scale").json()["metadata"]["resourceVersion"]]
    for _ in range(2):
        answer = patched(api, f"{WEB}/scale", {"spec": {"replicas": 5}})
        assert answer.json()["spec"]["replicas"] == 5
        versions.append(answer.json()["metadata"]["resourceVersion"])
    assert versions[0] != versions[1] == versions[2]
    assert api.get(WEB).json()["metadata"]["generation"] == 2


@pytest.mark.parametrize(
    ("patch", "kind", "status", "reason"),
    [
        ({"metadata": {"resourceVersion": "1"}, "spec": {}}, MERGE, 409, "Conflict"),
        ({"spec": {"replicas": -1}}, MERGE, 422, "Invalid"),
        ({"spec": {"replicas": "x"}}, MERGE, 422, "Invalid"),
        ("{", MERGE, 400, "BadRequest"),
        ({"spec": {"replicas": 5}}, "application/json", 415, "UnsupportedMediaType"),
    ],
)
def test_what_cannot_be_is_a_status_object(
    api: httpx.Client, patch: Any, kind: str, status: int, reason: str
) -> None:
    answer = patched(api, f"{WEB}/scale", patch, kind=kind)
    said = answer.json()
    assert answer.status_code == said["code"] == status
    assert (said["kind"], said["status"], said["reason"]) == ("Status", "Failure", reason)
    assert api.get(WEB).json()["spec"]["replicas"] == 3


def test_a_trial_shows_what_would_be(api: httpx.Client) -> None:
    spec = {"spec": {"replicas": 5}}
    answer = patched(api, f"{WEB}/scale", spec, query="?dryRun=All")
    assert answer.json()["spec"] == {"replicas": 5}
    assert api.get(f"{WEB}/scale").json()["spec"] == {"replicas": 3}


def test_a_node_that_takes_pods_has_no_word_about_it(api: httpx.Client) -> None:
    node = "/api/v1/nodes/node-1"
    for value in (True, False):
        patched(api, node, {"spec": {"unschedulable": value}})
        assert ("unschedulable" in api.get(node).json()["spec"]) is value


def test_people_see_how_everything_stands(
    api: httpx.Client, served: tuple[Any, Kubernetes]
) -> None:
    served[0].act("kubernetes", "scale", workload="statefulsets/shop/db", replicas=1)
    found = httpx.get(f"{served[0].url}/_/kubernetes/objects", trust_env=False).json()
    assert found["statefulsets/shop/db"]["spec"]["replicas"] == 1
    assert api.get("/apis/apps/v1/namespaces/shop/pods/web").status_code == 404
