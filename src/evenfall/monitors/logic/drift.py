"""What differs between what was declared and what is: by paths, in an order that stays."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

MOST: Final = 500
"""So many differences are told at most."""
_LONGEST: Final = 300
_NAMES: Final = ("name", "id", "key")
HIDDEN: Final = "(hidden)"


class Difference(Struct, frozen=True, kw_only=True):
    """`what` is "added" (only live), "removed" (only declared) or "changed"; values as text."""

    path: str
    what: str
    declared: str = ""
    live: str = ""


class Rules(Struct, frozen=True, kw_only=True):
    """Patterns of paths, `*` for anything: what is ignored with all below it, and what is hidden.

    `partial` are live values that may have more members than declared, except for the maps named
    in `whole`: so Kubernetes fills in what a manifest leaves out.
    """

    ignored: Sequence[str] = ()
    hidden: Sequence[str] = ()
    partial: bool = False
    whole: frozenset[str] = frozenset()


def structures(declared: Any, live: Any, rules: Rules | None = None) -> list[Difference]:  # noqa: ANN401 - any plain value
    """The differences of two plain values, in the order of their paths.

    Members of a list that have a name are compared by it, others by their place.
    """
    rules = rules or Rules()
    return list(_first(_compared("", declared, live, rules)))


def lines(declared: str, live: str) -> list[Difference]:
    """The differences of two texts, line by line. The kind of line ends makes none."""
    old, new = declared.splitlines(), live.splitlines()
    moves = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    found = (
        one
        for word, first, last, begins, ends in moves
        if word != "equal"
        for one in _block(old[first:last], new[begins:ends], first, begins)
    )
    return list(_first(found))


def without(differences: Iterable[Difference], ignored: Sequence[str]) -> list[Difference]:
    """Those that no pattern names, at most as many as are told."""
    return list(_first(one for one in differences if not _fits(one.path, ignored)))


def shown(value: Any) -> str:  # noqa: ANN401 - any plain value
    """A value as text: a text as it is, all others as JSON; long ones are cut."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _block(old: Sequence[str], new: Sequence[str], first: int, begins: int) -> Iterator[Difference]:
    """A block that was replaced: its lines beside each other as far as there are two."""
    both = min(len(old), len(new))
    for place in range(both):
        yield Difference(
            path=f"line {first + place + 1}",
            what="changed",
            declared=shown(old[place]),
            live=shown(new[place]),
        )
    for place, text in enumerate(old[both:], first + both + 1):
        yield Difference(path=f"line {place}", what="removed", declared=shown(text))
    for place, text in enumerate(new[both:], begins + both + 1):
        yield Difference(path=f"line {place}", what="added", live=shown(text))


def _first(found: Iterator[Difference]) -> Iterator[Difference]:
    for count, one in enumerate(found):
        if count >= MOST:
            return
        yield one


def _compared(path: str, declared: Any, live: Any, rules: Rules) -> Iterator[Difference]:  # noqa: ANN401 - any plain value
    if _fits(path, rules.ignored) or _is_same(declared, live):
        return
    if isinstance(declared, dict) and isinstance(live, dict):
        has_more = rules.partial and path.rpartition(".")[2] not in rules.whole
        yield from _members(path, declared, live, rules, has_more=has_more)
    elif isinstance(declared, list) and isinstance(live, list):
        key = _key_of(declared, live)
        old, new = _keyed(declared, key), _keyed(live, key)
        yield from _members(path, old, new, rules, has_more=False)
    else:
        yield _difference(path, "changed", rules, declared=declared, live=live)


def _members(
    path: str, declared: dict[str, Any], live: dict[str, Any], rules: Rules, *, has_more: bool
) -> Iterator[Difference]:
    for name in sorted(declared.keys() | live.keys()):
        below = _joined(path, name)
        if name in declared and name in live:
            yield from _compared(below, declared[name], live[name], rules)
        elif _fits(below, rules.ignored):
            continue
        elif name in declared:
            yield _difference(below, "removed", rules, declared=declared[name])
        elif not has_more:
            yield _difference(below, "added", rules, live=live[name])


def _difference(path: str, what: str, rules: Rules, **values: Any) -> Difference:  # noqa: ANN401 - any plain value
    texts = {side: shown(_masked(path, value, rules)) for side, value in values.items()}
    return Difference(path=path, what=what, **texts)


def _masked(path: str, value: Any, rules: Rules) -> Any:  # noqa: ANN401 - any plain value
    """The value with what is to be hidden in it taken out."""
    if not rules.hidden:
        return value
    if _fits(path, rules.hidden):
        return HIDDEN
    if isinstance(value, dict):
        return {name: _masked(_joined(path, name), one, rules) for name, one in value.items()}
    if isinstance(value, list):
        keyed = _keyed(value, _key_of(value, value))
        return [_masked(_joined(path, name), one, rules) for name, one in keyed.items()]
    return value


def _key_of(declared: Sequence[Any], live: Sequence[Any]) -> str:
    """By which member the members of both lists are told apart; "" for by their place."""
    for key in _NAMES:
        if all(_tells_apart(members, key) for members in (declared, live)):
            return key
    return ""


def _tells_apart(members: Sequence[Any], key: str) -> bool:
    names = [one.get(key) for one in members if isinstance(one, dict) and _is_name(one.get(key))]
    return len(members) == len(set(names))


def _keyed(members: Sequence[Any], key: str) -> dict[str, Any]:
    if key:
        return {f"[{one[key]}]": one for one in members}
    return {f"[{place}]": one for place, one in enumerate(members)}


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_same(one: Any, other: Any) -> bool:  # noqa: ANN401 - any plain value
    """Equal, and no number that only looks like a yes."""
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    if isinstance(one, dict | list):
        return False  # looked into: a 1 in there may face a true
    return bool(one == other)


def _joined(path: str, name: str) -> str:
    if name.startswith("[") or not path:
        return f"{path}{name}"
    return f"{path}.{name}"


def _fits(path: str, patterns: Sequence[str]) -> bool:
    """Whether a pattern names this path or one above it."""
    return any(_pattern(one).fullmatch(path) for one in patterns)


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    pieces = (re.escape(piece) for piece in re.split(r"\*+", text))
    return re.compile(f"{'.*'.join(pieces)}(?:[.\\[].*)?", re.DOTALL)
