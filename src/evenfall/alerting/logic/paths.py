"""Paths into somebody's JSON: ``alert.labels[0]["app/name"]``. They only look, and never fail.

A step is a name, a place in a list (``[0]`` or ``.0``) or a text in brackets for names that have
dots or brackets in them.
"""

import json
import re
from functools import lru_cache
from typing import Any, Final

LONGEST: Final = 500
MOST_STEPS: Final = 32

_PLAIN = re.compile(r"[^.\[\]\"\s=]+")
_STEP = re.compile(r"[^.\[]+")
_PLACE = re.compile(r"\[(\d{1,6})\]")
_decoder = json.JSONDecoder()


class PathError(ValueError):
    """What is wrong with a path, and the column (from 1) where it is."""

    def __init__(self, reason: str, column: int) -> None:
        super().__init__(f"column {column}: {reason}")
        self.reason = reason
        self.column = column


def parse_path(text: str) -> tuple[str, ...]:
    """Return the steps of a path; raises PathError."""
    if len(text) > LONGEST:
        raise PathError(f"a path has {LONGEST} characters at most", LONGEST)
    steps: list[str] = []
    at = 0
    while at < len(text) or not steps:
        step, at = _step(text, at, is_first=not steps)
        steps.append(step)
        if len(steps) > MOST_STEPS:
            raise PathError(f"a path has {MOST_STEPS} steps at most", at)
    return tuple(steps)


def _step(text: str, at: int, *, is_first: bool) -> tuple[str, int]:
    """Read the step that begins here; return it and where the next one begins."""
    if text[at : at + 1] == "[":
        return _bracket(text, at)
    if not is_first:
        if text[at] != ".":
            raise PathError("write a dot or a bracket between two steps", at + 1)
        at += 1
    found = _STEP.match(text, at)
    if found is None:
        raise PathError("a name is missing here", at + 1)
    return found[0], found.end()


def _bracket(text: str, at: int) -> tuple[str, int]:
    place = _PLACE.match(text, at)
    if place:
        return place[1], place.end()
    try:
        name, end = _decoder.raw_decode(text, at + 1)
    except (ValueError, RecursionError):
        name, end = None, at
    if not isinstance(name, str) or text[end : end + 1] != "]":
        raise PathError('in brackets stands a place or a text: [0] or ["a.b"]', at + 1)
    return name, end + 1


def write_path(steps: tuple[str, ...]) -> str:
    """Return the path of steps as people would write it."""
    text = ""
    for step in steps:
        if _PLAIN.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f"[{json.dumps(step)}]"
    return text


@lru_cache(maxsize=4096)
def _steps(path: str) -> tuple[str, ...] | None:
    try:
        return parse_path(path)
    except PathError:
        return None


def at_path(value: object, path: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return what is at a path; None where nothing is, and for a path that cannot be read."""
    steps = _steps(path)
    if steps is None:
        return None
    for step in steps:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and _is_place(step) and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _is_place(step: str) -> bool:
    return step.isascii() and step.isdecimal() and len(step) <= 6  # noqa: PLR2004 - a million
