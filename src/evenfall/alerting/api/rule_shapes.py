"""Rules as the API takes and gives them."""

from datetime import timedelta
from typing import Any

from ninja import Schema
from pydantic import Field

from evenfall.alerting.actions import RuleDraft
from evenfall.alerting.logic.rules import Effects
from evenfall.alerting.logic.updates import Fallback, Outcome, Severity, Urgency
from evenfall.alerting.queries import RuleView

MOST_RULES = 1000


class EffectsSchema(Schema):
    """Null leaves the matter to the alert and the defaults."""

    outcome: Outcome | None = None
    urgency: Urgency | None = None
    severity: Severity | None = None
    service_id: int | None = None
    policy_id: int | None = None
    group_by: list[str] | None = Field(default=None, max_length=10)
    group_window_s: int | None = Field(default=None, ge=0, le=604_800)
    wait_s: int | None = Field(default=None, ge=0, le=3600)
    """Page only what is still open after so many seconds."""
    runbook_id: int | None = Field(default=None, ge=1, le=2**63 - 1)
    """What the outcome *automate* starts."""
    clear_within_s: int | None = Field(default=None, ge=0, le=21_600)
    """How long after the end of the runbook the alert may stay; null for five minutes."""
    fallback: Fallback | None = None
    """What becomes of it when the runbook does not help; null for what an error there becomes."""


class RuleOut(Schema):
    """The id 0 is the catch-all as long as nobody changed it."""

    id: int
    position: int
    name: str
    condition: str
    effects: EffectsSchema
    is_catch_all: bool
    is_enabled: bool


class RulesOut(Schema):
    items: list[RuleOut]


class RuleIn(Schema):
    name: str = Field(max_length=120)
    condition: str = Field(default="true", max_length=2000)
    effects: EffectsSchema = Field(default_factory=EffectsSchema)
    is_enabled: bool = True


def rule_out(rule: RuleView) -> dict[str, Any]:
    window, within = rule.group_window, rule.clear_within
    return {
        "id": rule.id,
        "position": rule.position,
        "name": rule.name,
        "condition": rule.condition,
        "is_catch_all": rule.is_catch_all,
        "is_enabled": rule.is_enabled,
        "effects": {
            "outcome": rule.outcome or None,
            "urgency": rule.urgency or None,
            "severity": rule.severity or None,
            "service_id": rule.service_id,
            "policy_id": rule.policy_id,
            "runbook_id": rule.runbook_id,
            "clear_within_s": None if within is None else int(within.total_seconds()),
            "fallback": rule.fallback or None,
            "group_by": None if rule.group_by is None else list(rule.group_by),
            "group_window_s": None if window is None else int(window.total_seconds()),
            "wait_s": None if rule.wait is None else int(rule.wait.total_seconds()),
        },
    }


def draft_of(body: RuleIn) -> RuleDraft:
    return RuleDraft(
        name=body.name,
        condition=body.condition,
        is_enabled=body.is_enabled,
        effects=effects_of(body.effects),
    )


def effects_of(given: EffectsSchema) -> Effects:
    window, within = given.group_window_s, given.clear_within_s
    return Effects(
        outcome=given.outcome,
        urgency=given.urgency,
        severity=given.severity,
        service_id=given.service_id,
        policy_id=given.policy_id,
        runbook_id=given.runbook_id,
        clear_within=None if within is None else timedelta(seconds=within),
        fallback=given.fallback,
        group_by=None if given.group_by is None else tuple(given.group_by),
        group_window=None if window is None else timedelta(seconds=window),
        wait=None if given.wait_s is None else timedelta(seconds=given.wait_s),
    )
