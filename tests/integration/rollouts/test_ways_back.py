"""The way back when the old side is gone, after a version was proven, and to another version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.factories.identity import NOW
from tests.factories.releases import make_release, make_stages, passage_of
from tests.factories.rollouts import PLAN, Switchboard, fresh, make_target, switchboard, work

from evenfall.incidents.models import Incident
from evenfall.platform.models import JournalEntry
from evenfall.platform.reactions import react_now
from evenfall.releases.actions import stop_everything
from evenfall.releases.actions.scoping import Reach
from evenfall.rollouts import actions, errors, ports, queries
from evenfall.rollouts.logic.states import State
from evenfall.rollouts.models import Target
from evenfall.rollouts.ports import Deployed, Deployment, Order

pytestmark = pytest.mark.django_db
TICK = timedelta(seconds=1.5)
AT_ONCE: Mapping[str, Any] = {"strategy": "blue_green", "watch": "1h", "guard": {"least": 5}}


class Workshop:
    """A deployer that is nothing but memory: what was ordered, and how it ends."""

    name = "workshop"
    label = "Workshop"
    fields = ()

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.state = Deployed.DONE

    def check(self, settings: Mapping[str, str]) -> None:
        """Anything goes."""

    def begin(
        self, settings: Mapping[str, str], order: Order, *, time_limit_s: float
    ) -> Deployment:
        assert time_limit_s > 0, settings
        self.orders.append(order)
        return Deployment(state=Deployed.RUNNING, words="Begun.", memory={"key": order.key})

    def look(
        self,
        settings: Mapping[str, str],
        order: Order,
        memory: Mapping[str, str],
        *,
        time_limit_s: float,
    ) -> Deployment:
        assert time_limit_s > 0, settings
        assert memory == {"key": order.key}
        return Deployment(state=self.state, words=self.state.value, memory=memory)


@dataclass(kw_only=True)
class Yard:
    """A place that a deployer serves, with a clock."""

    board: Switchboard
    workshop: Workshop = field(default_factory=Workshop)
    now: datetime = NOW
    target: Target = field(init=False)

    def __post_init__(self) -> None:
        ports.register_deployer(self.workshop)
        self.target = make_target(
            kind="switchboard", traffic={}, deploy_kind="workshop", plan=AT_ONCE
        )

    def start(self, version: str, **more: Any) -> int:
        wish = {"target_id": self.target.pk, "version": version, "now": self.now}
        number = actions.start_rollout(**{**wish, "actor": "user:1", **more})
        self.tick(3)
        return number

    def tick(self, times: int = 1, *, errors: int = 0) -> None:
        for _ in range(times):
            side = "green" if self.board.share("green") else "blue"
            self.board.serve(side, 40, errors=errors)
            self.now += TICK
            work(self.now)

    def prove(self, version: str) -> int:
        number = self.start(version)
        assert fresh(number).state == State.WATCHING
        self.now += timedelta(hours=1)
        self.tick(2)
        assert fresh(number).state == State.PROVEN
        return number

    def back(self, **more: Any) -> int:
        said = {"service_id": self.target.service_id, "environment": "PROD", "now": self.now}
        return actions.roll_back_service(**{**said, "actor": "user:1", **more})


@pytest.fixture
def yard() -> Iterator[Yard]:
    with switchboard() as board:
        yield Yard(board=board)


def facts(rollout_id: int, kind: str) -> list[dict[str, Any]]:
    rows = JournalEntry.objects.filter(subjects__contains=[f"rollout:{rollout_id}"])
    return list(rows.filter(kind=f"rollouts.{kind}").values_list("data", flat=True))


def test_a_baseline_is_deployed_beside_the_new_version_and_takes_its_share(yard: Yard) -> None:
    """flagger#225. Both are ordered before anything moves; afterwards it gets nothing more."""
    number = yard.start("2", plan={**PLAN, "baseline": True})

    assert [(one.side, one.version) for one in yard.workshop.orders] == [
        ("green", "2"),
        ("baseline", "1"),
    ]
    assert len({one.key for one in yard.workshop.orders}) == 2
    row = fresh(number)
    assert (row.state, row.weight) == (State.STEPPING, 20)
    assert dict(yard.board.applied[-1].weights) == {"green": 20, "blue": 60, "baseline": 20}
    assert queries.rollout(number).rest == 60

    actions.promote(rollout_id=number, now=yard.now, actor="user:1")
    yard.tick()

    assert dict(yard.board.applied[-1].weights) == {"green": 100, "blue": 0}


