from datetime import timedelta

import pytest

from evenfall.oncall.ports import ReachFlaw
from evenfall.paging.logic.reach import reach_flaw
from evenfall.paging.logic.rules import DEFAULT_RULES, PersonRule
from evenfall.paging.logic.words import Hours, Urgency

FIVE = timedelta(minutes=5)
PUSH = {"webpush", "inbox"}


def _rule(kind: str = "webpush", delay: int = 0, hours: Hours = Hours.ALWAYS) -> PersonRule:
    return PersonRule(urgency=Urgency.HIGH, kind=kind, delay_minutes=delay, hours=hours)


@pytest.mark.parametrize(
    ("rules", "flaw"),
    [
        ([_rule()], None),
        ([_rule(delay=5)], None),
        ([_rule(delay=6)], ReachFlaw.TOO_LATE),
        ([_rule(delay=6), _rule(delay=1)], None),
        ([_rule(hours=Hours.WORKING)], ReachFlaw.ASLEEP),
        ([_rule(kind="email")], ReachFlaw.NO_METHOD),
        ([_rule(kind="inbox")], ReachFlaw.NO_METHOD),
    ],
)
def test_rules_reach_within_the_first_step_or_say_why_not(
    rules: list[PersonRule], flaw: ReachFlaw | None
) -> None:
    assert reach_flaw(rules, kinds=PUSH, moves_on_after=FIVE) is flaw


def test_without_a_policy_no_rule_is_late() -> None:
    assert reach_flaw([_rule(delay=60)], kinds=PUSH, moves_on_after=None) is None


def test_defaults_have_no_flaw_where_another_channel_rings_instead() -> None:
    assert reach_flaw(DEFAULT_RULES, kinds={"webhook"}, moves_on_after=FIVE) is None
