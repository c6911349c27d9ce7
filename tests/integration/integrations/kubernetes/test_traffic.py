"""Leading traffic and deploying at Kubernetes, against the fake."""

import copy
from collections.abc import Mapping

import httpx
import pytest
from tests.scenarios.rehearsal import Stage

from evenfall.fakes.faults import Fault, FaultKind
from evenfall.fakes.kubernetes import TOKEN, Kubernetes
from evenfall.integrations.kubernetes import errors
from evenfall.integrations.kubernetes.deploy import ImageDeployer
from evenfall.integrations.kubernetes.traffic import GatewayTraffic, ServiceTraffic
from evenfall.rollouts.ports import Deployed, Order, Split

LIMIT = 5.0
GATEWAY, SERVICE, DEPLOYER = GatewayTraffic(), ServiceTraffic(), ImageDeployer()
ROUTE = "httproutes/shop/web"
ORDER = Order(key="rollout-1", service="web", environment="PROD", version="2", side="green")


@pytest.fixture
def cluster_at(cluster: Kubernetes, server: str) -> Mapping[str, str]:
    assert cluster.objects
    return {"server": server, "ca": "", "token": TOKEN, "namespace": "shop"}


@pytest.fixture
def gateway(cluster_at: Mapping[str, str]) -> Mapping[str, str]:
    found = {**cluster_at, "route": "web", "blue": "web-blue", "green": "web-green"}
    GATEWAY.check(found)
    return found


def split(weight: int, **more: object) -> Split:
    return Split(new="green", stable="blue", weight=weight, **more)  # type: ignore[arg-type] # routes and is_shut


def weights(cluster: Kubernetes, rule: int = -1) -> dict[str, int]:
    refs = cluster.objects[ROUTE].shown["spec"]["rules"][rule]["backendRefs"]
    return {one["name"]: one["weight"] for one in refs}


def test_weights_are_believed_when_the_gateway_has_accepted_them(
    cluster: Kubernetes, gateway: Mapping[str, str]
) -> None:
    seen = GATEWAY.apply(gateway, split(20), time_limit_s=LIMIT)
    assert weights(cluster) == {"web-blue": 80, "web-green": 20}
    assert "has not seen the change yet" in seen.words

    while not seen.fits:
        seen = GATEWAY.read(gateway, split(20), time_limit_s=LIMIT)

    assert "is accepted, 20 % to web-green" in seen.words
    messages = len(cluster.sent)
    assert GATEWAY.apply(gateway, split(20), time_limit_s=LIMIT).fits
    assert len(cluster.sent) == messages, "what is so already is not sent again"


def test_a_route_that_is_not_accepted_is_never_believed(
    cluster: Kubernetes, gateway: Mapping[str, str], served: tuple[Stage, Kubernetes]
) -> None:
    by_hand = f"{served[0].url}/_/kubernetes/refuse"
    httpx.post(by_hand, json={"message": "no such backend"}, trust_env=False)
    GATEWAY.apply(gateway, split(20), time_limit_s=LIMIT)

    seen = [GATEWAY.read(gateway, split(20), time_limit_s=LIMIT) for _ in range(5)]

    assert not any(one.fits for one in seen)
    assert "ResolvedRefs): BackendNotFound: no such backend" in seen[-1].words
    assert weights(cluster) == {"web-blue": 80, "web-green": 20}


def test_who_was_faster_is_read_again(cluster: Kubernetes, gateway: Mapping[str, str]) -> None:
    """409: the patch is of a version that is not the newest any more."""
    conflict = Fault(kind=FaultKind.REFUSE, code=409, containing="PATCH")
    cluster.faults.plan(conflict)
    GATEWAY.apply(gateway, split(50), time_limit_s=LIMIT)
    assert weights(cluster) == {"web-blue": 50, "web-green": 50}


def test_an_answer_that_was_lost_is_trouble_and_the_next_time_it_stands(
    cluster: Kubernetes, gateway: Mapping[str, str]
) -> None:
    cluster.faults.plan(Fault(kind=FaultKind.CRASH, containing="PATCH"))
    with pytest.raises(errors.ClusterAway):
        GATEWAY.apply(gateway, split(50), time_limit_s=LIMIT)
    messages = len(cluster.sent)
    GATEWAY.apply(gateway, split(50), time_limit_s=LIMIT)
    assert len(cluster.sent) == messages


