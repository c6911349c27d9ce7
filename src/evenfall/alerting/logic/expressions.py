"""Conditions of routing rules: a small safe language, compiled once into closures.

    severity == "critical" and labels.team in ("web", "api") and not working_hours("Europe/Berlin")

Names: labels, annotations, details (payload is the same), severity, environment, source, summary,
service, integration. Functions: contains, startswith, endswith, matches, lower, hour, weekday,
working_hours. ``and or not in == != < <= > >=``, texts, numbers, true, false, lists.
A label that is missing is an empty text; a detail that is missing is none.
"""

import ast
from collections.abc import Callable, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Protocol

from msgspec import Struct

from evenfall.alerting.logic import hours
from evenfall.alerting.logic.expression_syntax import ExpressionError, error_at, read
from evenfall.alerting.logic.patterns import PatternError, pattern

__all__ = [
    "Condition",
    "Evaluate",
    "ExpressionError",
    "Facts",
    "Value",
    "compile_condition",
    "compile_part",
]

type Value = object
type Evaluate = Callable[["Facts"], Value]


class Facts(Protocol):
    """What a condition may look at."""

    @property
    def labels(self) -> Mapping[str, str]: ...
    @property
    def annotations(self) -> Mapping[str, str]: ...
    @property
    def details(self) -> Mapping[str, object]: ...
    @property
    def severity(self) -> str: ...
    @property
    def environment(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def integration(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def zone(self) -> str: ...


class Condition(Struct, frozen=True):
    text: str
    holds: Callable[[Facts], bool]


_TEXTS: Mapping[str, Evaluate] = {
    "severity": lambda facts: str(facts.severity),
    "environment": lambda facts: facts.environment,
    "source": lambda facts: facts.source,
    "summary": lambda facts: facts.summary,
    "service": lambda facts: facts.service,
    "integration": lambda facts: facts.integration,
}
_MAPS: Mapping[str, Callable[[Facts], Mapping[str, object]]] = {
    "labels": lambda facts: facts.labels,
    "annotations": lambda facts: facts.annotations,
    "details": lambda facts: facts.details,
    "payload": lambda facts: facts.details,
}
_WORDS: Mapping[str, Value] = {"true": True, "false": False, "none": None}
_NAMES = ", ".join([*_MAPS, *_TEXTS])


def compile_condition(text: str) -> Condition:
    """Turn the text into a test; raises ExpressionError with the column of the mistake."""
    evaluate = _compile(read(text))
    return Condition(text, lambda facts: bool(evaluate(facts)))


def compile_part(node: ast.expr) -> Evaluate:
    """Turn one part of a condition that was read into what it is worth; raises ExpressionError."""
    return _compile(node)


def _compile(node: ast.expr) -> Evaluate:
    for kind, build in _BUILDERS.items():
        if isinstance(node, kind):
            return build(node)
    raise error_at(node, "this is not possible in a condition")


def _constant(node: ast.Constant) -> Evaluate:
    value = node.value
    if not isinstance(value, str | int | float | bool | None):
        raise error_at(node, "only texts, numbers, true and false can be written here")
    return lambda _: value


def _name(node: ast.Name) -> Evaluate:
    if node.id in _TEXTS:
        return _TEXTS[node.id]
    if node.id in _MAPS:
        return _MAPS[node.id]
    if node.id in _WORDS:
        word = _WORDS[node.id]
        return lambda _: word
    if node.id in _FUNCTIONS:
        raise error_at(node, f"{node.id} needs brackets: {_FUNCTIONS[node.id].example}")
    raise error_at(node, f"the name {node.id} is not known; known are {_NAMES}{_meant(node.id)}")


def _meant(word: str) -> str:
    """What somebody may have meant: a known name that is much alike."""
    alike = get_close_matches(word.lower(), [*_MAPS, *_TEXTS, *_FUNCTIONS], n=1)
    return f"; perhaps you mean {alike[0]}" if alike else ""


def _list(node: ast.Tuple | ast.List) -> Evaluate:
    parts = [_compile(part) for part in node.elts]
    return lambda facts: tuple(part(facts) for part in parts)


def _bool(node: ast.BoolOp) -> Evaluate:
    parts = [_compile(part) for part in node.values]
    if isinstance(node.op, ast.And):
        return lambda facts: all(part(facts) for part in parts)
    return lambda facts: any(part(facts) for part in parts)


def _unary(node: ast.UnaryOp) -> Evaluate:
    inner = _compile(node.operand)
    if isinstance(node.op, ast.Not):
        return lambda facts: not inner(facts)
    operand = node.operand
    number = operand.value if isinstance(operand, ast.Constant) else None
    if not isinstance(number, int | float):
        raise error_at(node, "only a number can be negative")
    return lambda _: -number


def _compare(node: ast.Compare) -> Evaluate:
    operands = [_compile(operand) for operand in (node.left, *node.comparators)]
    tests = [_test(node, op) for op in node.ops]
    if len(tests) == 1:
        test, (left, right) = tests[0], operands
        return lambda facts: test(left(facts), right(facts))
    return lambda facts: all(
        test(left(facts), right(facts))
        for test, left, right in zip(tests, operands, operands[1:], strict=False)
    )


def _test(node: ast.Compare, op: ast.cmpop) -> Callable[[Value, Value], bool]:
    if isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) and _is_severity(node):
        raise error_at(node, 'severities have no order here: write severity in ("critical", ...)')
    return _TESTS[type(op)]


def _is_severity(node: ast.Compare) -> bool:
    operands = (node.left, *node.comparators)
    return any(isinstance(part, ast.Name) and part.id == "severity" for part in operands)


def _inside(one: Value, many: Value) -> bool:
    if isinstance(many, str):
        return isinstance(one, str) and one in many
    if isinstance(many, Mapping):
        return isinstance(one, str) and one in many
    return isinstance(many, tuple | list) and one in many


def _ordered(test: Callable[[float | str, float | str], bool]) -> Callable[[Value, Value], bool]:
    """Things that have no order among each other are neither smaller nor larger."""

    def compare(one: Value, other: Value) -> bool:
        numbers = isinstance(one, int | float) and isinstance(other, int | float)
        texts = isinstance(one, str) and isinstance(other, str)
        return (numbers or texts) and test(one, other)  # type: ignore[arg-type] # just checked

    return compare


_TESTS: Mapping[type[ast.cmpop], Callable[[Value, Value], bool]] = {
    ast.Eq: lambda one, other: one == other,
    ast.NotEq: lambda one, other: one != other,
    ast.In: _inside,
    ast.NotIn: lambda one, many: not _inside(one, many),
    ast.Lt: _ordered(lambda one, other: one < other),  # type: ignore[operator] # same kind
    ast.LtE: _ordered(lambda one, other: one <= other),  # type: ignore[operator] # same kind
    ast.Gt: _ordered(lambda one, other: one > other),  # type: ignore[operator] # same kind
    ast.GtE: _ordered(lambda one, other: one >= other),  # type: ignore[operator] # same kind
}


def _lookup(node: ast.Attribute | ast.Subscript) -> Evaluate:
    """``labels.team``, ``details.host["name"]``: keys of our own data, never of Python objects."""
    path: list[str | int] = []
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute | ast.Subscript):
        path.insert(0, _key(inner))
        inner = inner.value
    if not isinstance(inner, ast.Name) or inner.id not in _MAPS:
        raise error_at(node, "only labels, annotations and details have parts")
    whole = _MAPS[inner.id]
    if inner.id not in ("labels", "annotations"):
        return lambda facts: _walk(whole(facts), path)
    if len(path) > 1:
        raise error_at(node, f"{inner.id} are flat texts without parts of their own")
    key = str(path[0])
    return lambda facts: whole(facts).get(key, "")


