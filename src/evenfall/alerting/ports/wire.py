"""Reading what tools send: lenient with form, strict with what may reach the database.

Senders are programs in every language, some of them broken. Whatever they send, these functions
raise `Unreadable` or nothing, and return text without NUL and lone surrogates, which PostgreSQL
cannot store.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from evenfall.alerting.logic.updates import Severity

KEY_LENGTH = 255
_DEPTH = 32
_ITEMS = 2000
_NANOSECONDS = 1e17
_MILLISECONDS = 1e11
_decoder = msgspec.json.Decoder()
# what a decoder raises on hostile input, next to msgspec's own errors
UNDECODABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class Unreadable(ValueError):
    """The text cannot be read as what it should be; the message says why."""


def load(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON value of a body.

    Invalid UTF-8, half surrogates and numbers out of range are replaced rather than refused, as
    the Go programs do whose place we take.
    """
    try:
        return _decoder.decode(body)
    except UNDECODABLE as error:
        return _load_leniently(body, str(error))


def _load_leniently(body: bytes, problem: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(
            body.decode("utf-8-sig", "replace"),
            parse_int=_integer,
            parse_float=_number,
            parse_constant=str,
        )
    except (ValueError, RecursionError):
        raise Unreadable(f"The body is not JSON: {problem}") from None


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < 300 else digits  # noqa: PLR2004 - longer ones stay text


def _number(digits: str) -> float | str:
    value = float(digits)
    return value if math.isfinite(value) else digits


def fields(value: object) -> Mapping[str, Any]:
    """Return an object's fields, none for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def text(value: object, limit: int | None = None) -> str:
    """Return any JSON value as text that PostgreSQL can store, cut to `limit` characters."""
    if isinstance(value, str) and value.isascii() and "\0" not in value:
        return value[:limit]  # nearly always, and asked twenty times for each alert
    if value is None:
        return ""
    if not isinstance(value, str):
        value = _as_json(value)
    return _storable(value)[:limit]


def _as_json(value: object) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except (*UNDECODABLE, TypeError, ValueError, OverflowError):
        return "…"


def _storable(value: str) -> str:
    if value.isascii() and "\0" not in value:
        return value
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()


def texts(value: object) -> dict[str, str]:
    """Return an object as a map of texts."""
    return {text(name): text(part) for name, part in fields(value).items()}


def tree(value: object, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value that PostgreSQL can store: clean texts, finite numbers, bounded depth."""
    if depth > _DEPTH:
        return "…"
    if isinstance(value, dict):
        return {text(name): tree(part, depth + 1) for name, part in list(value.items())[:_ITEMS]}
    if isinstance(value, list):
        return [tree(part, depth + 1) for part in value[:_ITEMS]]
    return _storable(value) if isinstance(value, str) else value


def details(value: object) -> dict[str, Any]:
    """Return free-form details as an object; some senders give a text or a list instead."""
    if value is None or value == "":
        return {}
    cleaned = tree(value)
    return cleaned if isinstance(cleaned, dict) else {"details": cleaned}


def moment(value: object) -> datetime | None:
    """Return a time as aware UTC; None for nothing and for the zero time of Go programs.

    Takes RFC 3339 and seconds, milliseconds or nanoseconds since 1970; a time without a zone is
    taken as UTC. Raises Unreadable.
    """
    if value is None or value == "":
        return None
    try:
        at = _since_1970(value) if isinstance(value, (int, float)) else _rfc3339(str(value))
        return None if at.year == 1 else at.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable(f"{text(value, 60)!r} is not a time like 2027-01-31T14:00:00Z") from None


def _since_1970(value: float) -> datetime:
    if value > _NANOSECONDS:
        value /= 1e9
    elif value > _MILLISECONDS:
        value /= 1e3
    return datetime.fromtimestamp(value, UTC)


def _rfc3339(value: str) -> datetime:
    at = datetime.fromisoformat(value.strip())
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def lenient_moment(value: object) -> datetime | None:
    """Return a time as `moment` does, None where it cannot be read."""
    try:
        return moment(value)
    except Unreadable:
        return None


_SEVERITIES = {
    Severity.CRITICAL: "critical crit page emergency emerg fatal disaster blocker p1 sev1 sev0",
    Severity.ERROR: "error err high major severe alert p2 sev2",
    Severity.WARNING: "warning warn medium average moderate minor p3 sev3",
    Severity.INFO: "info information informational low notice none debug ok p4 p5 sev4 sev5",
}
_SEVERITY_OF = {word: severity for severity, words in _SEVERITIES.items() for word in words.split()}


def severity(*candidates: object) -> Severity | None:
    """Return the severity meant by the first candidate that is one of the usual words."""
    for word in candidates:
        found = _SEVERITY_OF.get(text(word, 40).strip().lower())
        if found is not None:
            return found
    return None


def first(source: Mapping[str, Any], names: Iterable[str]) -> Any:  # noqa: ANN401 - any JSON value
    """Return the first of these fields that has content."""
    for name in names:
        value = source.get(name)
        if value not in (None, "", [], {}):
            return value
    return None


def environment(labels: Mapping[str, Any]) -> str | None:
    """Return the environment that the labels name, as the sender spells it."""
    found = first(labels, ("environment", "env", "deployment_environment"))
    return None if found is None else text(found, 40)


def derived_key(*parts: object) -> str:
    """Return a dedup key of 40 hexadecimal digits for whatever names the alert."""
    named = "\N{UNIT SEPARATOR}".join(text(part) for part in parts)
    return hashlib.blake2b(named.encode(), digest_size=20).hexdigest()


def label_key(labels: Mapping[str, str]) -> str:
    """Return the dedup key of a label set: order and empty labels do not matter."""
    return derived_key(*(part for pair in sorted(labels.items()) if pair[1] for part in pair))


def one_time_key(body: bytes, received_at: datetime) -> str:
    """Return the dedup key of an event that names no alert: each one is its own alert."""
    return hashlib.blake2b(body, digest_size=16, key=received_at.isoformat().encode()).hexdigest()