def test_a_header_has_a_rule_of_its_own_which_goes_again(
    cluster: Kubernetes, gateway: Mapping[str, str]
) -> None:
    routed = split(0, routes={"X-Canary": "yes"})
    GATEWAY.apply(gateway, routed, time_limit_s=LIMIT)
    rules = cluster.objects[ROUTE].shown["spec"]["rules"]
    assert len(rules) == 2
    assert rules[0]["matches"][0]["headers"] == [
        {"type": "Exact", "name": "X-Canary", "value": "yes"}
    ]
    assert weights(cluster, 0) == {"web-green": 1}

    GATEWAY.apply(gateway, split(100), time_limit_s=LIMIT)

    assert len(cluster.objects[ROUTE].shown["spec"]["rules"]) == 1
    assert weights(cluster) == {"web-blue": 0, "web-green": 100}


def test_a_baseline_takes_as_much_as_the_new_side_and_ends_with_it(
    cluster: Kubernetes, gateway: Mapping[str, str]
) -> None:
    """Three backends of one rule; a rule of somebody that leads to the baseline alone stays."""
    settings = {**gateway, "baseline": "web-baseline"}
    GATEWAY.check(settings)
    with pytest.raises(errors.RouteHasNoSides) as caught:
        GATEWAY.apply(settings, split(20, beside=20), time_limit_s=LIMIT)
    assert "web-baseline" in caught.value.message
    rules = cluster.objects[ROUTE].shown["spec"]["rules"]
    third = {"name": "web-baseline", "port": 80, "weight": 0}
    rules[0]["backendRefs"].append(third)
    looks = [{"headers": [{"type": "Exact", "name": "X-Fresh", "value": "1"}]}]
    rules.append({"matches": looks, "backendRefs": [{**third, "weight": 1}]})

    seen = GATEWAY.apply(settings, split(20, beside=20), time_limit_s=LIMIT)
    while not seen.fits:
        seen = GATEWAY.read(settings, split(20, beside=20), time_limit_s=LIMIT)
    assert weights(cluster, 0) == {"web-blue": 60, "web-green": 20, "web-baseline": 20}
    assert weights(cluster, 1) == {"web-baseline": 1}

    GATEWAY.apply(settings, split(0, is_shut=True), time_limit_s=LIMIT)
    assert weights(cluster, 0) == {"web-blue": 100, "web-green": 0, "web-baseline": 0}
    with pytest.raises(errors.KubernetesUnclear) as unclear:
        GATEWAY.check({**settings, "baseline": "web-green"})
    assert unclear.value.field == "traffic_baseline"


@pytest.mark.usefixtures("cluster")
def test_a_route_that_knows_not_both_sides_is_left_alone(gateway: Mapping[str, str]) -> None:
    with pytest.raises(errors.RouteHasNoSides):
        GATEWAY.apply({**gateway, "green": "web-red"}, split(20), time_limit_s=LIMIT)
    with pytest.raises(errors.ObjectNotThere):
        GATEWAY.apply({**gateway, "route": "nothing"}, split(20), time_limit_s=LIMIT)
    with pytest.raises(errors.KubernetesUnclear):
        GATEWAY.check({**gateway, "green": "web-blue"})
    with pytest.raises(errors.KubernetesUnclear):
        GATEWAY.check({**gateway, "route": "No Name"})


def test_a_service_selects_the_other_side_at_once(
    cluster: Kubernetes, cluster_at: Mapping[str, str]
) -> None:
    wish = {"service": "web", "label": "slot", "blue": "blue", "green": "green"}
    settings = {**cluster_at, **wish}
    SERVICE.check(settings)
    assert not SERVICE.read(settings, split(100), time_limit_s=LIMIT).fits
    seen = SERVICE.apply(settings, split(100), time_limit_s=LIMIT)
    assert (seen.fits, seen.words) == (True, "Service shop/web selects slot=green.")
    selector = cluster.objects["services/shop/web"].shown["spec"]["selector"]
    assert selector == {"app": "web", "slot": "green"}
    assert SERVICE.apply(settings, split(0), time_limit_s=LIMIT).fits
    with pytest.raises(errors.KubernetesUnclear):
        SERVICE.check({**settings, "label": "-"})