def _key(node: ast.Attribute | ast.Subscript) -> str | int:
    if isinstance(node, ast.Attribute):
        return node.attr
    key = node.slice.value if isinstance(node.slice, ast.Constant) else None
    if not isinstance(key, str | int):
        raise error_at(node, 'write the key as a text: labels["team"]')
    return key


def _walk(value: Value, path: list[str | int]) -> Value:
    for key in path:
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, list | tuple) and isinstance(key, int) and 0 <= key < len(value):
            value = value[key]
        else:
            return None
    return value


class _Function(Struct, frozen=True):
    example: str
    build: Callable[[ast.Call], Evaluate]
    least: int
    most: int


def _call(node: ast.Call) -> Evaluate:
    function = _FUNCTIONS.get(node.func.id) if isinstance(node.func, ast.Name) else None
    if function is None:
        known = ", ".join(_FUNCTIONS)
        meant = _meant(node.func.id) if isinstance(node.func, ast.Name) else ""
        raise error_at(node, f"there is no such function; known are {known}{meant}")
    if node.keywords or not function.least <= len(node.args) <= function.most:
        raise error_at(node, f"write {function.example}")
    return function.build(node)


def _on_texts(test: Callable[[str, str], bool]) -> Callable[[ast.Call], Evaluate]:
    def build(node: ast.Call) -> Evaluate:
        one, other = (_compile(argument) for argument in node.args)

        def evaluate(facts: Facts) -> bool:
            left, right = one(facts), other(facts)
            return isinstance(left, str) and isinstance(right, str) and test(left, right)

        return evaluate

    return build


