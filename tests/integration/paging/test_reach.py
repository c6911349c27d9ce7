"""Whether personal rules reach the people of a rota within the first step of its policies."""

import pytest
from tests.factories.identity import NOW
from tests.factories.paging import PagedTeam, make_paged_team, make_policy

from evenfall.notifications.models import ContactMethod
from evenfall.oncall.ports import DutyOf, ReachFlaw
from evenfall.paging import actions, queries
from evenfall.paging.logic.policy import StepSpec, TargetSpec
from evenfall.paging.logic.rules import PersonRule
from evenfall.paging.logic.words import TargetKind, Urgency

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


def _duty(world: PagedTeam, role: str = "primary") -> DutyOf:
    user = world.ada if role == "primary" else world.ben
    return DutyOf(user_id=user.id, role=role, rota_id=world.rota_id, team_id=world.team.id)


def _start_after(user_id: int, minutes: int) -> None:
    rule = PersonRule(urgency=Urgency.HIGH, kind="email", delay_minutes=minutes)
    actions.save_rules(user_id=user_id, rules=[rule], now=NOW, actor="system")


def test_defaults_reach_everybody(world: PagedTeam) -> None:
    assert queries.reach_flaws([_duty(world), _duty(world, "lieutenant")]) == {}


def test_rules_later_than_the_first_step_of_the_default_policy_are_too_late(
    world: PagedTeam,
) -> None:
    _start_after(world.ada.id, 5)
    assert queries.reach_flaws([_duty(world)]) == {}
    _start_after(world.ada.id, 6)
    assert queries.reach_flaws([_duty(world)]) == {_duty(world): ReachFlaw.TOO_LATE}


@pytest.mark.parametrize("names_the_rota", [True, False])
def test_a_policy_that_names_the_rota_or_serves_the_team_counts(
    world: PagedTeam, *, names_the_rota: bool
) -> None:
    _start_after(world.ada.id, 4)
    target = TargetSpec(kind=TargetKind.ROTA, id=world.rota_id if names_the_rota else None)
    policy_id = make_policy(StepSpec(targets=(target,), delay_minutes=3))
    if not names_the_rota:
        actions.assign_policy(
            policy_id=policy_id, service_id=world.service.id, now=NOW, actor="system"
        )
    assert queries.reach_flaws([_duty(world)]) == {_duty(world): ReachFlaw.TOO_LATE}


def test_a_policy_of_others_does_not_count(world: PagedTeam) -> None:
    _start_after(world.ada.id, 4)
    target = TargetSpec(kind=TargetKind.ROTA)
    make_policy(StepSpec(targets=(target,), delay_minutes=3))
    assert queries.reach_flaws([_duty(world)]) == {}


def test_the_lieutenant_is_measured_by_their_own_step(world: PagedTeam) -> None:
    _start_after(world.ben.id, 5)
    target = TargetSpec(kind=TargetKind.ROTA, id=world.rota_id)
    make_policy(StepSpec(targets=(target,), delay_minutes=1))
    assert queries.reach_flaws([_duty(world, "lieutenant")]) == {}


def test_a_device_that_was_silent_is_not_counted_on(world: PagedTeam) -> None:
    rule = PersonRule(urgency=Urgency.HIGH, kind="email", delay_minutes=0)
    actions.save_rules(user_id=world.ada.id, rules=[rule], now=NOW, actor="system")
    ContactMethod.objects.filter(user=world.ada).update(check_state="silent")
    assert queries.reach_flaws([_duty(world)]) == {_duty(world): ReachFlaw.NO_METHOD}
