"""Routing rules."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from msgspec.structs import asdict
from ninja import Router, Schema, Status
from pydantic import Field

from evenfall.alerting import actions, queries
from evenfall.alerting.actions.books import LONGEST_NOTE
from evenfall.alerting.api.rule_shapes import (
    MOST_RULES,
    EffectsSchema,
    RuleIn,
    RuleOut,
    RulesOut,
    draft_of,
    effects_of,
    rule_out,
)
from evenfall.alerting.errors import ConditionNotValid
from evenfall.alerting.logic.expressions import ExpressionError
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import time_is_up, utc_now

_TRIES_FOR: Final = timedelta(seconds=2)

router = Router()


class OrderIn(Schema):
    rule_ids: list[int]
    """All rules but the catch-all, in their new order."""


class RuleChangeIn(RuleIn):
    note: str = Field(default="", max_length=LONGEST_NOTE)
    """Why, for those who read the list of versions later."""
    version: int | None = Field(default=None, ge=0, le=2**63 - 1)
    """The version of the rules that the change was made from: 409 when somebody else changed this
    rule since. Null changes it in any case."""


class NewRuleIn(RuleIn):
    note: str = Field(default="", max_length=LONGEST_NOTE)


class WantedRuleIn(RuleIn):
    id: int | None = Field(default=None, ge=1, le=2**63 - 1)
    """A rule that is there; null makes a new one."""


class RuleSetIn(Schema):
    """All rules in their order. Those that are not in it are deleted."""

    rules: list[WantedRuleIn] = Field(max_length=MOST_RULES)
    catch_all: EffectsSchema = Field(default_factory=EffectsSchema)
    note: str = Field(default="", max_length=LONGEST_NOTE)
    version: int | None = Field(default=None, ge=0, le=2**63 - 1)
    """The version that the set was made from: 409 when there is a newer one."""


class ConditionIn(Schema):
    condition: str = Field(max_length=2000)
    rule_id: int | None = Field(default=None, ge=0, le=2**63 - 1)
    """The rule in whose place it is tried; null is a new one, in front of the last."""


class ExampleOut(Schema):
    """`values` are those that made the condition hold; `today` and `then` the rules that decide,
    without the change and with it.
    """

    alert_id: int
    title: str
    at: datetime
    values: dict[str, Any]
    today: str
    then: str


class TriedDayOut(Schema):
    day: date
    alerts: int
    matched: int


class TakenOut(Schema):
    rule: str
    count: int


class PreviewOut(Schema):
    """Alerts of the last seven days. Of many, `looked_at` are a sample that is spread evenly, and
    the other numbers are estimates for all of them. `taken` is what this rule would decide;
    `earlier` are rules before it that decide the rest, `gained` and `lost` where it comes from and
    goes to.
    """

    looked_at: int
    total: int
    is_sample: bool
    ran_out: bool
    """Whether time was up before all of the sample was looked at."""
    matched: int
    taken: int
    days: list[TriedDayOut]
    earlier: list[TakenOut]
    gained: list[TakenOut]
    lost: list[TakenOut]
    examples: list[ExampleOut]


class WordOut(Schema):
    name: str
    values: list[str]


class WordsOut(Schema):
    items: list[WordOut]


def _actor(request: HttpRequest) -> str:
    """Rules are for everybody, so a role in one team is not enough."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    return viewer.actor


@router.get("/rules", response=RulesOut, auth=api_auth(Permission.VIEW))
def list_rules(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """All rules in their order; the first that holds decides, the last one takes the rest."""
    return {"items": [rule_out(rule) for rule in queries.rules()]}


@router.post("/rules", response={201: RuleOut}, auth=api_auth(Permission.MANAGE))
def create_rule(request: HttpRequest, body: NewRuleIn) -> Status[dict[str, Any]]:
    number = actions.create_rule(
        draft=draft_of(body), now=utc_now(), actor=_actor(request), note=body.note
    )
    return Status(201, rule_out(queries.rule(number)))


@router.put("/rules/order", response=RulesOut, auth=api_auth(Permission.MANAGE))
def reorder_rules(request: HttpRequest, body: OrderIn) -> dict[str, Any]:
    actions.reorder_rules(rule_ids=body.rule_ids, now=utc_now(), actor=_actor(request))
    return {"items": [rule_out(rule) for rule in queries.rules()]}


@router.put("/rules", response=RulesOut, auth=api_auth(Permission.MANAGE))
def replace_rules(request: HttpRequest, body: RuleSetIn) -> dict[str, Any]:
    """Save a whole set of rules at once, as one version. The same set again changes nothing."""
    wanted = actions.RuleSet(
        rules=[actions.WantedRule(id=one.id, draft=draft_of(one)) for one in body.rules],
        catch_all=effects_of(body.catch_all),
    )
    actions.replace_rules(
        wanted=wanted, now=utc_now(), actor=_actor(request), note=body.note, seen=body.version
    )
    return {"items": [rule_out(rule) for rule in queries.rules()]}


@router.post("/rules/preview", response=PreviewOut, auth=api_auth(Permission.VIEW))
def preview_condition(request: HttpRequest, body: ConditionIn) -> dict[str, Any]:
    """Try a condition on the alerts of the last seven days; changes nothing."""
    try:
        trial = queries.try_rule(
            condition=body.condition,
            rule_id=body.rule_id,
            now=utc_now(),
            zone=ZoneInfo(viewer_of(request).time_zone),
            is_late=time_is_up(_TRIES_FOR),
        )
    except ExpressionError as error:
        raise ConditionNotValid(
            field="condition", reason=error.reason, column=error.column
        ) from None
    return {
        **asdict(trial),
        "days": [{"day": d.day, "alerts": d.looked_at, "matched": d.matched} for d in trial.days],
        "examples": [
            {**asdict(one), "title": one.summary, "values": dict(one.values)}
            for one in trial.examples
        ],
    }


@router.get("/rules/words", response=WordsOut, auth=api_auth(Permission.VIEW))
def list_words(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The names that the newest alerts have, as a condition writes them, and their values."""
    return {"items": [asdict(word) for word in queries.words_seen()]}


@router.put("/rules/{int:rule_id}", response=RuleOut, auth=api_auth(Permission.MANAGE))
def change_rule(request: HttpRequest, rule_id: int, body: RuleChangeIn) -> dict[str, Any]:
    actor, now = _actor(request), utc_now()
    actions.change_rule(
        rule_id=rule_id,
        draft=draft_of(body),
        now=now,
        actor=actor,
        note=body.note,
        seen=body.version,
    )
    return rule_out(queries.rule(rule_id) if rule_id else queries.rules()[-1])


@router.delete("/rules/{int:rule_id}", response={204: None}, auth=api_auth(Permission.MANAGE))
def delete_rule(request: HttpRequest, rule_id: int) -> Status[None]:
    actions.delete_rule(rule_id=rule_id, now=utc_now(), actor=_actor(request))
    return Status(204, None)