def _contains(node: ast.Call) -> Evaluate:
    whole, part = (_compile(argument) for argument in node.args)
    return lambda facts: _inside(part(facts), whole(facts))


def _literal(node: ast.expr, reason: str) -> str:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        raise error_at(node, reason)
    return node.value


def _matches(node: ast.Call) -> Evaluate:
    whole = _compile(node.args[0])
    text = _literal(node.args[1], "write the pattern as a text, so that it can be checked now")
    try:
        compiled = pattern(text)
    except PatternError as error:
        raise error_at(node.args[1], f"in the pattern: {error.reason}") from None

    def evaluate(facts: Facts) -> bool:
        value = whole(facts)
        return isinstance(value, str) and compiled.matches(value)

    return evaluate


def _lower(node: ast.Call) -> Evaluate:
    inner = _compile(node.args[0])

    def evaluate(facts: Facts) -> Value:
        value = inner(facts)
        return value.lower() if isinstance(value, str) else value

    return evaluate


def _clock(ask: Callable[[datetime, str], Value]) -> Callable[[ast.Call], Evaluate]:
    def build(node: ast.Call) -> Evaluate:
        if not node.args:
            return lambda facts: ask(facts.at, facts.zone)
        zone = _literal(node.args[0], 'write the zone as a text, like "Europe/Berlin"')
        try:
            hours.zone_named(zone)
        except hours.UnknownZoneError:
            raise error_at(node.args[0], f"there is no time zone {zone}") from None
        return lambda facts: ask(facts.at, zone)

    return build


_FUNCTIONS: Mapping[str, _Function] = {
    "contains": _Function('contains(summary, "disk")', _contains, 2, 2),
    "startswith": _Function('startswith(source, "db-")', _on_texts(str.startswith), 2, 2),
    "endswith": _Function('endswith(source, ".eu")', _on_texts(str.endswith), 2, 2),
    "matches": _Function('matches(labels.pod, "api-[0-9]+")', _matches, 2, 2),
    "lower": _Function("lower(summary)", _lower, 1, 1),
    "hour": _Function('hour("Europe/Berlin")', _clock(hours.hour), 0, 1),
    "weekday": _Function('weekday("Europe/Berlin")', _clock(hours.weekday), 0, 1),
    "working_hours": _Function('working_hours("Europe/Berlin")', _clock(hours.working_hours), 0, 1),
}

# each function takes the kind of node it stands next to, which a mapping cannot say
_BUILDERS: Mapping[type[ast.expr], Callable[[Any], Evaluate]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Tuple: _list,
    ast.List: _list,
    ast.BoolOp: _bool,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.Attribute: _lookup,
    ast.Subscript: _lookup,
    ast.Call: _call,
}
