"""A text as plain documents, whatever somebody uploads: bounded before anything is built.

YAML lets a few lines stand for millions of values (an anchor used many times, again and again), so
the events of the text are counted first, each alias with all that it stands for.
"""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

import yaml

MOST_BYTES: Final = 1_000_000
MOST_DOCUMENTS: Final = 2_000
MOST_VALUES: Final = 100_000
MOST_DEPTH: Final = 40
MOST_DIGITS: Final = 300

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What constructors of yaml raise for scalars that are not what their tag says.
_BROKEN: Final = (
    yaml.YAMLError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    OverflowError,
    RecursionError,
)


class Unreadable(Exception):
    """The text as a whole cannot be read; the message says why and what to do."""


def documents(text: str) -> list[Any]:
    """Return the documents of a YAML or JSON text as plain values, empty ones left out.

    A JSON list, or a `List` with `items`, counts as its items. Raises Unreadable.
    """
    if len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        msg = f"The text has more than {MOST_BYTES:,} bytes. Import it in parts."
        raise Unreadable(msg)
    found = _from_json(text) if text.lstrip()[:1] in {"{", "["} else None
    if found is None:
        found = _from_yaml(text)
    plain = [_Plain().of(one) for document in found for one in _items(document)]
    if len(plain) > MOST_DOCUMENTS:
        msg = f"These are more than {MOST_DOCUMENTS:,} documents. Import them in parts."
        raise Unreadable(msg)
    return [one for one in plain if one is not None]


def _items(document: object) -> Iterator[object]:
    if isinstance(document, list):
        yield from document
    elif isinstance(document, dict) and document.get("kind") == "List":
        items = document.get("items")
        yield from items if isinstance(items, list) else ()
    else:
        yield document


def _from_json(text: str) -> list[Any] | None:
    """None for what is not JSON: it may still be YAML in braces."""
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):
        return None


def _from_yaml(text: str) -> list[Any]:
    try:
        _check_size(yaml.parse(text, Loader=_LOADER))
        return list(yaml.load_all(text, Loader=_LOADER))
    except _BROKEN as error:
        where = getattr(error, "problem_mark", None)
        place = f" near line {where.line + 1}" if where is not None else ""
        problem = getattr(error, "problem", None) or "a value is not what its type says"
        msg = f"This is neither YAML nor JSON{place}: {str(problem)[:200]}. Mend it and try again."
        raise Unreadable(msg) from error


class _Sizes:
    """How much has been opened, and what each anchor stands for."""

    def __init__(self) -> None:
        self.anchors: dict[str, int] = {}
        self.open: list[tuple[str | None, int]] = []
        self.total = 0

    def add(self, values: int) -> None:
        self.total += values
        if self.total > MOST_VALUES:
            msg = f"The text stands for more than {MOST_VALUES:,} values. Import it in parts."
            raise Unreadable(msg)

    def begin(self, anchor: str | None) -> None:
        self.open.append((anchor, self.total))
        self.add(1)
        if len(self.open) > MOST_DEPTH:
            msg = f"The text is nested deeper than {MOST_DEPTH} levels. OpenSLO never is."
            raise Unreadable(msg)

    def end(self) -> None:
        anchor, before = self.open.pop()
        if anchor is not None:
            self.anchors[anchor] = self.total - before

    def refer(self, anchor: str | None) -> None:
        """Raises Unreadable for an alias inside of what it stands for: that has no end."""
        if anchor is None or anchor not in self.anchors:
            msg = f"The alias *{str(anchor)[:60]} stands for nothing, or for itself. Write it out."
            raise Unreadable(msg)
        self.add(self.anchors[anchor])


def _check_size(events: Iterator[Any]) -> None:
    """Count the values that the events stand for, without building one. Raises Unreadable."""
    sizes = _Sizes()
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            sizes.anchors.clear()
        elif isinstance(event, yaml.AliasEvent):
            sizes.refer(event.anchor)
        elif isinstance(event, yaml.ScalarEvent):
            sizes.begin(event.anchor)
            sizes.end()
        elif isinstance(event, yaml.CollectionStartEvent):
            sizes.begin(event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            sizes.end()


class _Plain:
    """Values as JSON has them; times become the text they were written as."""

    def __init__(self) -> None:
        self.values = 0

    def of(self, value: object, depth: int = 0) -> Any:  # noqa: ANN401 - JSON
        self.values += 1
        if self.values > MOST_VALUES or depth > MOST_DEPTH:
            msg = "One document is too large or nested too deep. OpenSLO never is."
            raise Unreadable(msg)
        if isinstance(value, Mapping):
            return {self._text(key): self.of(one, depth + 1) for key, one in value.items()}
        if isinstance(value, list | tuple | set):
            return [self.of(one, depth + 1) for one in value]
        return self._scalar(value)

    def _scalar(self, value: object) -> Any:  # noqa: ANN401 - JSON
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return _number(value)
        return self._text(value)

    def _text(self, value: object) -> str:
        if isinstance(value, datetime):
            return value.replace(microsecond=0).isoformat(sep=" ")
        if isinstance(value, date):
            return value.isoformat()
        text = value if isinstance(value, str) else str(_key(value))
        if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            msg = "The text holds characters that no program can store. Remove them."
            raise Unreadable(msg)
        return text


def _key(value: object) -> object:
    """Numbers and truths are read as keys too; binary values never are."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return _number(value)
    msg = "The text holds a value that is neither text, number, truth, list nor mapping."
    raise Unreadable(msg)


def _number(value: float) -> float:
    # an int is a float to the types, and may be too large to become one
    if abs(value) >= 10**MOST_DIGITS or math.isnan(value):
        msg = "The text holds a number without end. Write one that is finite."
        raise Unreadable(msg)
    return value
