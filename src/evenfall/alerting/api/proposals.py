"""Bodies as the API takes them, as changes nobody saved yet."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from evenfall.alerting import actions, errors, queries
from evenfall.alerting.api.inhibitions import InhibitionIn
from evenfall.alerting.api.inhibitions import draft_of as inhibition_of
from evenfall.alerting.api.quiet import MaintenanceIn, SilenceIn, matchers_of
from evenfall.alerting.api.rule_shapes import RuleIn, draft_of
from evenfall.alerting.api.rules import OrderIn
from evenfall.alerting.logic.rules import Rule
from evenfall.alerting.ports.proposals import (
    InhibitionChange,
    MaintenanceChange,
    OrderChange,
    RuleChange,
    RulesChange,
    SilenceChange,
)
from evenfall.platform.clock import utc_now

type Body = Mapping[str, Any]


def rule_change(rule_id: int | None, body: Body | None) -> RuleChange:
    """A rule as `POST /rules` and `PUT /rules/{rule_id}` take it; None deletes it."""
    is_catch_all = rule_id is not None and _is_catch_all(rule_id)
    if body is None:
        if is_catch_all:
            raise errors.CatchAllStays
        return RuleChange(rule_id=rule_id)
    return RuleChange(
        rule_id=rule_id,
        rule=_rule(draft_of(RuleIn.model_validate(body)), is_catch_all=is_catch_all),
    )


def rules_change(_number: int | None, body: Body | None) -> RulesChange:
    """All rules: `{"items": [...]}`, each as `POST /rules` takes it, in their order.

    One with `"is_catch_all": true` is the last, whatever its place.
    """
    given = TypeAdapter(list[dict[str, Any]]).validate_python((body or {}).get("items"))
    return RulesChange(
        rules=tuple(
            _rule(
                draft_of(RuleIn.model_validate(one)),
                number=-place,
                is_catch_all=bool(one.get("is_catch_all")),
            )
            for place, one in enumerate(given, start=1)
        )
    )


def order_change(_number: int | None, body: Body | None) -> OrderChange:
    """The order as `PUT /rules/order` takes it."""
    return OrderChange(rule_ids=tuple(OrderIn.model_validate(body or {}).rule_ids))


def silence_change(silence_id: int | None, body: Body | None) -> SilenceChange:
    """A silence as `POST /silences` takes it; with a number and no body: without that one."""
    if body is None:
        silence = queries.silence(silence_id or 0, now=utc_now())
        return SilenceChange(silence_id=silence.id)
    given = SilenceIn.model_validate({"ends_at": utc_now(), **body})
    return SilenceChange(matchers=matchers_of(given.matchers))


def maintenance_change(maintenance_id: int | None, body: Body | None) -> MaintenanceChange:
    """A window as `POST /maintenance` takes it; with a number and no body: without that one."""
    if body is None:
        window = queries.maintenance(maintenance_id or 0, now=utc_now())
        return MaintenanceChange(maintenance_id=window.id)
    given = MaintenanceIn.model_validate({"ends_at": utc_now(), "name": "What if", **body})
    return MaintenanceChange(
        name=given.name,
        service_ids=frozenset(given.service_ids),
        environments=frozenset(one.value for one in given.environments),
        matchers=matchers_of(given.matchers),
    )


def inhibition_change(inhibition_id: int | None, body: Body | None) -> InhibitionChange:
    """A rule as `POST /inhibitions` takes it; None deletes it."""
    if inhibition_id is not None:
        queries.inhibition(inhibition_id)
    if body is None:
        return InhibitionChange(inhibition_id=inhibition_id)
    said = inhibition_of(InhibitionIn.model_validate(body))
    return InhibitionChange(
        inhibition_id=inhibition_id,
        name=said.name,
        source=tuple(said.source) if said.is_enabled else (),
        target=tuple(said.target),
        equal=tuple(said.equal),
    )


def _is_catch_all(rule_id: int) -> bool:
    known = queries.rules()[-1]
    return rule_id in {0, known.id} or queries.rule(rule_id).is_catch_all


def _rule(draft: actions.RuleDraft, *, number: int = 0, is_catch_all: bool) -> Rule:
    return Rule(
        id=number,
        name=draft.name,
        condition=draft.condition,
        effects=draft.effects,
        is_catch_all=is_catch_all,
        is_enabled=draft.is_enabled,
    )
