"""What differs between two versions of the rules, rule by rule.

Rules are compared as a book keeps them: mappings with an `id`, a `name` and fields of plain values.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

type Words = Mapping[str, object]

_SAID = 3
_LONGEST_SAID = 200
_CATCH_ALL = 0
# a position is told by the order; a rule that lacks a field has it empty
_UNSAID = frozenset({"id", "position", "is_catch_all"})


class What(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class FieldChange(Struct, frozen=True):
    field: str
    before: object
    after: object


class RuleChange(Struct, frozen=True, kw_only=True):
    """`position` counts from 1: where it stands, or stood when it is gone. The id 0 is the
    catch-all. `moved_from` is None for a rule that kept its place among the others.
    """

    what: What
    rule_id: int
    name: str
    position: int
    moved_from: int | None = None
    fields: tuple[FieldChange, ...] = ()


def changes(before: Sequence[Words], after: Sequence[Words]) -> list[RuleChange]:
    """Return the fewest changes that lead from one list of rules to the other.

    What is new or changed comes in the order it has now, then what is gone.
    """
    old = {_key(rule): (place, rule) for place, rule in enumerate(before, start=1)}
    new = {_key(rule): (place, rule) for place, rule in enumerate(after, start=1)}
    moved = _moved([old[key][0] for key in new if key in old])
    found = []
    for key, (place, rule) in new.items():
        if key not in old:
            found.append(_change(What.ADDED, key, rule, place))
            continue
        was_at, was = old[key]
        fields = _fields(was, rule)
        moved_from = was_at if was_at in moved else None
        if fields or moved_from:
            what = What.CHANGED if fields else What.MOVED
            found.append(_change(what, key, rule, place, moved_from, fields))
    found += [_change(What.REMOVED, k, rule, at) for k, (at, rule) in old.items() if k not in new]
    return found


def said(found: Sequence[RuleChange]) -> str:
    """Say changes in one short line; "" for none."""
    words = [f'{one.what} "{one.name}"' for one in found[:_SAID]]
    if len(found) > _SAID:
        words.append(f"and {len(found) - _SAID} more")
    line = ", ".join(words)[:_LONGEST_SAID]
    return line[:1].upper() + line[1:]


def _key(rule: Words) -> int:
    number = rule["id"]
    return _CATCH_ALL if rule.get("is_catch_all") or not isinstance(number, int) else number


def _change(
    what: What,
    key: int,
    rule: Words,
    place: int,
    moved_from: int | None = None,
    fields: tuple[FieldChange, ...] = (),
) -> RuleChange:
    return RuleChange(
        what=what,
        rule_id=key,
        name=str(rule["name"]),
        position=place,
        moved_from=moved_from,
        fields=fields,
    )


def _fields(before: Words, after: Words) -> tuple[FieldChange, ...]:
    names = dict.fromkeys((*before, *after))
    return tuple(
        FieldChange(name, before.get(name), after.get(name))
        for name in names
        if name not in _UNSAID and before.get(name) != after.get(name)
    )


def _moved(places: Iterable[int]) -> frozenset[int]:
    """Return the places that are out of their order, as few as possible.

    What stays is a longest rising subsequence (patience sorting, n log n).
    """
    ends: list[int] = []
    ends_at: list[int] = []
    before: list[int | None] = []
    given = list(places)
    for index, place in enumerate(given):
        length = bisect_left(ends, place)
        before.append(ends_at[length - 1] if length else None)
        ends[length : length + 1] = [place]
        ends_at[length : length + 1] = [index]
    staying = set()
    at = ends_at[-1] if ends_at else None
    while at is not None:
        staying.add(given[at])
        at = before[at]
    return frozenset(given) - staying