def test_a_baseline_that_cannot_be_deployed_leads_back(yard: Yard) -> None:
    yard.workshop.state = Deployed.FAILED
    number = yard.start("2", plan={**PLAN, "baseline": True})
    assert (fresh(number).state, fresh(number).why) == (State.ROLLED_BACK, "seen")
    assert facts(number, "turned_back")[0]["why"] == "deploy_failed"


def test_a_baseline_needs_to_know_what_is_stable(yard: Yard) -> None:
    Target.objects.update(blue_version="")
    with pytest.raises(errors.PlanWrong, match="which version the stable side runs"):
        yard.start("2", plan={**PLAN, "baseline": True})


def test_an_old_side_that_is_gone_is_deployed_before_traffic_goes_back(yard: Yard) -> None:
    """Two hours without data: the watch goes on, and the old side is kept for one."""
    number = yard.start("2")
    yard.now += timedelta(hours=2)
    work(yard.now)
    yard.workshop.orders.clear()
    yard.workshop.state = Deployed.RUNNING
    yard.tick(2, errors=40)

    row = fresh(number)
    assert (row.state, row.weight) == (State.RESTORING, 100), "nobody could answer on the old side"
    assert [(one.side, one.version) for one in yard.workshop.orders] == [("blue", "1")]
    assert len(facts(number, "turned_back")) == 1
    with pytest.raises(errors.GoingBack):
        actions.promote(rollout_id=number, now=yard.now, actor="user:1")
    yard.workshop.state = Deployed.DONE
    yard.tick()

    row = fresh(number)
    assert (row.state, yard.board.share("blue")) == (State.ROLLED_BACK, 100)
    assert "requests failed" in row.reason
    assert len(facts(number, "turned_back")) == 1
    assert facts(number, "returned")[0]["took_s"] > 2
    assert [one.side for one in queries.deploys(number)] == ["green", "blue"]


def test_an_old_side_that_cannot_be_deployed_pages_and_one_more_tap_orders_anew(
    yard: Yard,
) -> None:
    number = yard.start("2")
    yard.now += timedelta(hours=2)
    yard.workshop.state = Deployed.FAILED
    actions.roll_back(rollout_id=number, now=yard.now, actor="user:1")
    yard.tick(3)
    react_now(yard.now)

    assert fresh(number).state == State.RESTORING
    incident = Incident.objects.get()
    assert ("is blocked" in incident.title, incident.urgency) == (True, "high")
    assert "could not be deployed again" in incident.description
    yard.workshop.state = Deployed.DONE
    actions.roll_back(rollout_id=number, now=yard.now, actor="user:1")
    yard.tick(2)

    assert fresh(number).state == State.ABORTED
    keys = [one.key for one in yard.workshop.orders if one.side == "blue"]
    assert len(set(keys)) == 2, "who remembers keys must not repeat the old failure"


def test_after_the_proof_the_way_back_is_one_switch_while_the_old_side_is_warm(
    yard: Yard,
) -> None:
    """The stop button never closes the way back."""
    Target.objects.update(plan={**yard.target.plan, "warm": 3 * 3600})
    proven = yard.prove("2")
    yard.workshop.orders.clear()
    stop_everything(reach=Reach(), reason="A drill.", now=yard.now, actor="user:1")

    way = queries.way_back(yard.target.pk, now=yard.now)
    assert way is not None
    assert (way.version, way.side, way.must_deploy) == ("1", "blue", False)
    number = actions.roll_back(
        rollout_id=proven, reason="Orders are lost", now=yard.now, actor="user:1"
    )
    yard.tick(2)

    row = fresh(number)
    assert (row.state, row.version, row.is_return) == (State.PROVEN, "1", True)
    assert row.reason == "Orders are lost"
    assert yard.board.share("blue") == 100
    assert not yard.workshop.orders
    assert Target.objects.get().stable_side == "blue"
    with pytest.raises(errors.NothingToReturnTo):
        yard.back()
    with pytest.raises(errors.RolloutEnded):
        actions.roll_back(rollout_id=proven, now=yard.now, actor="user:1")


