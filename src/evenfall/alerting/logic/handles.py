"""By what the few rules are found that could decide an alert: no rule needs to be tried in vain.

Most conditions say somewhere that a text has to be a certain one: `labels.team == "web" and …`.
That is the handle of the rule; an alert looks its own text up instead of asking each rule.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from evenfall.alerting.logic.expression_syntax import read
from evenfall.alerting.logic.expressions import Evaluate, Facts, compile_part

_TEXTS: Final = ("service", "integration", "source", "summary", "environment", "severity")
_MAPS: Final = frozenset({"labels", "annotations"})
"""What is a text whatever an alert says; details may be lists, which no table can hold."""


class Handle(Struct, frozen=True):
    """One of `values` is what `ask` finds in an alert, or the condition does not hold."""

    about: str
    ask: Evaluate
    values: frozenset[str]


class Handles(Struct, frozen=True):
    """The places of rules by their handles, and of those that have none."""

    asked: tuple[tuple[Evaluate, Mapping[object, Sequence[int]]], ...]
    others: tuple[int, ...]

    def near(self, facts: Facts) -> list[int]:
        """The places of all rules that may hold, in their order."""
        found = [*self.others]
        for ask, places in self.asked:
            found.extend(places.get(ask(facts), ()))
        found.sort()
        return found


def handles(conditions: Iterable[str]) -> Handles:
    """Sort conditions that compile by their handles."""
    asked: dict[str, tuple[Evaluate, dict[object, list[int]]]] = {}
    others: list[int] = []
    for place, text in enumerate(conditions):
        handle = handle_of(text)
        if handle is None:
            others.append(place)
            continue
        _, places = asked.setdefault(handle.about, (handle.ask, {}))
        for value in handle.values:
            places.setdefault(value, []).append(place)
    return Handles(tuple(asked.values()), tuple(others))


def handle_of(text: str) -> Handle | None:
    """The handle of a condition: of what it asks for, the part in which alerts differ most."""
    found = [one for part in _all_of(read(text)) if (one := _handle(part)) is not None]
    return min(found, key=_rank, default=None)


def _rank(handle: Handle) -> int:
    """Labels first; there are few severities, so they tell little."""
    return _TEXTS.index(handle.about) + 1 if handle.about in _TEXTS else 0


def _all_of(node: ast.expr) -> Iterator[ast.expr]:
    """The parts that all have to hold."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for part in node.values:
            yield from _all_of(part)
    else:
        yield node


def _handle(node: ast.expr) -> Handle | None:
    if not isinstance(node, ast.Compare) or len(node.ops) > 1:
        return None
    left, right = node.left, node.comparators[0]
    if isinstance(node.ops[0], ast.Eq):
        sides = [(left, _texts([right])), (right, _texts([left]))]
    elif isinstance(node.ops[0], ast.In) and isinstance(right, ast.Tuple | ast.List):
        sides = [(left, _texts(right.elts))]
    else:
        return None
    for subject, values in sides:
        if values is not None and _is_text(subject):
            return Handle(ast.unparse(subject), compile_part(subject), values)
    return None


def _texts(nodes: Sequence[ast.expr]) -> frozenset[str] | None:
    """What is written there; None where anything else than a text is."""
    values = [one.value if isinstance(one, ast.Constant) else None for one in nodes]
    texts = [value for value in values if isinstance(value, str)]
    return frozenset(texts) if len(texts) == len(nodes) else None


def _is_text(node: ast.expr) -> bool:
    """Whether it is a text of every alert, so that it can be looked up."""
    if isinstance(node, ast.Attribute | ast.Subscript):
        return isinstance(node.value, ast.Name) and node.value.id in _MAPS
    return isinstance(node, ast.Name) and node.id in _TEXTS
