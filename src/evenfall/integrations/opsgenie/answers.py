"""The words of Opsgenie's Alert API."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec

from evenfall.alerting.ports import Answer, Refusal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIELD = re.compile(r"([a-z]\w*): (.+)", re.IGNORECASE | re.DOTALL)
NOT_PROCESSABLE = "Request body is not processable. Please check the errors."
_REFUSED = {
    Refusal.INVALID: (422, NOT_PROCESSABLE),
    Refusal.KEY_MISSING: (401, "API Key is missing. Send 'Authorization: GenieKey <key>'."),
    Refusal.KEY_UNKNOWN: (401, "Could not authenticate. No integration has this key."),
    Refusal.TOO_LARGE: (413, "Request body is larger than 512000 bytes."),
    Refusal.OVERLOADED: (503, "Too much at once. Send the same request again."),
}


def accepted(request_id: str) -> Answer:
    return Answer(202, _json({"result": "Request will be processed"} | tail(request_id)))


def refused(refusal: Refusal, errors: tuple[str, ...], request_id: str = "") -> Answer:
    status, message = _REFUSED[refusal]
    body: dict[str, Any] = {"message": message}
    if errors:
        body["errors"] = dict(map(_error, errors))
    return Answer(status, _json(body | tail(request_id)))


def _error(text: str) -> tuple[str, str]:
    """Sort "message: It is empty." under the field that it is about."""
    found = _FIELD.fullmatch(text)
    return (found[1], found[2]) if found else ("body", text)


def tail(request_id: str = "") -> dict[str, Any]:
    """Return what stands at the end of every answer."""
    return {"took": 0.001, "requestId": request_id or str(UUID(int=0))}


def request_id(stored: bytes, received_at: datetime) -> str:
    """Return the id by which a sender can ask what became of its request.

    It is the moment, to the microsecond, and a digest: enough to find the stored signal again, so
    that no list of requests has to be kept.
    """
    moment = (received_at - _EPOCH) // timedelta(microseconds=1)
    return str(UUID(bytes=moment.to_bytes(8, "big", signed=True) + _digest(stored)))


def moment_of(asked: UUID) -> datetime | None:
    """Return when the request of this id came; None where it is none of ours."""
    try:
        return _EPOCH + timedelta(microseconds=int.from_bytes(asked.bytes[:8], "big", signed=True))
    except OverflowError:
        return None


def is_of(asked: UUID, stored: bytes) -> bool:
    return asked.bytes[8:] == _digest(stored)


def _digest(stored: bytes) -> bytes:
    return blake2b(stored, digest_size=8).digest()


def alert_uuid(alert_id: int) -> str:
    """Return our number of an alert as the id that clients expect: an opaque UUID."""
    return str(UUID(int=alert_id))


def alert_number(given: str, kind: str) -> int | None:
    """Return the alert's number from an identifier of type id or tiny; None where it is none."""
    try:
        number = UUID(given).int if kind == "id" else int(given[:20])
    except ValueError:
        return None
    return number if 0 < number < 2**63 else None


def _json(value: object) -> bytes:
    return msgspec.json.encode(value)
