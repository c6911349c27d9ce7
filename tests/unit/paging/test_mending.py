"""A person more in a policy, and personal rules that ring at once."""

from evenfall.paging.logic.mending import ringing_at_once, with_person
from evenfall.paging.logic.policy import DEFAULT_POLICY, TargetSpec, problems
from evenfall.paging.logic.rules import PersonRule
from evenfall.paging.logic.words import Hours, TargetKind, Urgency

ANA = TargetSpec(kind=TargetKind.USER, id=1)


def test_a_person_becomes_the_last_step() -> None:
    spec = with_person(DEFAULT_POLICY, user_id=1, step=None)
    assert spec.steps[:-1] == DEFAULT_POLICY.steps
    assert spec.steps[-1].targets == (ANA,)
    assert not problems(spec)


def test_a_person_joins_a_step_once() -> None:
    spec = with_person(DEFAULT_POLICY, user_id=1, step=2)
    assert spec.steps[1].targets == (*DEFAULT_POLICY.steps[1].targets, ANA)
    assert with_person(spec, user_id=1, step=2) == spec


def test_all_that_works_rings_at_once_before_the_other_rules() -> None:
    late = PersonRule(urgency=Urgency.HIGH, kind="sms", delay_minutes=30)
    asleep = PersonRule(urgency=Urgency.HIGH, kind="email", hours=Hours.WORKING, team_id=7)
    low = PersonRule(urgency=Urgency.LOW, kind="email")
    at_once = [
        PersonRule(urgency=Urgency.HIGH, kind=kind, team_id=team)
        for team in (None, 7)
        for kind in ("email", "sms")
    ]
    rules = ringing_at_once((late, asleep, low), kinds={"sms", "email"})
    assert rules == (*at_once, late, asleep, low)
    assert ringing_at_once(rules, kinds={"sms", "email"}) == rules
    assert ringing_at_once((late,), kinds=()) == (late,)
