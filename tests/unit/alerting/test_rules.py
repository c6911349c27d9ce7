from datetime import UTC, datetime

import pytest
from tests.factories.alerting import candidate

from evenfall.alerting.logic.expressions import ExpressionError
from evenfall.alerting.logic.rules import (
    Effects,
    Rule,
    compile_rules,
    default_outcome,
    default_urgency,
)
from evenfall.alerting.logic.updates import Outcome, Severity, Urgency

DAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

WEB = Rule(id=1, name="web", condition='labels.team == "web"')
ANY_WEB = Rule(id=2, name="any web", condition='startswith(labels.team, "web")')
REST = Rule(id=3, name="rest", is_catch_all=True, effects=Effects(policy_id=9))


def test_rule_for_takes_the_first_that_holds() -> None:
    book = compile_rules(4, [WEB, ANY_WEB, REST])
    assert book.version == 4
    assert book.rule_for(candidate(labels={"team": "web"})) is WEB
    assert book.rule_for(candidate(labels={"team": "web-2"})) is ANY_WEB
    assert book.rule_for(candidate(labels={"team": "api"})) is REST


def test_rule_for_skips_disabled_rules() -> None:
    off = Rule(id=1, name="off", condition="true", is_enabled=False)
    assert compile_rules(1, [off, REST]).rule_for(candidate()) is REST


def test_without_a_catch_all_there_is_one() -> None:
    rule = compile_rules(1, []).rule_for(candidate())
    assert rule.is_catch_all
    assert rule.effects == Effects()


def test_compile_rules_refuses_a_wrong_condition() -> None:
    with pytest.raises(ExpressionError):
        compile_rules(1, [Rule(id=1, name="bad", condition="1 +")])


@pytest.mark.parametrize(
    ("severity", "environment", "at", "outcome", "urgency"),
    [
        (Severity.CRITICAL, "PROD", NIGHT, Outcome.PAGE, Urgency.HIGH),
        (Severity.ERROR, "PROD", NIGHT, Outcome.PAGE, Urgency.HIGH),
        (Severity.WARNING, "PROD", DAY, Outcome.TICKET, Urgency.LOW),
        (Severity.INFO, "PROD", DAY, Outcome.RECORD, Urgency.LOW),
        (Severity.CRITICAL, "UAT", NIGHT, Outcome.LOW, Urgency.LOW),
        (Severity.ERROR, "DEV", NIGHT, Outcome.LOW, Urgency.LOW),
        (Severity.CRITICAL, "DEV", DAY, Outcome.PAGE, Urgency.HIGH),
    ],
)
def test_default_outcome(
    severity: Severity, environment: str, at: datetime, outcome: Outcome, urgency: Urgency
) -> None:
    default = default_outcome(severity, environment, at=at, zone="UTC")
    assert (default.outcome, default.urgency) == (outcome, urgency)
    assert default.reason


def test_default_urgency_is_high_only_for_a_page() -> None:
    assert default_urgency(Outcome.PAGE) is Urgency.HIGH
    assert {default_urgency(o) for o in Outcome if o is not Outcome.PAGE} == {Urgency.LOW}
