"""Reads the text of a condition and refuses everything that is not in the small language.

The text has Python's grammar, so `ast` reads it, but it is never run as Python: `expressions`
turns the few allowed kinds of nodes into closures. Attributes never reach a Python object:
``labels.team`` is only another way to write ``labels["team"]``.
"""

import ast
import warnings

MAX_LENGTH = 2000
MAX_NODES = 400
MAX_DEPTH = 30

_ALLOWED = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.Compare,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Constant,
    ast.Name, ast.Load, ast.Call, ast.Attribute, ast.Subscript, ast.Tuple, ast.List,
)  # fmt: skip
_HINTS: dict[type[ast.AST], str] = {
    ast.BinOp: "there is no arithmetic here",
    ast.BitAnd: "write and",
    ast.Is: "write ==",
    ast.IsNot: "write !=",
    ast.JoinedStr: "a text with f before it is not possible here",
    ast.Lambda: "functions cannot be defined here",
    ast.NamedExpr: "nothing can be assigned here; to compare, write ==",
    ast.IfExp: "write it with and, or, not",
    ast.Starred: "* is not possible here",
    ast.Slice: "parts of a text cannot be taken; use startswith or matches",
}
# what Python says, and what helps somebody who does not write Python
_PLAINLY = {
    "unterminated string literal": "this text has no end: close it with a quotation mark",
    "unexpected EOF": "something is missing at the end",
    "invalid syntax. Perhaps you forgot a comma": (
        "something is missing here: and, or, a comma or a comparison such as =="
    ),
    "invalid syntax": "this does not fit here: a name, a value or a word such as and is missing",
    "invalid decimal literal": "a text needs quotation marks; a name cannot begin with a digit",
}


class ExpressionError(ValueError):
    """What is wrong, and the column (from 1) where it is."""

    def __init__(self, reason: str, column: int = 1) -> None:
        super().__init__(f"Column {column}: {reason}.")
        self.reason = reason
        self.column = column


def read(text: str) -> ast.expr:
    """Return the checked tree of a condition; raises ExpressionError."""
    source = " ".join(text.splitlines()).strip()
    if not source:
        raise ExpressionError("write a condition, or true for every alert")
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"a condition may have {MAX_LENGTH} characters at most")
    tree = _parse(source)
    if not source.isascii():
        _count_letters(tree, source.encode())
    _check(tree)
    return tree.body


def error_at(node: ast.AST, reason: str) -> ExpressionError:
    return ExpressionError(reason, getattr(node, "col_offset", 0) + 1)


def _parse(source: str) -> ast.Expression:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a text is what people mean
            return ast.parse(source, mode="eval")
    except SyntaxError as error:
        raise _friendly(source, error) from None
    except (RecursionError, MemoryError, ValueError):
        raise ExpressionError("this cannot be read") from None


def _count_letters(tree: ast.AST, source: bytes) -> None:
    """Python tells columns in bytes; people count letters."""
    for node in ast.walk(tree):
        if hasattr(node, "col_offset"):
            node.col_offset = len(source[: node.col_offset].decode())


def _friendly(source: str, error: SyntaxError) -> ExpressionError:
    column = max(error.offset or 1, 1)
    if "&&" in source or "||" in source:
        return ExpressionError("write and, or, not instead of &&, ||, !", column)
    if source[column - 1 : column] == "=":
        return ExpressionError("to compare, write ==", column)
    for beginning, reason in _PLAINLY.items():
        if error.msg.startswith(beginning):
            return ExpressionError(reason, column)
    return ExpressionError(error.msg.rstrip("."), column)


def _check(tree: ast.AST) -> None:
    """Walk without recursion: count, depth and kind of every node."""
    waiting: list[tuple[ast.AST, int, ast.AST]] = [(tree, 0, tree)]
    count = 0
    while waiting:
        node, depth, placed = waiting.pop()
        count += 1
        placed = node if hasattr(node, "col_offset") else placed
        if not isinstance(node, _ALLOWED):
            raise error_at(placed, _HINTS.get(type(node), "this is not possible in a condition"))
        if count > MAX_NODES or depth > MAX_DEPTH:
            raise error_at(placed, "the condition is too big; split it into two rules")
        waiting += [(child, depth + 1, placed) for child in ast.iter_child_nodes(node)]
