"""Rows in rows of a posted form, rearranged without a script: each button posts one wish.

A tree has the values of its own fields under their names, and its rows, which are trees, as lists.
The posted names lead through it: `layers-0-members-2-person`; `layers-0-members-count` says how
many rows there are.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

from evenfall.platform import rows as rows_of_a_form

type Tree = dict[str, Any]
type Shape = Mapping[str, "Shape"]
"""Which rows a tree may have, and which those may have in turn."""

MOST_ROWS = 60
MANY = frozenset({"days"})
"""The fields that are posted several times."""


def tree_of(data: QueryDict, shape: Shape, prefix: str = "") -> Tree:
    """What was posted below the prefix, unjudged."""
    found: Tree = {}
    for name, values in data.lists():
        rest = name.removeprefix(prefix)
        if name.startswith(prefix) and "-" not in rest:
            found[rest] = values if rest in MANY else values[-1]
    for rows, below in shape.items():
        start = f"{prefix}{rows}-"
        numbers = range(_count(data, start))
        found[rows] = [tree_of(data, below, f"{start}{number}-") for number in numbers]
    return found


def _count(data: QueryDict, start: str) -> int:
    said = data.get(f"{start}count", "")
    return min(int(said), MOST_ROWS) if said.isascii() and said.isdecimal() and said else 0


def rearrange(tree: Tree, wish: str, fresh: Mapping[str, Sequence[Tree]]) -> None:
    """Do what a button asks: `add:layers`, `remove:layers.0.members.2`, `up:…`, `down:…`.

    `fresh` are the rows that are added, by the name of the rows. A wish that makes no sense
    changes nothing.
    """
    verb, _, path = wish.partition(":")
    *way, last = path.split(".")
    if verb == "add":
        rows = _rows(tree, [*way, last])
        if rows is not None and len(rows) < MOST_ROWS:
            rows.extend(dict(row) for row in fresh[last])
        return
    rows = _rows(tree, way)
    if rows is not None:
        rows_of_a_form.rearrange(rows, verb, last)


def _rows(tree: Tree, way: Sequence[str]) -> list[Tree] | None:
    """The rows at the end of the way; names and places take turns on it."""
    if not way or not isinstance(tree.get(way[0]), list):
        return None
    rows: list[Tree] = tree[way[0]]
    if len(way) == 1:
        return rows
    place = int(way[1]) if way[1].isdecimal() else len(rows)
    return _rows(rows[place], way[2:]) if place < len(rows) else None
