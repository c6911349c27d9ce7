"""Why a condition holds: the values it looked at, of those parts that made it hold."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping

from evenfall.alerting.logic.expression_syntax import read
from evenfall.alerting.logic.expressions import Evaluate, Facts, Value, compile_part

type Reasons = Callable[[Facts], Mapping[str, Value]]

# their parts are looked at one by one; a whole map would be a wall of text
_MAPS = frozenset({"labels", "annotations", "details", "payload"})
_NO_VALUE = frozenset({"true", "false", "none", "True", "False", "None"})


def compile_reasons(text: str) -> Reasons:
    """Return what tells, of an alert for which the condition holds, the values that decided.

    ``a or b`` tells only of the parts that hold. The names are those of the condition
    (``labels.team``). Raises ExpressionError as `compile_condition`.
    """
    parts = _parts(read(text))
    return lambda facts: dict(parts(facts))


def names_in(text: str) -> tuple[str, ...]:
    """Return the names a condition looks at, such as ``labels.team``; raises ExpressionError."""
    return tuple(dict.fromkeys(_said(node) for node in _lookups(read(text))))


type _Pairs = Callable[[Facts], Iterator[tuple[str, Value]]]


def _parts(node: ast.expr) -> _Pairs:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        return _those_that_hold([(compile_part(part), _parts(part)) for part in node.values])
    if isinstance(node, ast.BoolOp):
        return _all_of([_parts(part) for part in node.values])
    return _values([(_said(one), compile_part(one)) for one in _lookups(node)])


def _those_that_hold(parts: list[tuple[Evaluate, _Pairs]]) -> _Pairs:
    def tell(facts: Facts) -> Iterator[tuple[str, Value]]:
        for holds, pairs in parts:
            if holds(facts):
                yield from pairs(facts)

    return tell


def _all_of(parts: list[_Pairs]) -> _Pairs:
    def tell(facts: Facts) -> Iterator[tuple[str, Value]]:
        for pairs in parts:
            yield from pairs(facts)

    return tell


def _values(lookups: list[tuple[str, Evaluate]]) -> _Pairs:
    def tell(facts: Facts) -> Iterator[tuple[str, Value]]:
        for name, value in lookups:
            yield name, value(facts)

    return tell


def _said(node: ast.expr) -> str:
    """Write a name as people do, with double quotes where that is possible."""
    text = ast.unparse(node)
    return text if '"' in text else text.replace("'", '"')


def _lookups(node: ast.expr) -> Iterator[ast.expr]:
    """The names, with their parts, and the questions about time in a part of a condition."""
    if isinstance(node, ast.Attribute | ast.Subscript):
        yield node
    elif isinstance(node, ast.Name):
        if node.id not in _MAPS | _NO_VALUE:
            yield node
    elif isinstance(node, ast.Call):
        asks_time = all(isinstance(one, ast.Constant) for one in node.args)
        yield from [node] if asks_time else _inside(node.args)
    else:
        yield from _inside(ast.iter_child_nodes(node))


def _inside(nodes: Iterable[ast.AST]) -> Iterator[ast.expr]:
    for one in nodes:
        if isinstance(one, ast.expr):
            yield from _lookups(one)