def test_later_it_is_deployed_first_and_the_release_that_failed_is_marked(yard: Yard) -> None:
    make_stages(yard.target.service, "PROD")
    passage = passage_of(make_release(yard.target.service, "2"))
    number = yard.start("2", passage_id=passage.pk)
    yard.now += timedelta(hours=5)
    yard.tick(2)
    assert fresh(number).state == State.PROVEN
    way = queries.way_back(yard.target.pk, now=yard.now)
    assert way is not None
    assert way.must_deploy
    assert way.deploy_s == pytest.approx(TICK.total_seconds(), abs=0.5)
    yard.workshop.orders.clear()

    back = yard.back(reason="Orders are lost")
    assert yard.board.share("green") == 100, "nothing moves before it is there"
    yard.tick(4)

    assert [(one.side, one.version) for one in yard.workshop.orders] == [("blue", "1")]
    assert (fresh(back).state, yard.board.share("blue")) == (State.PROVEN, 100)
    passage.refresh_from_db()
    assert (passage.state, passage.reason) == ("rolled_back", "Orders are lost")


def test_without_a_deployer_and_without_the_old_side_it_says_what_to_do() -> None:
    with switchboard() as board:
        yard = Yard(board=board)
        Target.objects.update(deploy_kind="none")
        yard.prove("2")
        yard.now += timedelta(hours=9)
        way = queries.way_back(yard.target.pk, now=yard.now)
        assert way is not None
        assert not way.must_deploy, "nobody takes it away: trying is better than refusing"
        Target.objects.update(blue_version="")
        with pytest.raises(errors.NothingDeploys, match="on the blue side"):
            yard.back()


def test_a_new_version_ends_a_watch_when_somebody_says_so(yard: Yard) -> None:
    """Complaints 23 and 32: it walks all its steps, and its way back is what was watched."""
    watched = yard.start("2")
    with pytest.raises(errors.StillWatched, match="ends_watch"):
        yard.start("3")
    with pytest.raises(errors.SameVersion):
        yard.start("2", ends_watch=True)
    third = yard.start("3", ends_watch=True, plan=PLAN)

    row = fresh(watched)
    assert (row.state, row.why) == (State.PROVEN, "by_hand")
    assert facts(watched, "wished")[0]["reason"] == "Version 3 is started, which ends the watch."
    row = fresh(third)
    assert (row.state, row.side, row.stable_version) == (State.STEPPING, "blue", "2")


def test_what_fails_before_its_watch_is_ended_goes_back_first(yard: Yard) -> None:
    watched = yard.start("2")
    yard.board.serve("green", 40, errors=40)
    third = actions.start_rollout(
        target_id=yard.target.pk, version="3", ends_watch=True, now=yard.now, actor="user:1"
    )
    yard.tick(4)
    assert fresh(watched).state == State.ROLLED_BACK
    assert fresh(third).stable_version == "1"


def test_a_way_back_that_cannot_be_deployed_pages_and_nothing_moves(yard: Yard) -> None:
    yard.prove("2")
    yard.now += timedelta(hours=2)
    yard.workshop.state = Deployed.FAILED
    back = yard.back()
    yard.tick(4)
    react_now(yard.now)
    assert (fresh(back).state, yard.board.share("green")) == (State.ROLLED_BACK, 100)
    incident = Incident.objects.get()
    assert ("the way back to 1 failed" in incident.title, incident.urgency) == (True, "high")
