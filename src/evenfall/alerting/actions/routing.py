"""Routing rules. Each change writes a new book of rules, which the pipeline takes up at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from msgspec import Struct, field

from evenfall.alerting import errors, events
from evenfall.alerting.actions.books import lock_rules, write_book
from evenfall.alerting.logic import waiting
from evenfall.alerting.logic.expressions import ExpressionError, compile_condition
from evenfall.alerting.logic.grouping import LONGEST_WINDOW
from evenfall.alerting.logic.repairs import LONGEST_CLEAR
from evenfall.alerting.logic.rules import CATCH_ALL_NAME, Effects
from evenfall.alerting.logic.updates import Outcome
from evenfall.alerting.models import RoutingRule, RuleBookVersion
from evenfall.alerting.queries.context import rule_to_json
from evenfall.catalog import queries as catalog_queries
from evenfall.platform.events import publish
from evenfall.platform.journal import changed_fields
from evenfall.runbooks import queries as runbooks_queries

_MOST_GROUP_KEYS = 10


class RuleDraft(Struct, frozen=True, kw_only=True):
    """A rule as somebody wrote it."""

    name: str
    condition: str = "true"
    effects: Effects = field(default_factory=Effects)
    is_enabled: bool = True


def create_rule(*, draft: RuleDraft, now: datetime, actor: str, note: str = "") -> int:
    """Add a rule in front of the catch-all; return its id.

    Raises NameMissing, ConditionNotValid (with the column), ServiceUnknown,
    RunbookMissing, RunbookUnknown.
    """
    check([draft])
    with transaction.atomic():
        rules = locked_rules(now)
        rule = RoutingRule(created_at=now, created_by=actor, position=len(rules))
        _write(rule, draft, now=now, actor=actor)
        RoutingRule.objects.filter(is_catch_all=True).update(position=len(rules) + 1)
        announce(rule, what="created", before={}, now=now, actor=actor, note=note)
    return rule.id


def change_rule(  # one use case: what, by whom, and on which ground
    *,
    rule_id: int,
    draft: RuleDraft,
    now: datetime,
    actor: str,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Change a rule; of the catch-all, its effects only. Raises as `create_rule`, RuleNotFound.

    The id 0 means the catch-all, which has no row of its own until it is changed. `seen` is the
    version that the draft was made from: RuleChangedMeanwhile when the rule is another since,
    VersionNotFound. Changes of other rules do not matter.
    """
    check([draft])
    with transaction.atomic():
        rule = find(locked_rules(now), rule_id)
        if rule.is_catch_all and not draft.is_enabled:
            raise errors.CatchAllStays
        before = rule_to_json(rule)
        if seen is not None:
            _check_unchanged(before, seen)
        if rule.is_catch_all:
            draft = RuleDraft(name=CATCH_ALL_NAME, effects=draft.effects)
        _write(rule, draft, now=now, actor=actor)
        announce(rule, what="changed", before=before, now=now, actor=actor, note=note)


def delete_rule(*, rule_id: int, now: datetime, actor: str) -> None:
    """Delete a rule; its words stay in the older books. Raises RuleNotFound, CatchAllStays."""
    with transaction.atomic():
        rules = locked_rules(now)
        rule = find(rules, rule_id)
        if rule.is_catch_all:
            raise errors.CatchAllStays
        before = rule_to_json(rule)
        RoutingRule.objects.filter(id=rule.id).delete()
        number([other for other in rules if other.id != rule.id])
        announce(rule, what="deleted", before=before, now=now, actor=actor)


def move_rule(*, rule_id: int, up: bool, now: datetime, actor: str) -> None:
    """Swap a rule with its neighbour; at the end of the list nothing happens."""
    with transaction.atomic():
        rules = locked_rules(now)
        rule = find(rules, rule_id)
        if rule.is_catch_all:
            raise errors.CatchAllStays
        ordered = [other.id for other in rules if not other.is_catch_all]
        at = ordered.index(rule.id)
        to = at - 1 if up else at + 1
        if 0 <= to < len(ordered):
            ordered[at], ordered[to] = ordered[to], ordered[at]
            reorder_rules(rule_ids=ordered, now=now, actor=actor)


def place_rule(*, rule_id: int, before_id: int | None, now: datetime, actor: str) -> None:
    """Put a rule in front of another one, or in front of the catch-all (None).

    Whatever else changed in the meantime stays as it is. Raises RuleNotFound, CatchAllStays;
    RulesMoved when the other rule is gone.
    """
    with transaction.atomic():
        rules = locked_rules(now)
        rule = find(rules, rule_id)
        if rule.is_catch_all:
            raise errors.CatchAllStays
        ordered = [one.id for one in rules if not one.is_catch_all]
        was = list(ordered)
        ordered.remove(rule.id)
        if before_id not in (None, rules[-1].id, *ordered):
            raise errors.RulesMoved
        at = ordered.index(before_id) if before_id in ordered else len(ordered)
        ordered.insert(at, rule.id)
        if ordered != was:
            reorder_rules(rule_ids=ordered, now=now, actor=actor)


def reorder_rules(*, rule_ids: Sequence[int], now: datetime, actor: str) -> None:
    """Put all rules but the catch-all in this order; raises RulesMoved if these are not they."""
    with transaction.atomic():
        rules = {rule.id: rule for rule in locked_rules(now)}
        catch_all = next(rule for rule in rules.values() if rule.is_catch_all)
        if sorted(rule_ids) != sorted(rules.keys() - {catch_all.id}):
            raise errors.RulesMoved
        before: dict[str, object] = {"order": [rule.name for rule in rules.values()]}
        ordered = [*(rules[number] for number in rule_ids), catch_all]
        number(ordered)
        announce(ordered[0], what="moved", before=before, now=now, actor=actor)


