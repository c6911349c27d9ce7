"""A body as a tree in which one can point at values."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from evenfall.alerting.logic.mapping import (
    FIELDS,
    LABEL,
    SEVERITY_WORD,
    STATUS_WORD,
    Mapped,
    read_mapping,
)
from evenfall.alerting.logic.paths import LONGEST, MOST_STEPS, at_path, write_path

DEEPEST: Final = 12
MOST_NODES: Final = 400
_LONGEST_SHOWN: Final = 120
_LONGEST_WORD: Final = 80


class Node(Struct):
    """One value of a body; `shown` is empty for an object and a list. `fields` point at it."""

    name: str
    path: str
    shown: str
    children: list["Node"]
    fields: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return bool(self.children)


def tree_of(event: Mapping[str, Any], mapping: Mapping[str, str]) -> tuple[list[Node], bool]:
    """Return the values of a body in its order, and whether some had to be left out."""
    pointed = _pointed(read_mapping(mapping))
    room = [MOST_NODES]
    nodes = _nodes(event.items(), (), pointed, room)
    return nodes, room[0] <= 0


def _nodes(
    pairs: Any,  # noqa: ANN401 - pairs of a key and any JSON value
    above: tuple[str, ...],
    pointed: Mapping[str, tuple[str, ...]],
    room: list[int],
) -> list[Node]:
    nodes = []
    for key, value in pairs:
        room[0] -= 1
        steps = (*above, str(key))
        path = write_path(steps)
        if room[0] < 0 or len(steps) > min(DEEPEST, MOST_STEPS) or len(path) > LONGEST:
            room[0] = min(room[0], 0)
            break
        parts: Any = value.items() if isinstance(value, dict) else ()
        parts = enumerate(value) if isinstance(value, list) else parts
        children = _nodes(parts, steps, pointed, room)
        shown = "" if children else _shown(value)
        nodes.append(Node(str(key), path, shown, children, pointed.get(path, ())))
    return nodes


def _pointed(mapped: Mapped) -> dict[str, tuple[str, ...]]:
    """Which of our fields are found at each path."""
    found: dict[str, tuple[str, ...]] = {}
    for name, path in mapped.paths.items():
        found[path] = (*found.get(path, ()), FIELDS[name])
    for name, path in mapped.labels.items():
        found[path] = (*found.get(path, ()), f"Label {name}")
    return found


def _shown(value: object) -> str:
    if isinstance(value, str):
        return f'"{value[:_LONGEST_SHOWN]}{"…" if len(value) > _LONGEST_SHOWN else ""}"'
    words = {None: "null", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    return str(value)[:_LONGEST_SHOWN] if not isinstance(value, dict | list) else "(empty)"


def flat(nodes: list[Node]) -> Iterator[Node]:
    """All nodes in the order of the tree."""
    for node in nodes:
        yield node
        yield from flat(node.children)


def problems_in(event: Mapping[str, Any], mapping: Mapping[str, str]) -> list[str]:
    """Say which parts of a mapping find nothing in a body."""
    mapped = read_mapping(mapping)
    named = {FIELDS[name]: path for name, path in mapped.paths.items()}
    named |= {f"Label {name}": path for name, path in mapped.labels.items()}
    return [
        f"{name}: nothing is at {path}"
        for name, path in named.items()
        if at_path(event, path) in (None, "", [], {})
    ]


def words_at(events: list[Mapping[str, Any]], path: str) -> list[str]:
    """The words that stand at a path in these bodies, each once, in their order."""
    found = (at_path(event, path) for event in events)
    texts = (str(value).strip() for value in found if isinstance(value, str | int | float))
    return [word for word in dict.fromkeys(texts) if word and len(word) <= _LONGEST_WORD]


def meanings(mapping: Mapping[str, str], prefix: str) -> dict[str, str]:
    """The words a mapping explains: `SEVERITY_WORD` or `STATUS_WORD` -> what they mean."""
    assert prefix in (SEVERITY_WORD, STATUS_WORD)  # noqa: S101 - the two kinds there are
    return {n.removeprefix(prefix): v for n, v in mapping.items() if n.startswith(prefix)}


def labels_of(mapping: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(LABEL): path for name, path in mapping.items() if name.startswith(LABEL)
    }
