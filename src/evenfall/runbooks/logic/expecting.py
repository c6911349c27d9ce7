"""The success test over HTTP: what an answer must be, compared without any program of people."""

import json
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final, NoReturn

from msgspec import Struct

_RANGE = re.compile(r"([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?")
_PIECE = re.compile(r"[^.\[\]]+|\[[0-9]{1,6}\]")
_LONGEST_SHOWN: Final = 200


class Compare(StrEnum):
    """How a value in a JSON answer is compared."""

    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    CONTAINS = "contains"


WORDS: Final = {
    Compare.IS: "is",
    Compare.IS_NOT: "is not",
    Compare.AT_LEAST: "is at least",
    Compare.AT_MOST: "is at most",
    Compare.CONTAINS: "contains",
}


class Expected(Struct, frozen=True, kw_only=True):
    """`status` such as "200, 204" or "200-299"; `path` such as "data.replicas[0].ready"."""

    status: str = "200-299"
    text: str = ""
    path: str = ""
    compare: Compare = Compare.IS
    value: str = ""


class Verdict(Struct, frozen=True):
    holds: bool
    reason: str


def status_fits(wanted: str, status: int) -> bool:
    """Whether a status is one of those wanted; a text that cannot be read wants nothing."""
    return any(low <= status <= high for low, high in _ranges(wanted))


def is_status(wanted: str) -> bool:
    """Whether every part of it can be read."""
    parts = [part for part in wanted.split(",") if part.strip()]
    return bool(parts) and len(_ranges(wanted)) == len(parts)


def judge(expected: Expected, status: int, body: bytes) -> Verdict:
    """Whether an answer is what was expected, and how one sees that."""
    if not status_fits(expected.status, status):
        return Verdict(holds=False, reason=f"It answered {status}, not {expected.status}.")
    if expected.text and expected.text not in body.decode("utf-8", "replace"):
        return Verdict(holds=False, reason=f"It answered {status}, without the text.")
    if not expected.path:
        return Verdict(holds=True, reason=f"It answered {status}, as expected.")
    return _judge_value(expected, body)


def value_at(document: Any, path: str) -> Any:  # noqa: ANN401 - any JSON value
    """The value at a path such as "data.replicas[0].ready"; raises LookupError."""
    found = document
    for piece in pieces(path):
        found = _member(found, piece)
    return found


def _member(container: Any, piece: str | int) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(piece, int):
        return container[piece] if isinstance(container, list) else _nowhere(piece)
    return container[piece] if isinstance(container, dict) else _nowhere(piece)


def _nowhere(piece: str | int) -> NoReturn:
    raise LookupError(piece)


def pieces(path: str) -> Sequence[str | int]:
    """The names and numbers of a path."""
    found = _PIECE.findall(path)
    return [int(one[1:-1]) if one.startswith("[") else one for one in found]


def _judge_value(expected: Expected, body: bytes) -> Verdict:
    try:
        value = value_at(json.loads(body), expected.path)
    except (ValueError, RecursionError):
        return Verdict(holds=False, reason="It answered, but not in JSON.")
    except LookupError:
        return Verdict(holds=False, reason=f"Its answer has no {expected.path}.")
    said = f"{expected.path} is {_shown(value)}"
    if _compares(expected.compare, value, expected.value):
        return Verdict(holds=True, reason=f"{said}.")
    wanted = f"{WORDS[expected.compare]} {expected.value}"
    return Verdict(holds=False, reason=f"{said}; expected that it {wanted}.")


def _compares(how: Compare, value: Any, wanted: str) -> bool:  # noqa: ANN401 - any JSON value
    if how is Compare.IS:
        return _shown(value) == wanted
    if how is Compare.IS_NOT:
        return _shown(value) != wanted
    if how is Compare.CONTAINS:
        parts = value if isinstance(value, list) else None
        return wanted in (_shown(value) if parts is None else [_shown(one) for one in parts])
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        number = float(wanted)
    except ValueError:
        return False
    return value >= number if how is Compare.AT_LEAST else value <= number


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """A value in words: a text as it is, everything else as JSON writes it."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text[:_LONGEST_SHOWN]


def _ranges(wanted: str) -> list[tuple[int, int]]:
    found = [_RANGE.fullmatch(part.strip()) for part in wanted.split(",")]
    return [(int(one[1]), int(one[2] or one[1])) for one in found if one is not None]
