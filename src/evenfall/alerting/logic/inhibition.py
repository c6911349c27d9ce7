"""Inhibition: while the cause is open, its symptoms wake nobody.

A rule names alerts that are causes (`source`), alerts that are symptoms (`target`) and labels that
must be `equal` on both; the meaning is that of Alertmanager's `inhibit_rules`. An alert that is
both cause and symptom of a rule cannot be held by another one that is both, so nothing holds
itself, nor two alerts each other.

What an alert is to the rules are its *roles*. They are found once, when it opens, and kept: which
symptoms a cause holds is then a lookup of equal keys, however many alerts and rules there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Final, Self

from msgspec import Struct, field

from evenfall.alerting.logic.matchers import Matcher, Operator, accepts_all

_KEY_BYTES: Final = 16


class InhibitionRule(Struct, frozen=True, kw_only=True):
    """`equal` are names of labels; one that both lack counts as equal."""

    id: int
    name: str
    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...]
    equal: tuple[str, ...] = ()


class Role(Struct, frozen=True):
    """What an alert is to a rule. Alerts with the same rule and key meet there."""

    rule_id: int
    key: bytes
    is_source: bool
    is_target: bool


class Inhibitor(Struct, frozen=True, kw_only=True):
    """An open alert that is a cause; `is_target` when it is a symptom of the same rule as well."""

    alert_id: int
    summary: str
    is_target: bool


type Met = tuple[int, bytes]
type _Side = dict[str, dict[str, list[InhibitionRule]]]


class InhibitionBook(Struct, frozen=True):
    """All rules that are in force, with a way to the few that could concern an alert.

    A side with a matcher `name="value"` is looked up by that pair; only those without one are
    tried on every alert.
    """

    rules: Mapping[int, InhibitionRule] = field(default_factory=dict)
    sources: _Side = field(default_factory=dict)
    targets: _Side = field(default_factory=dict)

    @classmethod
    def of(cls, rules: Iterable[InhibitionRule]) -> Self:
        known = {rule.id: rule for rule in rules}
        sources = _side((rule.source, rule) for rule in known.values())
        return cls(known, sources, _side((rule.target, rule) for rule in known.values()))

    def roles(self, values: Mapping[str, str]) -> tuple[Role, ...]:
        """What an alert with these labels is to the rules, by their ids."""
        sources = {
            rule.id for rule in _near(self.sources, values) if accepts_all(rule.source, values)
        }
        targets = {
            rule.id for rule in _near(self.targets, values) if accepts_all(rule.target, values)
        }
        return tuple(
            Role(number, _key(self.rules[number], values), number in sources, number in targets)
            for number in sorted(sources | targets)
        )


_EVERY: Final = ("", "")


def _side(pairs: Iterable[tuple[Sequence[Matcher], InhibitionRule]]) -> _Side:
    """The rules by name and value of a label: an alert looks up a few names, not all its labels."""
    found: _Side = {}
    for matchers, rule in pairs:
        name, value = _handle(matchers)
        found.setdefault(name, {}).setdefault(value, []).append(rule)
    return found


def _handle(matchers: Sequence[Matcher]) -> tuple[str, str]:
    """The pair by which a side is found: the name of the alert where it has one."""
    exact = [m for m in matchers if m.operator is Operator.EQUAL and m.value]
    exact.sort(key=lambda matcher: matcher.name != "alertname")
    return (exact[0].name, exact[0].value) if exact else _EVERY


def _near(side: _Side, values: Mapping[str, str]) -> Iterable[InhibitionRule]:
    for name in side.keys() & values.keys():
        yield from side[name].get(values[name], ())
    yield from side.get("", {}).get("", ())


def _key(rule: InhibitionRule, values: Mapping[str, str]) -> bytes:
    """The same for all alerts that agree in the labels of the rule."""
    digest = blake2b(digest_size=_KEY_BYTES)
    for name in rule.equal:
        value = values.get(name, "").encode()
        # the length first, so that no two lists of values give the same bytes
        digest.update(len(value).to_bytes(4))
        digest.update(value)
    return digest.digest()


def inhibitor_of(
    alert_id: int, roles: Iterable[Role], inhibitors: Mapping[Met, Sequence[Inhibitor]]
) -> tuple[int, Inhibitor] | None:
    """The rule and the open cause that hold this alert; the oldest cause of the first rule."""
    for role in roles:
        if role.is_target:
            causes = inhibitors.get((role.rule_id, role.key), ())
            if fit := [one for one in causes if _may_hold(one, alert_id, role)]:
                return role.rule_id, min(fit, key=lambda one: one.alert_id)
    return None


def _may_hold(cause: Inhibitor, alert_id: int, role: Role) -> bool:
    return cause.alert_id != alert_id and not (role.is_source and cause.is_target)
