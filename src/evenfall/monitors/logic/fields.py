"""What a kind of monitor asks for, and whether what was given can be used."""

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from evenfall.monitors.logic import lengths

MOST_LINE: Final = 2_000
MOST_LINES: Final = 20_000


class FieldType(StrEnum):
    """How a setting is asked for; all of them are stored as texts."""

    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    """A whole number, 0 or more."""
    DECIMAL = "decimal"
    DURATION = "duration"
    """Such as 5m or 1h 30m."""
    URL = "url"
    CHOICE = "choice"
    SECRET = "secret"  # noqa: S105 - the name of a type
    """Encrypted at rest, never shown again."""
    SOURCE = "source"
    """One of the servers that answer queries, by its number."""
    INTEGRATION = "integration"
    """A key that tools send to, by its number."""


_WHOLE: Final = frozenset({FieldType.NUMBER, FieldType.SOURCE, FieldType.INTEGRATION})


class Field(Struct, frozen=True, kw_only=True):
    """One setting that a kind asks for. `choices` are (value, label).

    `is_rare`: few need it, so that a form keeps it out of the way.
    """

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = True
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    default: str = ""
    is_rare: bool = False


class Flaw(Exception):
    """A setting cannot be used; `reason` is a sentence."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


class Sorted(Struct, frozen=True, kw_only=True):
    """Settings that anybody may read, and those that nobody may."""

    settings: dict[str, str]
    secrets: dict[str, str]


def sorted_settings(
    fields: Sequence[Field], given: Mapping[str, str], kept: Mapping[str, str]
) -> Sorted:
    """Check the settings one by one; `kept` are the secrets that stand already. Raises Flaw."""
    strange = set(given) - {one.name for one in fields}
    if strange:
        name = min(strange)[:40]
        raise Flaw(name, f"{name} is no setting of it.")
    found = Sorted(settings={}, secrets={})
    for one in fields:
        is_secret = one.type is FieldType.SECRET
        text = cleaned(given.get(one.name, ""))
        text = text or (kept.get(one.name, "") if is_secret else one.default)
        why = _flaw(one, text)
        if why:
            raise Flaw(one.name, why)
        (found.secrets if is_secret else found.settings)[one.name] = text
    return found


def cleaned(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _flaw(one: Field, text: str) -> str:
    if not text:
        return f"{one.label} is needed." if one.required else ""
    longest = MOST_LINES if one.type is FieldType.LINES else MOST_LINE
    if len(text) > longest:
        return f"{one.label} has more than {longest} characters."
    if one.type is not FieldType.LINES and "\n" in text:
        return f"{one.label} is one line."
    return _shape_flaw(one, text)


def _shape_flaw(one: Field, text: str) -> str:
    if one.type in _WHOLE and not _is_whole(text):
        return f"{one.label} is a whole number."
    if one.type is FieldType.DECIMAL and number(text) is None:
        return f"{one.label} is a number."
    if one.type is FieldType.DURATION and not lengths.read(text):
        return f"{one.label} is a time such as 90s, 5m, 1h 30m or 2d."
    if one.type is FieldType.CHOICE and text not in {value for value, _ in one.choices}:
        return f"“{one.label}” is one of {', '.join(value for value, _ in one.choices)}."
    return _url_flaw(one, text) if one.type is FieldType.URL else ""


def number(text: str) -> float | None:
    """The number that a text is; None for anything else, infinities too."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 15  # noqa: PLR2004 - fits any column


def _url_flaw(one: Field, text: str) -> str:
    if not text.startswith(("http://", "https://")):
        return f"{one.label} starts with http:// or https://."
    try:
        parts = urlsplit(text)
        is_one = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_one = False
    if not is_one or not text.isprintable() or " " in text:
        return f"{one.label} is no address."
    return ""
