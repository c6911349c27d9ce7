"""Whole sets of rules: saved at once as one version, and brought back as they were."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from msgspec import Struct, field
from msgspec.structs import replace

from evenfall.alerting import errors, events
from evenfall.alerting.actions import routing
from evenfall.alerting.actions.books import write_book
from evenfall.alerting.actions.routing import RuleDraft
from evenfall.alerting.logic.rule_changes import Words, changes
from evenfall.alerting.logic.rules import CATCH_ALL_NAME, Effects, Rule
from evenfall.alerting.models import RoutingRule, RuleBookVersion
from evenfall.alerting.queries.context import rule_from_json, rule_to_json
from evenfall.catalog import queries as catalog_queries
from evenfall.platform.events import publish
from evenfall.runbooks import queries as runbooks_queries


class WantedRule(Struct, frozen=True, kw_only=True):
    """A rule of a set; `id` is that of a rule which is there, None makes a new one."""

    id: int | None = None
    draft: RuleDraft


class RuleSet(Struct, frozen=True, kw_only=True):
    """All rules in their order; the catch-all, of which only the effects are free, stands apart."""

    rules: Sequence[WantedRule] = ()
    catch_all: Effects = field(default_factory=Effects)


class Restored(Struct, frozen=True, kw_only=True):
    """`lost` says which services and runbooks that rules had named are gone by now."""

    version: int
    lost: tuple[str, ...] = ()


def replace_rules(
    *, wanted: RuleSet, now: datetime, actor: str, note: str = "", seen: int | None = None
) -> int:
    """Save a whole set of rules as one version; return its number.

    Rules that are not in the set are deleted. A set that changes nothing makes no version. `seen`
    is the version the set was made from; any newer one raises RulesChangedMeanwhile. Raises
    as `create_rule` for the first rule that is wrong, RuleNotFound, RuleTwice.
    """
    routing.check([*(one.draft for one in wanted.rules), _rest(wanted)])
    with transaction.atomic():
        rules = routing.locked_rules(now)
        _check_seen(seen)
        known = {rule.id for rule in rules if not rule.is_catch_all}
        for one in wanted.rules:
            if one.id is not None and one.id not in known:
                raise errors.RuleNotFound(rule_id=one.id)
        return _save(rules, wanted, now=now, actor=actor, note=note, what="")


def restore_rules(
    *, version: int, now: datetime, actor: str, note: str = "", seen: int | None = None
) -> Restored:
    """Make the rules what they were in a version, as a new version, which can be undone as well.

    Inhibition rules stay as they are. A rule comes back without a service or a runbook that is
    gone. Raises VersionNotFound, RulesChangedMeanwhile.
    """
    with transaction.atomic():
        rules = routing.locked_rules(now)
        _check_seen(seen)
        book = RuleBookVersion.objects.filter(id=version).values_list("rules", flat=True).first()
        if book is None:
            raise errors.VersionNotFound(version=version)
        stored, lost = _with_what_exists([rule_from_json(entry) for entry in book])
        what = f"Version {version} restored"
        number = _save(rules, _set_of(stored), now=now, actor=actor, note=note, what=what)
    return Restored(version=number, lost=lost)


def _rest(wanted: RuleSet) -> RuleDraft:
    return RuleDraft(name=CATCH_ALL_NAME, effects=wanted.catch_all)


def _check_seen(seen: int | None) -> None:
    newest = RuleBookVersion.objects.order_by("-id").values_list("id", flat=True).first() or 0
    if seen is not None and seen != newest:
        raise errors.RulesChangedMeanwhile(version=newest, seen=seen)


def _set_of(rules: Sequence[Rule]) -> RuleSet:
    rest = next((rule.effects for rule in rules if rule.is_catch_all), Effects())
    wanted = [WantedRule(id=rule.id, draft=_draft(rule)) for rule in rules if not rule.is_catch_all]
    return RuleSet(rules=wanted, catch_all=rest)


def _draft(rule: Rule) -> RuleDraft:
    return RuleDraft(
        name=rule.name,
        condition=rule.condition,
        effects=rule.effects,
        is_enabled=rule.is_enabled,
    )


def _with_what_exists(rules: Sequence[Rule]) -> tuple[list[Rule], tuple[str, ...]]:
    """Take out what is gone, as deleting it would have done; two queries."""
    services = {one.effects.service_id for one in rules if one.effects.service_id}
    runbooks = {one.effects.runbook_id for one in rules if one.effects.runbook_id}
    known = catalog_queries.services(services) if services else {}
    runnable = runbooks_queries.runnable_runbooks(runbooks) if runbooks else {}
    kept, lost = [], []
    for rule in rules:
        effects = rule.effects
        if effects.service_id is not None and effects.service_id not in known:
            effects = replace(effects, service_id=None)
            lost.append(f'"{rule.name}" came back without its service, which is gone')
        if effects.runbook_id is not None and effects.runbook_id not in runnable:
            effects = replace(effects, runbook_id=None)
            lost.append(f'"{rule.name}" came back without its runbook, which cannot be started')
        kept.append(replace(rule, effects=effects))
    return kept, tuple(lost)


def _save(  # the rules as they are, as they should be, and the words of the version
    rules: Sequence[RoutingRule],
    wanted: RuleSet,
    *,
    now: datetime,
    actor: str,
    note: str,
    what: str,
) -> int:
    before = [rule_to_json(rule) for rule in rules]
    ordered = _rows(rules, wanted, now=now, actor=actor)
    # new rules have no number yet, by which `changes` tells rules apart
    is_more = any(row.pk is None for row in ordered)
    if not is_more and not changes(before, [rule_to_json(row) for row in ordered]):
        return RuleBookVersion.objects.order_by("-id").values_list("id", flat=True)[0]
    kept = {row.pk for row in ordered}
    RoutingRule.objects.filter(id__in=[r.id for r in rules if r.id not in kept]).delete()
    _write_rows(
        ordered,
        {rule.id: words for rule, words in zip(rules, before, strict=True)},
        now=now,
        actor=actor,
    )
    book = write_book(now=now, actor=actor, note=note, what=what)
    publish(
        events.RulesChanged(
            at=now,
            actor=actor,
            rule_id=0,
            name="",
            what="restored" if what else "replaced",
            version=book.id,
            before={"rules": [rule["name"] for rule in before]},
            after={"rules": [row.name for row in ordered]},
        )
    )
    return book.id


def _rows(
    rules: Sequence[RoutingRule], wanted: RuleSet, *, now: datetime, actor: str
) -> list[RoutingRule]:
    """Fill the rows of the set; those of new rules and of rules that come back are not saved."""
    known = {rule.id: rule for rule in rules}
    ordered: list[RoutingRule] = []
    seen: set[int] = set()
    for one in wanted.rules:
        if one.id in seen:
            raise errors.RuleTwice(field="rules", rule_id=one.id)
        if one.id is not None:
            seen.add(one.id)
        row = known.get(one.id or 0) or RoutingRule(
            id=one.id, created_at=now, created_by=actor, changed_at=now, changed_by=actor
        )
        routing.fill(row, one.draft)
        ordered.append(row)
    rest = rules[-1]
    routing.fill(rest, _rest(wanted))
    return [*ordered, rest]


def _write_rows(
    rows: Sequence[RoutingRule], before: Mapping[int, Words], *, now: datetime, actor: str
) -> None:
    """Save what is new or another now, in two statements.

    Who did not change a rule is not named as if they had.
    """
    stale = []
    for position, row in enumerate(rows, start=1):
        is_other = rule_to_json(row) != before.get(row.pk)
        if is_other:
            row.changed_at, row.changed_by = now, actor
        if is_other or row.position != position:
            stale.append(row)
        row.position = position
    names = [*rule_to_json(rows[0]).keys() - {"id"}, "position", "changed_at", "changed_by"]
    # an UPDATE of many rows by Django is a CASE for each column and row: seconds for a thousand
    RoutingRule.objects.bulk_create(
        stale, update_conflicts=True, unique_fields=["id"], update_fields=names
    )
