"""Reading what tools send: lenient with form, strict with what may reach the database."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

_DEPTH: Final = 16
_ITEMS: Final = 500
_TEXT: Final = 10_000
_MILLISECONDS: Final = 1e11
_ZONE: Final = re.compile(r"\s+(?:(UTC|Z)|([+-]\d{2}):?(\d{2}))$")


class Unreadable(ValueError):
    """The body is not what this format sends; the message says why."""


class Sent:
    """One object of a sender. What is missing, or of another type, reads as empty."""

    def __init__(self, value: object) -> None:
        self._fields: Mapping[str, Any] = value if isinstance(value, dict) else {}

    def __bool__(self) -> bool:
        return bool(self._fields)

    def part(self, name: str) -> "Sent":
        return Sent(self._fields.get(name))

    def parts(self, name: str) -> list["Sent"]:
        """The objects of a list."""
        found = self._fields.get(name)
        return [Sent(one) for one in found[:_ITEMS]] if isinstance(found, list) else []

    def text(self, *names: str, limit: int = 1024) -> str:
        """The first of these fields that has content, as text that PostgreSQL can store."""
        for name in names:
            value = self._fields.get(name)
            if isinstance(value, str) and value.strip():
                return storable(value).strip()[:limit]
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                return str(value)[:limit]
        return ""

    def flag(self, name: str) -> bool:
        value = self._fields.get(name)
        return value is True or (isinstance(value, str) and value.lower() in {"true", "yes", "1"})

    def moment(self, *names: str) -> datetime | None:
        """The first of these fields that is a time, aware UTC."""
        found = (moment(self._fields.get(name)) for name in names)
        return next((at for at in found if at is not None), None)

    def tree(self, name: str = "") -> dict[str, Any]:
        """A field, or all, as an object that PostgreSQL can store; {} for anything else."""
        cleaned = _cleaned(self._fields.get(name) if name else dict(self._fields), 0)
        return cleaned if isinstance(cleaned, dict) else {}

    def names(self) -> list[str]:
        return list(self._fields)


def sent(body: bytes) -> Sent:
    """The object in a body. Raises `Unreadable`."""
    found = sent_objects(body)
    if len(found) != 1:
        raise Unreadable("The body must be one JSON object.")
    return found[0]


def sent_objects(body: bytes) -> list[Sent]:
    """The object, or the objects of the list, in a body. Raises `Unreadable`."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"The body is not JSON: {str(error)[:200]}") from error
    given = value if isinstance(value, list) else [value]
    if not given or len(given) > _ITEMS or not all(isinstance(one, dict) for one in given):
        raise Unreadable("The body must be a JSON object, or a list of some.")
    return [Sent(one) for one in given]


def moment(value: object) -> datetime | None:
    """A time as aware UTC; None for what is none, and for the zero time of Go programs.

    Takes RFC 3339, what GitLab writes ("2027-01-31 14:00:00 +0100", "... UTC"), and seconds or
    milliseconds since 1970; a time without a zone is taken as UTC.
    """
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            seconds = value / 1000 if value > _MILLISECONDS else value
            return datetime.fromtimestamp(seconds, UTC)
        if not isinstance(value, str) or not value.strip():
            return None
        at = datetime.fromisoformat(_ZONE.sub(_zone, value.strip()))
        at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        return None if at.year == 1 else at.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def storable(text: str) -> str:
    """The text without NUL and lone surrogates, which PostgreSQL cannot store."""
    plain = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return plain.encode(errors="replace").decode()


def _zone(found: re.Match[str]) -> str:
    return "+00:00" if found[1] else f"{found[2]}:{found[3]}"


def _cleaned(value: object, depth: int) -> Any:  # noqa: ANN401 - any JSON value
    if depth > _DEPTH:
        return "…"
    if isinstance(value, dict):
        pairs = list(value.items())[:_ITEMS]
        return {storable(str(name)): _cleaned(part, depth + 1) for name, part in pairs}
    if isinstance(value, list):
        return [_cleaned(part, depth + 1) for part in value[:_ITEMS]]
    return storable(value)[:_TEXT] if isinstance(value, str) else value