def _check_unchanged(now_is: dict[str, object], seen: int) -> None:
    """Raise RuleChangedMeanwhile unless the rule is as in the version that somebody saw."""
    book = RuleBookVersion.objects.filter(id=seen).values_list("rules", flat=True).first()
    if book is None and seen:
        raise errors.VersionNotFound(version=seen)
    was = next((one for one in book or () if _is_same(one, now_is)), None)
    if was is not None and changed_fields(was, now_is):
        raise errors.RuleChangedMeanwhile(name=now_is["name"])


def _is_same(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """The catch-all is the same rule, with and without a row."""
    return one["id"] == other["id"] or bool(one["is_catch_all"] and other["is_catch_all"])


def check(drafts: Sequence[RuleDraft]) -> None:
    """Refuse the first draft that cannot be used; two queries for any number of them."""
    for draft in drafts:
        _check_words(draft)
    services = {draft.effects.service_id for draft in drafts} - {None}
    known = catalog_queries.services([one for one in services if one]) if services else {}
    for service_id in services:
        if service_id not in known:
            raise errors.ServiceUnknown(field="service", service_id=service_id)
    _check_runbooks([draft.effects for draft in drafts])


def _check_words(draft: RuleDraft) -> None:
    if not draft.name.strip():
        raise errors.NameMissing(field="name")
    try:
        compile_condition(draft.condition)
    except ExpressionError as error:
        raise errors.ConditionNotValid(
            field="condition", reason=error.reason, column=error.column
        ) from None


def _check_runbooks(drafted: Sequence[Effects]) -> None:
    """A rule that repairs must say what to start; what it cannot start would only cost time."""
    if any(one.outcome is Outcome.AUTOMATE and one.runbook_id is None for one in drafted):
        raise errors.RunbookMissing(field="runbook_id")
    wanted = [one.runbook_id for one in drafted if one.runbook_id is not None]
    known = runbooks_queries.runnable_runbooks(wanted) if wanted else {}
    for runbook_id in wanted:
        if runbook_id not in known:
            raise errors.RunbookUnknown(field="runbook_id", runbook_id=runbook_id)


def _write(rule: RoutingRule, draft: RuleDraft, *, now: datetime, actor: str) -> None:
    fill(rule, draft)
    rule.changed_at = now
    rule.changed_by = actor
    rule.save()


def fill(rule: RoutingRule, draft: RuleDraft) -> None:
    """Put the words of a draft into a row, without saving it."""
    effects = draft.effects
    window = effects.group_window
    rule.name = draft.name.strip()[:120]
    rule.condition = draft.condition
    rule.outcome = effects.outcome or ""
    rule.urgency = effects.urgency or ""
    rule.severity = effects.severity or ""
    rule.service_id = effects.service_id
    rule.policy_id = effects.policy_id
    rule.runbook_id = effects.runbook_id
    rule.fallback = effects.fallback or ""
    within = effects.clear_within
    rule.clear_within_s = (
        None if within is None else int(min(within, LONGEST_CLEAR).total_seconds())
    )
    rule.group_by = None if effects.group_by is None else list(effects.group_by[:_MOST_GROUP_KEYS])
    rule.group_window_s = (
        None if window is None else int(min(window, LONGEST_WINDOW).total_seconds())
    )
    wait = effects.wait
    rule.wait_s = None if not wait else int(min(wait, waiting.LONGEST).total_seconds())
    rule.is_enabled = draft.is_enabled


def locked_rules(now: datetime) -> list[RoutingRule]:
    """Return all rules in order, the catch-all last; one change of rules at a time."""
    lock_rules()
    rules = list(RoutingRule.objects.order_by("is_catch_all", "position", "id"))
    if not rules or not rules[-1].is_catch_all:
        rules.append(_make_catch_all(len(rules) + 1, now))
        if not RuleBookVersion.objects.exists():  # the first change can be undone as well
            write_book(now=now, actor="system", what="As installed")
    return rules


def _make_catch_all(position: int, now: datetime) -> RoutingRule:
    return RoutingRule.objects.create(
        position=position,
        name=CATCH_ALL_NAME,
        is_catch_all=True,
        created_at=now,
        created_by="system",
        changed_at=now,
        changed_by="system",
    )


def find(rules: Sequence[RoutingRule], rule_id: int) -> RoutingRule:
    if rule_id == 0:
        return rules[-1]
    for rule in rules:
        if rule.id == rule_id:
            return rule
    raise errors.RuleNotFound(rule_id=rule_id)


def number(rules: Sequence[RoutingRule]) -> None:
    for position, rule in enumerate(rules, start=1):
        rule.position = position
    RoutingRule.objects.bulk_update(rules, ["position"])


def announce(  # all parts of one fact
    rule: RoutingRule,
    *,
    what: str,
    before: dict[str, object],
    now: datetime,
    actor: str,
    note: str = "",
) -> None:
    """Write the new book and tell of it."""
    book = write_book(now=now, actor=actor, note=note)
    if what == "moved":
        after: dict[str, object] = {"order": [entry["name"] for entry in book.rules]}
    else:
        after = {} if what == "deleted" else rule_to_json(rule)
    changed = changed_fields(before, after)
    publish(
        events.RulesChanged(
            at=now,
            actor=actor,
            rule_id=rule.id or 0,
            name=rule.name,
            what=what,
            version=book.id,
            before={name: old for name, (old, _) in changed.items() if name in before},
            after={name: new for name, (_, new) in changed.items() if name in after},
        )
    )
