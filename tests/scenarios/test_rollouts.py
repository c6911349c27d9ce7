"""Rollouts of a whole installation: a real HAProxy, a real Prometheus, versions, and people.

The bars: from the first error to the last request on the bad version less than five seconds at
twenty requests a second on it, less than one second from the decision, and not one request lost on
the way there or back.

Four services share the balancer: the versions of three of them are judged beside one another while
that of the fourth is switched and taken back. When all are over, the worker is killed.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from tests.scenarios.balanced import (
    ANSWER_S,
    GOOD,
    PER_SECOND,
    SAMPLES,
    SELDOM,
    SLOW,
    SWITCH_S,
    Outcome,
    Taken,
    World,
    begun,
    is_error,
)
from tests.scenarios.bars import allowed
from tests.scenarios.installation import eventually

WORKER = "worker slow"  # it has the lane of rollouts too
BAR_S = 5.0


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        yield begun(stack, tmp_path_factory.mktemp("rollouts"))


@pytest.fixture(autouse=True)
def healthy(world: World) -> Iterator[None]:
    """Each test begins with all traffic of the till on blue, and leaves it so."""
    world.green.fails = False
    yield
    world.green.fails = False
    for one in world.api.get("/rollouts", show="live", service="till")["items"]:
        world.api.post(f"/rollouts/{one['id']}/rollback")
        world.until(one["id"], "aborted", "rolled_back")


def tell(capsys: pytest.CaptureFixture[str], text: object) -> None:
    """What was measured stands in the output, also where all went well."""
    with capsys.disabled():
        sys.stdout.write(f"\n{text}\n")


def test_5xx_are_gone_within_seconds(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """A version that was good at first, with twenty requests a second on it."""
    case = replace(world.till, rollout_id=world.start("2-bad"))
    world.until(case.rollout_id, "stepping")
    world.until_served_by("till-blue", "till-green")
    since = datetime.now(UTC).timestamp()
    case.green.fails = True

    taken = world.measured(case, is_bad=is_error, since=since)

    tell(capsys, f"5xx: {taken}")
    taken.check(within_s=BAR_S)
    incident = eventually(
        lambda: world.api.get(f"/rollouts/{case.rollout_id}")["incident_number"],
        what="the incident",
    )
    title = world.api.get(f"/incidents/{incident}")["title"]
    assert title.endswith(" was rolled back")


# Each is waited for once, by whichever test comes first; the clock is moved when all are over.


@pytest.fixture(scope="module")
def promoted(world: World) -> Outcome:
    case = world.cases[GOOD.service]
    rollout = world.until(case.rollout_id, "watching", within_s=110, pace_s=0.5)
    eventually(lambda: {one.who for one in case.crowd.answers[-20:]} == {case.green.name})
    return Outcome(rollout=rollout, run=world.run(case), lost=len(case.crowd.lost()))


@pytest.fixture(scope="module")
def slow(world: World) -> Taken:
    case = world.cases[SLOW.service]
    taken = world.measured(case, is_bad=lambda one: one.who == case.green.name)
    case.crowd.leave()
    return taken


@pytest.fixture(scope="module")
def seldom(world: World) -> Taken:
    case = world.cases[SELDOM.service]
    taken = world.measured(case, is_bad=is_error)
    case.crowd.leave()
    return taken


@pytest.mark.patient
def test_a_good_version_is_promoted_by_what_prometheus_says(promoted: Outcome) -> None:
    assert not promoted.lost
    assert promoted.run["score"]["outcome"] == "pass"
    latency, average = promoted.run["metrics"][2:]
    assert (latency["source"], latency["label"]) == ("Metrics", "pass")
    assert 'service="basket",version="2"' in latency["query"]
    assert 'service="basket",version="1"' in latency["stable_query"]
    compared = [one for one in latency["points"] if one["new"] and one["stable"]]
    assert len(compared) >= SAMPLES
    assert all(one["new"] > 0.8 * ANSWER_S for one in compared)
    assert any(one["new"] and one["stable"] for one in average["points"])


@pytest.mark.patient
def test_a_slow_version_is_taken_back(slow: Taken, capsys: pytest.CaptureFixture[str]) -> None:
    tell(capsys, f"slow: {slow}")
    slow.check(within_s=60)
    assert "Latency, 95th percentile: The new side is" in slow.rollout["reason"]
    errors, errors_seen, latency, _ = slow.run["metrics"]
    assert [errors["label"], errors_seen["label"], latency["label"]] == ["pass", "pass", "high"]
    assert latency["finding"]["lane"] == "rank"
    assert latency["finding"]["numbers"]["effect"] > 2


@pytest.mark.patient
def test_two_percent_of_errors_are_taken_back_at_low_traffic(
    seldom: Taken, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four requests a second: too few and too seldom for the guard."""
    tell(capsys, f"2 %: {seldom}; {seldom.errors} errors in {seldom.answered} requests")
    seldom.check(within_s=80)
    assert seldom.errors / seldom.answered < 0.03
    outcomes = {one["lane"]: one["outcome"] for one in seldom.run["fast"]}
    assert outcomes == {"guard": "pass", "sequential": "fail"}


