"""Texts of states as plain values: JSON or YAML, within bounds."""

import json
from datetime import date, datetime
from typing import Any, Final

import yaml

MOST_CHARACTERS: Final = 1_000_000
MOST_VALUES: Final = 50_000
DEEPEST: Final = 60

# the one in C where the system has it: a megabyte takes a second, not twenty
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Unreadable(Exception):
    """A text is not what it should be; the message is a sentence."""


def documents(text: str) -> list[Any]:
    """The documents in a text: one of JSON, or any number of YAML. Empty ones are left out.

    Raises `Unreadable`; for a text without bounds too, such as one that repeats itself by aliases.
    """
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(f"It has more than {MOST_CHARACTERS} characters.")
    try:
        found = [json.loads(text)]
    except RecursionError:
        raise Unreadable("It is nested too deeply.") from None
    except ValueError:
        found = _yaml(text)
    room = _Room()
    return [room.plain(one, 0) for one in found if one is not None]


def document(text: str) -> Any:  # noqa: ANN401 - any plain value
    """The one document in a text; None for an empty one. Raises `Unreadable`."""
    found = documents(text)
    if len(found) > 1:
        raise Unreadable(f"It has {len(found)} documents; one is expected.")
    return found[0] if found else None


def _yaml(text: str) -> list[Any]:
    try:
        return list(yaml.load_all(text, Loader=_LOADER))
    except RecursionError:
        raise Unreadable("It is nested too deeply.") from None
    except (yaml.YAMLError, ValueError, TypeError, AttributeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise Unreadable(f"It is neither JSON nor YAML{where}.") from error


class _Room:
    """Counts the values, so that aliases of YAML cannot grow without end."""

    def __init__(self) -> None:
        self._left = MOST_VALUES

    def plain(self, value: Any, depth: int) -> Any:  # noqa: ANN401 - any plain value
        self._left -= 1
        if self._left < 0:
            raise Unreadable(f"It has more than {MOST_VALUES} values.")
        if depth > DEEPEST:
            raise Unreadable("It is nested too deeply.")
        if isinstance(value, dict):
            return {_word(name): self.plain(one, depth + 1) for name, one in value.items()}
        if isinstance(value, list | tuple | set):
            return [self.plain(one, depth + 1) for one in value]
        return _leaf(value)


def _leaf(value: Any) -> Any:  # noqa: ANN401 - any plain value
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


def _word(name: object) -> str:
    """The name of a member; YAML knows others than texts."""
    if isinstance(name, str):
        return name
    return str(name).lower() if isinstance(name, bool) or name is None else str(name)
