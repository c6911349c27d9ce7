"""Rollouts through a real HAProxy in front of real servers; time is moved, never waited for."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import Struct
from tests.factories.haproxy import Backend, Balancer, backend, balancer
from tests.factories.identity import NOW
from tests.factories.rollouts import PLAN, fresh, make_target, work

from evenfall.platform.models import JournalEntry
from evenfall.rollouts import actions, errors, ports
from evenfall.rollouts.logic.states import State
from evenfall.rollouts.models import Rollout, Tally, Target

pytestmark = pytest.mark.django_db
# a tick is a second from the end of the pass before
TICK = timedelta(seconds=1.5)


class Stage(Struct, kw_only=True):
    """A service with version 1 on blue and version 2 on green, and a clock."""

    proxy: Balancer
    target: Target
    now: datetime = NOW
    rollout_id: int = 0

    @property
    def blue(self) -> Backend:
        return self.proxy.backends["blue1"]

    @property
    def green(self) -> Backend:
        return self.proxy.backends["green1"]

    @property
    def row(self) -> Rollout:
        return fresh(self.rollout_id)

    def start(self, **more: Any) -> None:
        wish = {"target_id": self.target.pk, "version": "2", "now": self.now, "actor": "user:1"}
        self.rollout_id = actions.start_rollout(**{**wish, **more})
        work(self.now)

    def ask(self, count: int = 20, header: str = "") -> Counter[str]:
        headers = {"X-Canary": header} if header else {}
        url = f"http://127.0.0.1:{self.proxy.front}/"
        with httpx.Client(trust_env=False, headers=headers) as client:
            return Counter(client.get(url).text for _ in range(count))

    def tick(self, requests: int = 40) -> State:
        """A tick with so many requests, and what the worker makes of it."""
        if requests:
            self.ask(requests)
        self.now += TICK
        work(self.now)
        return State(self.row.state)

    def until(self, state: State, *, most: int = 20, requests: int = 40) -> None:
        for _ in range(most):
            if self.tick(requests) is state:
                return
        raise AssertionError(f"still {self.row.state}: {self.row.reason} {self.row.trouble}")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, "blue1", "green1") as one:
        yield one


@contextmanager
def staged(tmp_path: Path, *names: str, **more: str) -> Iterator[Stage]:
    """These servers behind a balancer; `more` are settings of the place."""
    with ExitStack() as stack:
        backends = {name: stack.enter_context(backend(name)) for name in names}
        routes = str(tmp_path / "routes.map")
        proxy = stack.enter_context(balancer(tmp_path, backends=backends, routes=routes))
        settings = {
            "address": proxy.address,
            "backend": "web",
            "blue": "blue1",
            "green": "green1",
            "map": routes,
            **more,
        }
        yield Stage(proxy=proxy, target=make_target(traffic=settings))


def kinds(rollout_id: int) -> list[str]:
    rows = JournalEntry.objects.filter(subjects__contains=[f"rollout:{rollout_id}"])
    return [
        kind.removeprefix("rollouts.")
        for kind in rows.order_by("id").values_list("kind", flat=True)
    ]


def test_a_good_version_gets_more_and_more_until_it_is_proven(stage: Stage) -> None:
    stage.start()
    assert stage.row.state == State.STEPPING
    share = stage.ask(100)
    assert 10 <= share["green1"] <= 30, share

    stage.until(State.WATCHING)
    assert stage.ask(20) == {"green1": 20}
    assert stage.proxy.servers()["blue1"].state == "ready", "the old side is kept warm"
    stage.now += timedelta(hours=1)
    stage.until(State.PROVEN)

    target = Target.objects.get()
    assert (target.stable_side, target.green_version) == ("green", "2")
    assert kinds(stage.rollout_id)[0] == "started"
    assert kinds(stage.rollout_id)[-3:] == ["promoted", "watched", "proven"]


def test_beside_a_baseline_the_new_version_is_compared_with_it(tmp_path: Path) -> None:
    """flagger#225. The stable side fails for old reasons; the fresh one does not, nor the new."""
    with staged(tmp_path, "blue1", "green1", "baseline1", baseline="baseline1") as stage:
        stage.start(plan={**PLAN, "baseline": True})
        assert dict(stage.ask(100)) == pytest.approx(
            {"blue1": 60, "green1": 20, "baseline1": 20}, abs=4
        )
        stage.blue.fails = True
        stage.green.fails = True
        stage.tick(100)
        stage.until(State.ROLLED_BACK, most=3)
        assert stage.ask(20) == {"blue1": 20}, "neither the new version nor the baseline"
        last = Tally.objects.filter(is_baseline=True).latest("at")
        assert (last.stable_requests > 10, last.stable_errors) == (True, 0)
        assert "on the stable side too" not in stage.row.reason


