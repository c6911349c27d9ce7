"""What a rule that is not saved yet would do to alerts that came: which it takes, and from whom."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct, field
from msgspec.structs import replace

from evenfall.alerting.logic.expressions import (
    Condition,
    ExpressionError,
    Facts,
    Value,
    compile_condition,
)
from evenfall.alerting.logic.reasons import compile_reasons
from evenfall.alerting.logic.rules import Rule, RuleBook, compile_rules

SHOWN = 8
THIS_RULE = -1
"""Stands for the rule that is being written, which has no number yet."""


class Trouble(Struct, frozen=True):
    """What is wrong with a condition: `before`, `there` and `after` are its text around the place,
    `column` counts letters from 1, `caret` from 0 in the text as it was written.
    """

    reason: str
    column: int
    caret: int
    before: str
    there: str
    after: str


class Tried(Struct, frozen=True):
    """One alert to try on. `facts` are as they were when the rules were asked."""

    id: int
    summary: str
    at: datetime
    facts: Facts
    is_unparsed: bool = False


class Draft(Struct, frozen=True, kw_only=True):
    """A rule in its place among the others, and the book without the change.

    `was` is the condition it has today; None for a new rule and for one that is switched off.
    """

    condition: Condition
    was: Condition | None
    rule_id: int
    today: RuleBook
    then: RuleBook


class Example(Struct, frozen=True, kw_only=True):
    """An alert the condition holds for. `values` made it hold; the rules are those that decide."""

    alert_id: int
    summary: str
    at: datetime
    values: tuple[tuple[str, Value], ...]
    today: str
    then: str
    is_taken: bool


class Taken(Struct, frozen=True, kw_only=True):
    """How many alerts go from one rule to another with the draft."""

    rule: str
    count: int


class Trial(Struct, kw_only=True):
    """What was found so far; counts are of the alerts that were looked at.

    `taken` is how many of the matched ones this rule decides; `earlier` which rules before it
    decide the others. `gained` come from these rules, `lost` go to those.
    """

    looked_at: int = 0
    matched: int = 0
    taken: int = 0
    seen_by_day: Counter[date] = field(default_factory=Counter)
    matched_by_day: Counter[date] = field(default_factory=Counter)
    earlier: Counter[str] = field(default_factory=Counter)
    gained: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    matches: list[tuple[Tried, Rule, Rule]] = field(default_factory=list)


def trouble_with(text: str) -> Trouble | None:
    """Say what is wrong with a condition, and where; None when it can be used."""
    try:
        compile_condition(text)
    except ExpressionError as error:
        begins = len(text) - len(text.lstrip())
        caret = min(begins + error.column - 1, len(text))
        return Trouble(
            reason=error.reason,
            column=error.column,
            caret=caret,
            before=text[begins:caret],
            there=text[caret : caret + 1],
            after=text[caret + 1 :],
        )
    return None


def draft_among(
    rules: Sequence[Rule], today: RuleBook, *, rule_id: int | None, condition: str
) -> Draft:
    """Put a draft in the place of its rule, or as a new one in front of the catch-all.

    `rules` are all, those that are switched off too. Raises ExpressionError.
    """
    compiled = compile_condition(condition)
    place = next((rule for rule in rules if rule.id == rule_id and not rule.is_catch_all), None)
    if place is None:
        new = Rule(id=THIS_RULE, name="This rule", condition=condition)
        return Draft(
            condition=compiled,
            was=None,
            rule_id=new.id,
            today=today,
            then=compile_rules(0, [*rules, new]),
        )
    changed = replace(place, condition=condition, is_enabled=True)
    then = compile_rules(0, [changed if rule is place else rule for rule in rules])
    was = compile_condition(place.condition) if place.is_enabled else None
    return Draft(condition=compiled, was=was, rule_id=place.id, today=today, then=then)


def look_at(
    alerts: Iterable[Tried], draft: Draft, trial: Trial, *, day_of: Callable[[datetime], date]
) -> None:
    """Try the draft on some more alerts. A body that was not understood is for the catch-all."""
    for alert in alerts:
        day = day_of(alert.at)
        trial.looked_at += 1
        trial.seen_by_day[day] += 1
        if alert.is_unparsed:
            continue
        holds = draft.condition.holds(alert.facts)
        if not holds and not (draft.was and draft.was.holds(alert.facts)):
            continue  # the draft changes nothing for it
        today = draft.today.rule_for(alert.facts)
        then = draft.then.rule_for(alert.facts)
        _count(trial, draft, today, then, holds=holds)
        if holds:
            trial.matched_by_day[day] += 1
            trial.matches.append((alert, today, then))


def _count(trial: Trial, draft: Draft, today: Rule, then: Rule, *, holds: bool) -> None:
    trial.matched += holds
    if then.id == draft.rule_id:
        trial.taken += 1
        if today.id != then.id:
            trial.gained[today.name] += 1
        return
    if holds:
        trial.earlier[then.name] += 1
    if today.id == draft.rule_id:
        trial.lost[then.name] += 1


def examples(trial: Trial, draft: Draft) -> tuple[Example, ...]:
    """Return the newest of the matched, with the values that made them match."""
    reasons = compile_reasons(draft.condition.text)
    newest = sorted(trial.matches, key=lambda match: match[0].id, reverse=True)[:SHOWN]
    return tuple(
        Example(
            alert_id=alert.id,
            summary=alert.summary,
            at=alert.at,
            values=tuple(reasons(alert.facts).items()),
            today=today.name,
            then=then.name,
            is_taken=then.id == draft.rule_id,
        )
        for alert, today, then in newest
    )


def spread(first: int, last: int, most: int) -> list[int]:
    """Return at most `most` numbers from `first` to `last`, one of each stretch of equal length.

    They come in such an order that the first thousand are spread as evenly as all of them. The
    stretches lie on fixed places, so that nearly the same are chosen when `last` grows.
    """
    if last < first or most < 1:
        return []
    count = last - first + 1
    length = -(-count // most)
    stretches = range(first // length, last // length + 1)
    chosen = [n * length + (n * _GOLDEN >> 16) % length for n in stretches]
    inside = [number for number in chosen if first <= number <= last]
    return sorted(inside, key=lambda number: number * _GOLDEN & _MASK)[:most]


# Knuth's multiplier: neighbours land far from each other (The Art of Computer Programming, 6.4)
_GOLDEN = 2_654_435_769
_MASK = 0xFFFF_FFFF


def scaled(count: int, looked_at: int, total: int) -> int:
    """Say what a count among those looked at means for all; two digits, for no more are known."""
    if looked_at >= total or not looked_at:
        return count
    whole = count * total / looked_at
    return int(float(f"{whole:.2g}"))


def busiest(counted: Mapping[str, int], *, most: int = 5) -> tuple[Taken, ...]:
    """Return the rules with most alerts first."""
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Taken(rule=name, count=count) for name, count in ordered[:most])
