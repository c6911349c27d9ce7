"""A rule that takes some alerts out of another one: all else stays as it was decided for them."""

from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from msgspec import Struct

from evenfall.alerting import errors
from evenfall.alerting.actions.books import lock_rules
from evenfall.alerting.actions.routing import RuleDraft, create_rule, delete_rule, reorder_rules
from evenfall.alerting.logic.proposals import NEW, RulesChange
from evenfall.alerting.logic.rules import Effects, Rule
from evenfall.alerting.logic.updates import Fallback, Outcome, Severity, Urgency
from evenfall.alerting.models import RoutingRule
from evenfall.alerting.queries.context import rule_from_json, rule_to_json


class Exemption(Struct, frozen=True, kw_only=True):
    """Alerts called `name` (a label, or else the summary) of a service and an environment.

    "" is any. `outcome`, `group_window` and `wait` are what shall be different; None stays.
    """

    name: str
    by_label: bool
    service: str = ""
    environment: str = ""
    outcome: Outcome | None = None
    group_window: timedelta | None = None
    wait: timedelta | None = None


def add_exception(
    *, rule_id: int | None, title: str, exemption: Exemption, now: datetime, actor: str
) -> int:
    """Put a rule in front of the one that decides now (None, or gone: the catch-all).

    Returns its id. Raises as `create_rule`.
    """
    with transaction.atomic():
        lock_rules()
        rules = list(RoutingRule.objects.order_by("is_catch_all", "position", "id"))
        decides = next((one for one in rules if one.pk == rule_id), None) or next(
            (one for one in rules if one.is_catch_all), None
        )
        effects = _effects(decides, exemption)
        draft = RuleDraft(name=title, condition=condition_of(exemption), effects=effects)
        made = create_rule(draft=draft, now=now, actor=actor)
        if decides is not None and not decides.is_catch_all:
            order = [one.pk for one in rules if not one.is_catch_all]
            order.insert(order.index(decides.pk), made)
            reorder_rules(rule_ids=order, now=now, actor=actor)
    return made


def exception_change(*, rule_id: int | None, title: str, exemption: Exemption) -> RulesChange:
    """What `add_exception` would make of the rules, to ask what it would do; nothing is saved."""
    rows = list(RoutingRule.objects.order_by("is_catch_all", "position", "id"))
    decides = next((one for one in rows if one.pk == rule_id), None) or next(
        (one for one in rows if one.is_catch_all), None
    )
    fresh = Rule(
        id=NEW,
        name=title,
        condition=condition_of(exemption),
        effects=_effects(decides, exemption),
    )
    rules = [rule_from_json(rule_to_json(one)) for one in rows]
    at = next((n for n, one in enumerate(rules) if decides and one.id == decides.pk), len(rules))
    return RulesChange(rules=(*rules[:at], fresh, *rules[at:]))


def drop_exception(*, rule_id: int, now: datetime, actor: str) -> bool:
    """Take it out again; False when somebody did so before."""
    try:
        delete_rule(rule_id=rule_id, now=now, actor=actor)
    except errors.RuleNotFound:
        return False
    return True


def condition_of(exemption: Exemption) -> str:
    """The condition in the language of rules; JSON's texts are also its texts."""
    field = "labels.alertname" if exemption.by_label else "summary"
    named = {field: exemption.name, "service": exemption.service}
    named["environment"] = exemption.environment
    parts = [f"{one} == {_quoted(text)}" for one, text in named.items() if text]
    return " and ".join(parts)


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()


def _effects(decides: RoutingRule | None, exemption: Exemption) -> Effects:
    rule = decides or RoutingRule()
    window = rule.group_window_s
    kept = timedelta(seconds=window) if window is not None else None
    outcome = exemption.outcome or (Outcome(rule.outcome) if rule.outcome else None)
    automates = outcome is Outcome.AUTOMATE
    return Effects(
        outcome=outcome,
        severity=Severity(rule.severity) if rule.severity else None,
        urgency=Urgency(rule.urgency) if rule.urgency and not exemption.outcome else None,
        service_id=rule.service_id,
        policy_id=rule.policy_id,
        runbook_id=rule.runbook_id if automates else None,
        fallback=Fallback(rule.fallback) if automates and rule.fallback else None,
        clear_within=timedelta(seconds=rule.clear_within_s)
        if automates and rule.clear_within_s is not None
        else None,
        group_by=None if rule.group_by is None else tuple(rule.group_by),
        group_window=exemption.group_window or kept,
        wait=exemption.wait or (timedelta(seconds=rule.wait_s) if rule.wait_s else None),
    )