def test_a_plan_that_the_place_cannot_carry_out_is_refused(stage: Stage) -> None:
    """Nothing is left out silently: it says which setting is missing."""
    with pytest.raises(errors.PlanWrong, match="A baseline needs “Servers of the baseline”"):
        stage.start(plan={**PLAN, "baseline": True})
    Target.objects.update(traffic_settings={**stage.target.traffic_settings, "map": ""})
    route = {"setHeaderRoute": {"name": "X-Canary", "value": "yes"}}
    with pytest.raises(errors.PlanWrong, match="Header routes need “Map of header routes”"):
        stage.start(plan={**PLAN, "steps": [route, *PLAN["steps"]]})


def test_a_bad_version_is_taken_back_within_two_ticks(stage: Stage) -> None:
    stage.green.fails = True
    stage.start()

    stage.until(State.ROLLED_BACK, most=2)

    assert stage.ask(20) == {"blue1": 20}
    assert stage.proxy.servers()["green1"].state == "maint", "not even those who stick to it"
    assert "requests failed" in JournalEntry.objects.get(kind="rollouts.turned_back").data["reason"]


def test_after_the_promotion_a_failure_leads_back_too(stage: Stage) -> None:
    """Complaint 29, and no analysis has to run again for it."""
    stage.start()
    stage.until(State.WATCHING)
    stage.now += timedelta(minutes=50)
    stage.tick()
    stage.green.fails = True

    stage.until(State.ROLLED_BACK, most=2)

    assert stage.ask(20) == {"blue1": 20}
    assert Target.objects.get().stable_side == "blue"


def test_without_requests_it_waits_and_goes_on_when_there_are_some(stage: Stage) -> None:
    """Complaints 16 and 27."""
    stage.start()
    for _ in range(10):
        assert stage.tick(requests=0) is State.STEPPING
    assert (stage.row.step, stage.row.why) == (1, "no_data")
    stage.now += timedelta(minutes=10)
    stage.tick(requests=0)
    assert stage.row.asks
    assert kinds(stage.rollout_id)[-1] == "holds"
    stage.tick(requests=0)
    assert kinds(stage.rollout_id).count("holds") == 1, "asked once, not each second"

    stage.until(State.WATCHING)


def test_who_dies_between_the_intent_and_the_switch_loses_nothing(stage: Stage) -> None:
    """As after kill -9: the row is claimed, the port untouched, or touched and not written down."""
    stage.start()
    lost = None
    while stage.row.seen_intent == stage.row.intent:
        stage.now += TICK
        stage.ask(40)
        lost = actions.claim_rollout(now=stage.now)
        assert lost is not None
        answer = actions.touch(lost)
        actions.settle(errand=lost, answer=answer, verdicts=[], now=stage.now)
    lost = actions.claim_rollout(now=stage.now)
    assert lost is not None
    assert lost.split.weight == 50
    actions.touch(lost)  # done outside, and nobody wrote it down

    assert stage.tick() is State.STEPPING
    assert stage.row.seen_intent != stage.row.intent, "nobody may be at it before the lease ends"
    stage.now += timedelta(seconds=10)
    stage.tick()
    assert stage.row.seen_intent == stage.row.intent
    late = actions.settle(errand=lost, answer=actions.Answer(), verdicts=[], now=stage.now)
    assert late is None, "what comes too late does not count"
    stage.until(State.WATCHING)