@pytest.mark.patient
@pytest.mark.usefixtures("slow", "seldom")
def test_a_version_that_goes_bad_an_hour_after_its_promotion_is_taken_back(
    world: World, promoted: Outcome, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the counts of the balancer: Prometheus has the time of the machine, which is not moved."""
    case = world.cases[GOOD.service]
    world.installation.move_clock(minutes=61)
    world.until(case.rollout_id, "watching")
    since = datetime.now(UTC).timestamp()
    case.green.fails = True

    taken = world.measured(case, is_bad=is_error, since=since)

    tell(capsys, f"an hour after the promotion: {taken}")
    taken.check(within_s=BAR_S)
    at = [taken.rollout["decided_at"], promoted.rollout["promoted_at"]]
    decided, first = map(datetime.fromisoformat, at)
    assert (decided - first).total_seconds() > 3600
    case.crowd.leave()


def test_one_tap_switches_at_once(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    number = world.start("4")
    world.until(number, "stepping")
    world.until_served_by("till-blue", "till-green")
    decided = datetime.now(UTC).timestamp()
    world.api.post("/rollouts/rollback", service="till")
    world.until(number, "aborted")
    eventually(lambda: len(world.crowd.since(decided)) > 2 * PER_SECOND, what="more requests")

    after = [one.at for one in world.crowd.since(decided) if one.who == "till-green"]
    last = max(after, default=decided)

    tell(capsys, f"one tap: {last - decided:.2f} s to the last answer of the new version")
    assert last - decided < allowed(SWITCH_S)


@pytest.mark.patient
@pytest.mark.usefixtures("slow", "seldom")  # a way back is not measured while its worker is dead
@pytest.mark.parametrize("after_s", [0.3, 1.1, 3.6])
def test_kill_9_of_the_worker_leaves_nothing_half(world: World, after_s: float) -> None:
    """At any step: the next one finds what was wanted, and goes on; then it fails and goes back."""
    number = world.start(f"3-{after_s}")
    begun = datetime.now(UTC).timestamp()
    eventually(lambda: datetime.now(UTC).timestamp() - begun > after_s)
    before = world.installation.pid_of(WORKER)
    world.installation.kill(WORKER)
    eventually(lambda: world.installation.pid_of(WORKER) != before, what="another worker")
    world.until(number, "watching")
    weights = {name: one.weight for name, one in world.proxy.servers().items()}
    assert weights == {"blue1": 0, "green1": 256}

    world.green.fails = True
    world.installation.kill(WORKER)
    world.until(number, "rolled_back")

    weights = {name: one.weight for name, one in world.proxy.servers().items()}
    assert weights == {"blue1": 256, "green1": 0}
    assert not world.crowd.lost()
