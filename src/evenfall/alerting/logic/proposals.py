"""Changes that nobody saved yet, and what the configuration would be with them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from evenfall.alerting.logic.expressions import compile_condition
from evenfall.alerting.logic.inhibition import InhibitionBook, InhibitionRule
from evenfall.alerting.logic.matchers import Matcher
from evenfall.alerting.logic.quiet import Maintenance, Silence
from evenfall.alerting.logic.replaying import Configuration
from evenfall.alerting.logic.rules import Rule, compile_rules

NEW: Final = -1
"""The number of what has no row yet. None is negative but these."""
_BEYOND: Final = timedelta(days=1)
"""Quiet that ended with the time looked at would let everything that is open call at its end."""


class RuleChange(Struct, frozen=True, kw_only=True):
    """`rule_id` None adds a rule in front of the catch-all, `rule` None deletes it.

    The id 0 is the catch-all as long as nobody changed it.
    """

    rule_id: int | None = None
    rule: Rule | None = None


class RulesChange(Struct, frozen=True, kw_only=True):
    """All rules at once, in their order; without a catch-all the defaults take the rest."""

    rules: tuple[Rule, ...]


class OrderChange(Struct, frozen=True, kw_only=True):
    """The same rules in another order; those that are not named stay behind them."""

    rule_ids: tuple[int, ...]


class SilenceChange(Struct, frozen=True, kw_only=True):
    """A silence as if it had been in force all the time, or (`silence_id`) one that had not."""

    silence_id: int | None = None
    matchers: tuple[Matcher, ...] = ()


class MaintenanceChange(Struct, frozen=True, kw_only=True):
    """A window as if it had been open all the time, or (`maintenance_id`) one that had not."""

    maintenance_id: int | None = None
    name: str = ""
    service_ids: frozenset[int] = frozenset()
    environments: frozenset[str] = frozenset()
    matchers: tuple[Matcher, ...] = ()


class InhibitionChange(Struct, frozen=True, kw_only=True):
    """`inhibition_id` None adds a rule; without a source it is deleted."""

    inhibition_id: int | None = None
    name: str = ""
    source: tuple[Matcher, ...] = ()
    target: tuple[Matcher, ...] = ()
    equal: tuple[str, ...] = ()


type AlertingChange = (
    RuleChange | RulesChange | OrderChange | SilenceChange | MaintenanceChange | InhibitionChange
)


def changed(
    known: Configuration, changes: Sequence[object], *, since: datetime, until: datetime
) -> Configuration:
    """The configuration with these changes; others than of alerting are left alone.

    Raises ExpressionError for a condition that cannot be read.
    """
    for change in changes:
        if apply := _APPLY.get(type(change)):
            known = apply(known, change, since, until)
    return known


def _rule(known: Configuration, change: RuleChange, *_: datetime) -> Configuration:
    rules = list(known.all_rules)
    catch_all = [rule for rule in rules if rule.is_catch_all]
    others = [rule for rule in rules if not rule.is_catch_all]
    if change.rule is not None:
        compile_condition(change.rule.condition)  # also of one that is not in force
    if change.rule_id is None and change.rule is not None:
        others.append(replace(change.rule, id=NEW))
    if change.rule_id == 0 and change.rule is not None:
        catch_all = [replace(change.rule, is_catch_all=True)]
    held = [_in_place(rule, change) for rule in (*others, *catch_all)]
    return _ruled(known, [rule for rule in held if rule is not None])


def _in_place(rule: Rule, change: RuleChange) -> Rule | None:
    if rule.id != change.rule_id:
        return rule
    return change.rule and replace(change.rule, id=rule.id, is_catch_all=rule.is_catch_all)


def _rules(known: Configuration, change: RulesChange, *_: datetime) -> Configuration:
    return _ruled(known, change.rules)


def _order(known: Configuration, change: OrderChange, *_: datetime) -> Configuration:
    places = {number: place for place, number in enumerate(change.rule_ids)}
    return _ruled(known, sorted(known.all_rules, key=lambda rule: places.get(rule.id, len(places))))


def _ruled(known: Configuration, rules: Sequence[Rule]) -> Configuration:
    book = compile_rules(known.rules.version, rules)
    return replace(known, rules=book, all_rules=tuple(rules))


def _silence(
    known: Configuration, change: SilenceChange, since: datetime, until: datetime
) -> Configuration:
    held = tuple(one for one in known.silences if one.id != change.silence_id)
    if change.silence_id is None:
        fresh = Silence(
            id=NEW,
            matchers=change.matchers,
            starts_at=since,
            ends_at=until + _BEYOND,
            comment="What if",
        )
        held = (*held, fresh)
    return replace(known, silences=held)


def _maintenance(
    known: Configuration, change: MaintenanceChange, since: datetime, until: datetime
) -> Configuration:
    held = tuple(one for one in known.maintenances if one.id != change.maintenance_id)
    if change.maintenance_id is None:
        fresh = Maintenance(
            id=NEW,
            name=change.name,
            starts_at=since,
            ends_at=until + _BEYOND,
            service_ids=change.service_ids,
            environments=change.environments,
            matchers=change.matchers,
        )
        held = (*held, fresh)
    return replace(known, maintenances=held)


def _inhibition(known: Configuration, change: InhibitionChange, *_: datetime) -> Configuration:
    rules = dict(known.inhibitions.rules)
    number = NEW if change.inhibition_id is None else change.inhibition_id
    rules.pop(number, None)
    if change.source:
        rules[number] = InhibitionRule(
            id=number,
            name=change.name,
            source=change.source,
            target=change.target,
            equal=change.equal,
        )
    return replace(known, inhibitions=InhibitionBook.of(rules.values()))


_APPLY: Final[dict[type, Callable[..., Configuration]]] = {
    RuleChange: _rule,
    RulesChange: _rules,
    OrderChange: _order,
    SilenceChange: _silence,
    MaintenanceChange: _maintenance,
    InhibitionChange: _inhibition,
}
