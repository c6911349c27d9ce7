"""Web hooks that lead traffic and deploy, against a server of our own."""

import json
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from tests.scenarios.tools import Requests, http_server

from evenfall.integrations.webhook.rollouts import (
    HookDeployer,
    HookRefused,
    HookTraffic,
    HookUnclear,
)
from evenfall.integrations.webhook.signature import signature
from evenfall.integrations.webhook.step import SecretUnclear, key_of
from evenfall.rollouts.ports import Counts, Deployed, Order, Split

SECRET = "a secret of sixteen"
LIMIT = 5.0
SPLIT = Split(new="green", stable="blue", weight=20, routes={"X-Canary": "yes"})
STANDS = {
    "weights": {"blue": 80, "green": 20},
    "counts": {"green": {"requests": 9, "errors": 2}, "red": {"requests": 1}},
}
ORDER = Order(key="rollout-1", service="web", environment="PROD", version="2", side="green")


@pytest.fixture
def hook() -> Iterator[Requests]:
    with http_server(get_body=json.dumps(STANDS)) as seen:
        yield seen


def settings(hook: Requests) -> dict[str, str]:
    return {"url": hook.url, "secret": SECRET}


def test_a_split_is_posted_signed_and_read_back(hook: Requests) -> None:
    port = HookTraffic()
    port.check(settings(hook))

    seen = port.apply(settings(hook), SPLIT, time_limit_s=LIMIT)

    assert seen.fits
    assert seen.counts == {"green": Counts(requests=9, errors=2)}
    said = json.loads(hook.bodies[0])
    assert said["type"] == "traffic.split"
    assert said["data"]["weights"] == {"blue": 80, "green": 20}
    assert said["data"]["routes"] == {"X-Canary": "yes"}
    headers = hook.headers[0]
    number, at = headers["webhook-id"], headers["webhook-timestamp"]
    assert headers["webhook-signature"] == (
        f"v1,{signature(hook.bodies[0], number, at, key_of(SECRET))}"
    )


def test_what_it_shows_counts_and_not_what_it_answered(hook: Requests) -> None:
    other = Split(new="green", stable="blue", weight=50)
    assert not HookTraffic().apply(settings(hook), other, time_limit_s=LIMIT).fits


def test_a_baseline_is_a_third_side_and_is_seen_to_go(hook: Requests) -> None:
    three = replace(SPLIT, beside=20)
    HookTraffic().apply(settings(hook), three, time_limit_s=LIMIT)
    said = json.loads(hook.bodies[0])["data"]["weights"]
    assert said == {"blue": 60, "green": 20, "baseline": 20}
    stands = {"weights": {"blue": 80, "green": 20, "baseline": 20}}
    with http_server(get_body=json.dumps(stands)) as slow:
        assert not HookTraffic().read(settings(slow), SPLIT, time_limit_s=LIMIT).fits


def test_a_refusal_and_an_answer_that_says_nothing_are_told(hook: Requests) -> None:
    hook.status = 503
    with pytest.raises(HookRefused, match="answered 503"):
        HookTraffic().apply(settings(hook), SPLIT, time_limit_s=LIMIT)
    with http_server(get_body="hello") as dumb, pytest.raises(HookRefused, match="not the JSON"):
        HookTraffic().read(settings(dumb), SPLIT, time_limit_s=LIMIT)


def test_settings_that_cannot_work_are_named() -> None:
    with pytest.raises(HookUnclear):
        HookTraffic().check({"url": "ftp://example.org", "secret": SECRET})
    with pytest.raises(SecretUnclear):
        HookDeployer().check({"url": "https://example.org", "secret": "short"})


def test_a_deploy_without_content_is_done(hook: Requests) -> None:
    hook.status = 204
    done = HookDeployer().begin(settings(hook), ORDER, time_limit_s=LIMIT)
    assert done.state is Deployed.DONE
    said = json.loads(hook.bodies[0])
    assert (said["type"], said["data"]["key"], said["data"]["side"]) == (
        "deploy",
        "rollout-1",
        "green",
    )


def test_a_deploy_that_takes_long_is_asked_for(hook: Requests) -> None:
    del hook
    with http_server(get_body='{"state": "failed", "text": "no disk"}') as status:
        found = HookDeployer().look(
            settings(status), ORDER, {"status_url": f"{status.url}/7"}, time_limit_s=LIMIT
        )
    assert (found.state, found.words) == (Deployed.FAILED, "no disk")
    assert found.memory["status_url"].endswith("/7")
