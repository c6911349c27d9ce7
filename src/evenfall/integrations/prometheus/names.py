"""`$names` in PromQL: where they stand decides what may be put there. No I/O.

A name is `$service` or `${service}`. It may stand in a quoted text (any value, escaped), where a
duration stands (such as 5m), and where a number or the name of a metric stands.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import partial
from typing import Final

from msgspec import Struct

_TOKEN: Final = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|`[^`]*`?)"""
    r"""|(?P<note>\#[^\n]*)|(?P<name>\$\{\w+\}|\$\w+)|(?P<other>[^"'`\#$]+|\$)""",
    re.DOTALL,
)
_NAME: Final = re.compile(r"\$\{(\w+)\}|\$(\w+)")
_DURATION: Final = re.compile(r"(?:\d+(?:ms|[smhdwy]))+")
_WORD: Final = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_AFTER_DURATION: Final = re.compile(r"(?:\[|\boffset\s+-?|:)\s*$")
_MATCHES: Final = re.compile(r"[=!]~\s*$")
_SPECIAL: Final = re.compile(r"[\\.+*?()|\[\]{}^$]")


class Place(StrEnum):
    """Where a name stands."""

    TEXT = "text"
    PATTERN = "pattern"
    RAW_TEXT = "raw text"
    RAW_PATTERN = "raw pattern"
    DURATION = "duration"
    VALUE = "value"


class WrongValue(ValueError):
    """A value cannot stand where its name stands, or is not given; the message says why."""


class Found(Struct, frozen=True):
    """One name with the place where it stands."""

    name: str
    place: Place


type Put = Callable[[Found], str]


def fill(query: str, values: Mapping[str, str]) -> str:
    """Return the query with all names replaced by values; raises WrongValue."""
    return _replaced(query, lambda found: _fitting(found, values))


def as_if_filled(query: str) -> str:
    """Return the query with something that may stand at each name: for the parser."""
    return _replaced(query, _example)


def names_in(query: str) -> tuple[str, ...]:
    """The names of a query, each once, in the order in which they stand there."""
    seen: dict[str, None] = {}

    def note(found: Found) -> str:
        seen[found.name] = None
        return ""

    _replaced(query, note)
    return tuple(seen)


def _replaced(query: str, put: Put) -> str:
    return "".join(_parts(query, put))


def _parts(query: str, put: Put) -> Iterator[str]:
    for token in _TOKEN.finditer(query):
        before = query[: token.start()]
        if token.lastgroup == "text":
            place = _place_in_text(token.group(), before)
            yield _NAME.sub(partial(_put_in, put, place), token.group())
        elif token.lastgroup == "name":
            is_duration = _AFTER_DURATION.search(before) is not None
            place = Place.DURATION if is_duration else Place.VALUE
            yield put(Found(token.group().strip("${}"), place))
        else:
            yield token.group()


def _put_in(put: Put, place: Place, match: re.Match[str]) -> str:
    return put(Found(match.group(1) or match.group(2), place))


def _place_in_text(text: str, before: str) -> Place:
    is_pattern = _MATCHES.search(before) is not None
    if text.startswith("`"):
        return Place.RAW_PATTERN if is_pattern else Place.RAW_TEXT
    return Place.PATTERN if is_pattern else Place.TEXT


def _fitting(found: Found, values: Mapping[str, str]) -> str:
    if found.name not in values:
        known = ", ".join(f"${name}" for name in sorted(values)) or "none"
        raise WrongValue(f"nothing is known for ${found.name}; there is {known}")
    value = values[found.name]
    if found.place is Place.DURATION and not _DURATION.fullmatch(value):
        raise WrongValue(f"${found.name} stands for a duration, but is “{value}”")
    if found.place is Place.VALUE and not _WORD.fullmatch(value):
        raise WrongValue(f"${found.name} would have to be quoted: “{value}” is no number or name")
    return _escaped(found, value)


def _escaped(found: Found, value: str) -> str:
    if found.place in (Place.PATTERN, Place.RAW_PATTERN):
        value = _SPECIAL.sub(r"\\\g<0>", value)
    if found.place in (Place.TEXT, Place.PATTERN):
        return (
            value.replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\'").replace("\n", "\\n")
        )
    if found.place in (Place.RAW_TEXT, Place.RAW_PATTERN) and "`" in value:
        raise WrongValue(f'${found.name} stands in `backticks`, but holds one: quote it with "')
    return value


def _example(found: Found) -> str:
    return {Place.DURATION: "5m", Place.VALUE: "1"}.get(found.place, "x")