def test_an_image_is_set_and_waited_for(cluster: Kubernetes, cluster_at: Mapping[str, str]) -> None:
    settings = {
        **cluster_at,
        "blue": "web",
        "green": "web-green",
        "container": "web-green",
        "image": "registry.example.org/web:{version}",
    }
    DEPLOYER.check(settings)
    begun = DEPLOYER.begin(settings, ORDER, time_limit_s=LIMIT)
    assert begun.state is Deployed.RUNNING
    states = [DEPLOYER.look(settings, ORDER, {}, time_limit_s=LIMIT).state for _ in range(4)]
    assert states[0] is Deployed.RUNNING
    assert states[-1] is Deployed.DONE
    spec = cluster.objects["deployments/shop/web-green"].shown["spec"]["template"]["spec"]
    assert spec["containers"] == [{"name": "web-green", "image": "registry.example.org/web:2"}]

    newer = Order(key="x", service="web", environment="PROD", version="3", side="green")
    assert DEPLOYER.look(settings, newer, {}, time_limit_s=LIMIT).state is Deployed.ASKED
    with pytest.raises(errors.ContainerNotThere):
        DEPLOYER.begin({**settings, "container": "x"}, newer, time_limit_s=LIMIT)
    with pytest.raises(errors.KubernetesUnclear):
        DEPLOYER.check({**settings, "image": "registry.example.org/web:latest"})


def test_the_baseline_is_the_stable_version_on_a_deployment_of_its_own(
    cluster: Kubernetes, cluster_at: Mapping[str, str]
) -> None:
    settings = {
        **cluster_at,
        "blue": "web",
        "green": "web-green",
        "baseline": "web-baseline",
        "container": "web-baseline",
        "image": "registry.example.org/web:{version}",
    }
    DEPLOYER.check(settings)
    fresh = Order(
        key="rollout-1-baseline",
        service="web",
        environment="PROD",
        version="1.8.0",
        side="baseline",
    )
    others = ("deployments/shop/web", "deployments/shop/web-green")
    before = [copy.deepcopy(cluster.objects[key].shown) for key in others]
    assert DEPLOYER.look(settings, fresh, {}, time_limit_s=LIMIT).state is Deployed.ASKED
    begun = DEPLOYER.begin(settings, fresh, time_limit_s=LIMIT)
    assert begun.words == "deployment shop/web-baseline gets registry.example.org/web:1.8.0."
    states = [DEPLOYER.look(settings, fresh, {}, time_limit_s=LIMIT).state for _ in range(4)]
    assert (states[0], states[-1]) == (Deployed.RUNNING, Deployed.DONE)
    spec = cluster.objects["deployments/shop/web-baseline"].shown["spec"]["template"]["spec"]
    assert spec["containers"][0]["image"] == "registry.example.org/web:1.8.0"
    assert [cluster.objects[key].shown for key in others] == before, "the sides are left alone"
    patches = len(cluster.sent)
    DEPLOYER.begin(settings, fresh, time_limit_s=LIMIT)
    assert len(cluster.sent) == patches, "asking twice for one image is asking once"
    with pytest.raises(errors.KubernetesUnclear) as unclear:
        DEPLOYER.check({**settings, "baseline": "No Name"})
    assert unclear.value.field == "deploy_baseline"


def test_pods_that_never_get_ready_fail_the_deploy(
    cluster: Kubernetes, cluster_at: Mapping[str, str]
) -> None:
    """Complaint 26."""
    settings = {
        **cluster_at,
        "blue": "web",
        "green": "web-green",
        "container": "web-green",
        "image": "registry.example.org/web:{version}",
    }
    cluster.faults.plan(Fault(kind=FaultKind.LOSE, containing="PATCH"))
    DEPLOYER.begin(settings, ORDER, time_limit_s=LIMIT)
    for _ in range(3):
        found = DEPLOYER.look(settings, ORDER, {}, time_limit_s=LIMIT)
        assert found.state is Deployed.RUNNING
    late = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}
    cluster.objects["deployments/shop/web-green"].shown["status"]["conditions"] = [late]
    failed = DEPLOYER.look(settings, ORDER, {}, time_limit_s=LIMIT)
    assert failed.state is Deployed.FAILED
