"""YAML with the line of everything in it, by the rules of YAML 1.2.

PyYAML follows YAML 1.1, where ``10:00`` is the number 600 and ``on`` is true. What a manifest says
is a time or a word there, so only null, true, false and numbers are more than text here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import yaml
from msgspec import Struct

type Value = bool | int | float | str | list[Value] | dict[str, Value] | None

MOST_NODES: Final = 200_000
MOST_DEPTH: Final = 40
_WORDS: Final[Mapping[str, bool | None]] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "false": False,
}
_INTEGER: Final = re.compile(r"[-+]?\d{1,18}")
_NUMBER: Final = re.compile(r"[-+]?\d{1,18}\.\d{1,18}")
_TEXT_TAG: Final = "tag:yaml.org,2002:str"
_TOO_DEEP: Final = f"Values are nested deeper than {MOST_DEPTH} here."
# ten times as fast; PyYAML has it wherever it was built with libyaml
_FAST: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Marked(Struct, frozen=True):
    """A value and where its parts stand: ``lines`` maps a path such as ("teams", "a") to a line.

    Lines count from 1. Positions in a list are part of a path as "0", "1", ….
    """

    value: Value
    lines: Mapping[tuple[str, ...], int]

    def line(self, path: tuple[str, ...]) -> int:
        """The line of the path, or of the innermost part of it that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class MarkedError(ValueError):
    """What is wrong with the text as YAML; ``line`` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read(text: str) -> Marked:
    """Read one YAML document. Raises MarkedError."""
    try:
        node = _composed(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise MarkedError(line, f"This is not YAML: {error.problem or error.context}.") from None
    except yaml.YAMLError as error:
        raise MarkedError(1, f"This is not YAML: {error}.") from None
    if node is None:
        return Marked(None, {})
    reader = _Reader()
    return Marked(reader.value(node, ()), reader.lines)


def _composed(text: str) -> yaml.Node | None:
    try:
        return _compose(text, _FAST)
    except yaml.YAMLError:
        # the slow one tells better what is wrong and where
        return _compose(text, yaml.SafeLoader)


def _compose(text: str, loader: type[yaml.SafeLoader]) -> yaml.Node | None:
    """Look at the brackets first: composing goes down the stack, and in C nobody sees its end."""
    depth = 0
    for event in yaml.parse(text, loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            mark = event.start_mark
            raise MarkedError(mark.line + 1 if mark else 1, _TOO_DEEP)
    return yaml.compose(text, loader)


class _Reader:
    """Walks the nodes once, and counts them: an alias of an alias can stand for millions."""

    def __init__(self) -> None:
        self.lines: dict[tuple[str, ...], int] = {}
        self._count = 0

    def value(self, node: yaml.Node, path: tuple[str, ...]) -> Value:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        self._count += 1
        if self._count > MOST_NODES:
            raise MarkedError(line, f"There are more than {MOST_NODES} values in this file.")
        if len(path) > MOST_DEPTH:
            raise MarkedError(line, _TOO_DEEP)
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(one, (*path, str(at))) for at, one in enumerate(node.value)]
        return _scalar(node)

    def _pairs(self, node: yaml.MappingNode, path: tuple[str, ...]) -> Iterator[tuple[str, Value]]:
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise MarkedError(line, "A name must be text, not a list or a mapping.")
            name = str(key.value)
            if name in seen:
                raise MarkedError(line, f"“{name}” stands here twice; one would hide the other.")
            seen.add(name)
            self.lines[(*path, name)] = line
            yield name, self.value(value, (*path, name))


def _scalar(node: yaml.Node) -> Value:
    text = str(node.value)
    if not isinstance(node, yaml.ScalarNode) or node.style or node.tag == _TEXT_TAG:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
