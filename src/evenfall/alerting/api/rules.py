"""Routing rules."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from evenfall.alerting import actions, queries
from evenfall.alerting.actions import RuleDraft
from evenfall.alerting.errors import ConditionNotValid
from evenfall.alerting.logic.expressions import ExpressionError, compile_condition
from evenfall.alerting.logic.rules import Effects
from evenfall.alerting.logic.updates import Outcome, Severity, Urgency
from evenfall.alerting.queries import RuleView
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

router = Router()


class EffectsSchema(Schema):
    """Null leaves the matter to the alert and the defaults."""

    outcome: Outcome | None = None
    urgency: Urgency | None = None
    severity: Severity | None = None
    service_id: int | None = None
    policy_id: int | None = None
    group_by: list[str] | None = Field(default=None, max_length=10)
    group_window_s: int | None = Field(default=None, ge=0, le=604_800)
    runbook_id: int | None = Field(default=None, ge=1, le=2**63 - 1)
    """What the outcome *automate* starts."""
    clear_within_s: int | None = Field(default=None, ge=0, le=21_600)
    """How long after the end of the runbook the alert may stay; null for five minutes."""


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


class OrderIn(Schema):
    rule_ids: list[int]
    """All rules but the catch-all, in their new order."""


class ConditionIn(Schema):
    condition: str = Field(max_length=2000)


class ExampleOut(Schema):
    alert_id: int
    title: str


class PreviewOut(Schema):
    looked_at: int
    matched: int
    examples: list[ExampleOut]


def _out(rule: RuleView) -> dict[str, Any]:
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
            "group_by": None if rule.group_by is None else list(rule.group_by),
            "group_window_s": None if window is None else int(window.total_seconds()),
        },
    }


def draft_of(body: RuleIn) -> RuleDraft:
    given = body.effects
    window, within = given.group_window_s, given.clear_within_s
    return RuleDraft(
        name=body.name,
        condition=body.condition,
        is_enabled=body.is_enabled,
        effects=Effects(
            outcome=given.outcome,
            urgency=given.urgency,
            severity=given.severity,
            service_id=given.service_id,
            policy_id=given.policy_id,
            runbook_id=given.runbook_id,
            clear_within=None if within is None else timedelta(seconds=within),
            group_by=None if given.group_by is None else tuple(given.group_by),
            group_window=None if window is None else timedelta(seconds=window),
        ),
    )


def _actor(request: HttpRequest) -> str:
    """Rules are for everybody, so a role in one team is not enough."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    return viewer.actor


@router.get("/rules", response=RulesOut, auth=api_auth(Permission.VIEW))
def list_rules(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """All rules in their order; the first that holds decides, the last one takes the rest."""
    return {"items": [_out(rule) for rule in queries.rules()]}


@router.post("/rules", response={201: RuleOut}, auth=api_auth(Permission.MANAGE))
def create_rule(request: HttpRequest, body: RuleIn) -> Status[dict[str, Any]]:
    number = actions.create_rule(draft=draft_of(body), now=utc_now(), actor=_actor(request))
    return Status(201, _out(queries.rule(number)))


@router.put("/rules/order", response=RulesOut, auth=api_auth(Permission.MANAGE))
def reorder_rules(request: HttpRequest, body: OrderIn) -> dict[str, Any]:
    actions.reorder_rules(rule_ids=body.rule_ids, now=utc_now(), actor=_actor(request))
    return {"items": [_out(rule) for rule in queries.rules()]}


@router.post("/rules/preview", response=PreviewOut, auth=api_auth(Permission.VIEW))
def preview_condition(request: HttpRequest, body: ConditionIn) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Try a condition on the newest alerts; changes nothing."""
    try:
        preview = queries.preview_condition(compile_condition(body.condition))
    except ExpressionError as error:
        raise ConditionNotValid(
            field="condition", reason=error.reason, column=error.column
        ) from None
    examples = [{"alert_id": number, "title": title} for number, title in preview.examples]
    return {"looked_at": preview.looked_at, "matched": preview.matched, "examples": examples}


@router.put("/rules/{int:rule_id}", response=RuleOut, auth=api_auth(Permission.MANAGE))
def change_rule(request: HttpRequest, rule_id: int, body: RuleIn) -> dict[str, Any]:
    actor, now = _actor(request), utc_now()
    actions.change_rule(rule_id=rule_id, draft=draft_of(body), now=now, actor=actor)
    return _out(queries.rule(rule_id) if rule_id else queries.rules()[-1])


@router.delete("/rules/{int:rule_id}", response={204: None}, auth=api_auth(Permission.MANAGE))
def delete_rule(request: HttpRequest, rule_id: int) -> Status[None]:
    actions.delete_rule(rule_id=rule_id, now=utc_now(), actor=_actor(request))
    return Status(204, None)