def test_what_somebody_else_moves_is_moved_back(stage: Stage) -> None:
    stage.start()
    stage.until(State.WATCHING)
    stage.proxy.tell("set server web/blue1 weight 256")

    stage.tick()

    assert stage.ask(20) == {"green1": 20}


def test_after_a_new_start_of_the_proxy_everything_is_set_again(stage: Stage) -> None:
    """Its weights are those of the configuration then."""
    stage.start()
    stage.tick(requests=0)
    stage.proxy.tell("set server web/blue1 weight 100")
    stage.proxy.tell("set server web/green1 weight 100")

    stage.tick(requests=0)

    weights = {name: one.weight for name, one in stage.proxy.servers().items()}
    assert weights == {"blue1": 256, "green1": 64}


def test_one_tap_leads_back_and_wins_over_a_promotion(stage: Stage) -> None:
    """Complaint 25."""
    stage.start()
    actions.promote(rollout_id=stage.rollout_id, now=stage.now, actor="user:1")
    actions.roll_back(rollout_id=stage.rollout_id, now=stage.now, actor="user:1")
    with pytest.raises(errors.GoingBack):
        actions.promote(rollout_id=stage.rollout_id, now=stage.now, actor="user:2")

    work(stage.now)

    assert stage.row.state == State.ABORTED
    assert stage.ask(20) == {"blue1": 20}
    with pytest.raises(errors.RolloutEnded):
        actions.roll_back(rollout_id=stage.rollout_id, now=stage.now, actor="user:1")


def test_after_an_abort_the_same_version_can_be_tried_again(stage: Stage) -> None:
    """Complaint 23."""
    stage.start()
    actions.roll_back_service(
        service_id=stage.target.service_id, environment="PROD", now=stage.now, actor="user:1"
    )
    work(stage.now)
    with pytest.raises(errors.NothingToReturnTo):
        actions.roll_back_service(
            service_id=stage.target.service_id, environment="PROD", now=stage.now, actor="user:1"
        )

    stage.start()
    stage.until(State.WATCHING)

    assert stage.ask(20) == {"green1": 20}


def test_a_newer_version_takes_its_place_and_walks_all_steps(stage: Stage) -> None:
    """Complaint 32: a new revision during the analysis was not fully validated."""
    stage.start()
    stage.until(State.STEPPING)
    first = stage.rollout_id
    while stage.row.step < 2:
        stage.tick()

    stage.start(version="3")
    stage.tick()

    assert fresh(first).state == State.SUPERSEDED
    assert (stage.row.state, stage.row.step, stage.row.weight) == (State.STEPPING, 1, 20)
    assert stage.row.stable_version == "1"


def test_while_a_version_is_watched_its_way_back_is_not_overwritten(stage: Stage) -> None:
    stage.start()
    stage.until(State.WATCHING)
    with pytest.raises(errors.StillWatched):
        stage.start(version="3")

    actions.promote(rollout_id=stage.rollout_id, now=stage.now, actor="user:1")
    work(stage.now)
    assert stage.row.state == State.PROVEN
    with pytest.raises(errors.SameVersion):
        stage.start(version="2")
    stage.start(version="3")
    assert stage.row.side == "blue"


def test_an_irreversible_version_freezes_where_it_is(stage: Stage) -> None:
    """Complaint 30."""
    stage.green.fails = True
    stage.start(is_irreversible=True)

    stage.until(State.FROZEN, most=2)
    why = stage.row.reason
    stage.tick()

    assert "requests failed" in why
    assert stage.row.reason == why, "it says why for as long as people have to decide"
    assert stage.row.weight == 20
    assert stage.ask(100)["green1"] > 5
    actions.roll_back(rollout_id=stage.rollout_id, now=stage.now, actor="user:1")
    work(stage.now)
    assert stage.row.state == State.ABORTED


def test_a_frozen_one_can_be_promoted_and_stays(stage: Stage) -> None:
    stage.green.fails = True
    stage.start(is_irreversible=True)
    stage.until(State.FROZEN, most=2)

    actions.promote(rollout_id=stage.rollout_id, now=stage.now, actor="user:1")
    stage.tick()

    assert (stage.row.state, stage.row.is_trusted) == (State.WATCHING, True)
    assert stage.tick() is State.WATCHING


def test_held_it_goes_no_further_and_a_failure_still_leads_back(stage: Stage) -> None:
    """Complaint 31."""
    stage.start()
    actions.hold(rollout_id=stage.rollout_id, reason="lunch", now=stage.now, actor="user:1")
    for _ in range(6):
        stage.tick()
    assert (stage.row.state, stage.row.step) == (State.STEPPING, 1)
    assert stage.row.held == "Held by user:1: lunch"
    actions.go_on(rollout_id=stage.rollout_id, now=stage.now, actor="user:1")
    stage.tick()
    assert stage.row.step > 1
    actions.hold(rollout_id=stage.rollout_id, now=stage.now, actor="user:1")
    stage.green.fails = True

    stage.until(State.ROLLED_BACK, most=2)


def test_a_side_of_which_no_server_is_up_gets_nothing(stage: Stage) -> None:
    """Complaint 26: pods that crash; nobody is led there, and after the deadline it is given up."""
    stage.green.is_ill = True
    stage.proxy.wait_until(lambda servers: not servers["green1"].is_up)
    stage.start()
    assert "No server of the green side is up" in stage.row.trouble
    assert stage.ask(20) == {"blue1": 20}

    stage.now += timedelta(minutes=11)
    work(stage.now)

    assert stage.row.state == State.ROLLED_BACK


def test_blue_green_previews_by_a_header_and_switches_once(stage: Stage) -> None:
    plan = {
        "strategy": "blue_green",
        "preview": {"name": "X-Canary", "value": "next"},
        "autoPromotion": False,
        "guard": PLAN["guard"],
    }
    stage.start(plan=plan)
    stage.tick()
    assert stage.ask(20) == {"blue1": 20}
    assert stage.row.asks
    preview = stage.ask(20, header="next")
    assert preview == {"green1": 20}

    actions.go_on(rollout_id=stage.rollout_id, now=stage.now, actor="user:1")
    work(stage.now)

    assert stage.row.state == State.WATCHING
    assert stage.ask(20) == {"green1": 20}
    stage.green.fails = True
    stage.until(State.ROLLED_BACK, most=3)
    assert stage.ask(20, header="next") == {"blue1": 20}


def test_a_brake_holds_everything_but_the_way_back(stage: Stage) -> None:
    """Complaint 33: the stop-everything button."""
    forget = ports.register_brake("test", lambda _about, *, now: f"Stopped in {now:%Y}.")
    try:
        stage.start()
        stage.tick()
        assert (stage.row.state, stage.row.reason) == (State.DEPLOYING, "Stopped in 2026.")
        actions.roll_back(rollout_id=stage.rollout_id, now=stage.now, actor="user:1")
        stage.until(State.ABORTED, most=1)
    finally:
        forget()


def test_a_lane_that_fails_inside_is_no_pass(stage: Stage) -> None:
    """Complaint 18."""

    def broken(question: ports.Question, *, now: datetime) -> list[ports.Verdict]:
        raise ZeroDivisionError(f"{question.rollout_id} {now}")

    forget = ports.register_judge("test", broken)
    try:
        stage.start()
        for _ in range(6):
            stage.tick()
        assert (stage.row.step, stage.row.why) == (1, "no_data")
    finally:
        forget()
