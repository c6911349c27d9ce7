"""The answers of PagerDuty's Events API."""

import msgspec

from evenfall.alerting.ports import Answer, Refusal

_ADVICE = {
    Refusal.INVALID: "The event cannot be read.",
    Refusal.KEY_MISSING: "The integration key is missing.",
    Refusal.KEY_UNKNOWN: "No integration has this key, or it is switched off. Copy it again.",
    Refusal.TOO_LARGE: "The event is larger than 512000 bytes. Send less detail.",
    Refusal.OVERLOADED: "Too much at once. Send the same event again after Retry-After seconds.",
}
_STATUS = {Refusal.TOO_LARGE: 413, Refusal.OVERLOADED: 503}


def success(status: int, message: str, **extra: str) -> Answer:
    return Answer(status, _json({"status": "success", "message": message, **extra}))


def failure(refusal: Refusal, errors: tuple[str, ...]) -> Answer:
    """Return 400 with the reasons, 413 or 503; clients try again after 429 and 5xx only."""
    body = {
        "status": "invalid event" if refusal is not Refusal.OVERLOADED else "throttle exceeded",
        "message": "Event object is invalid" if errors else _ADVICE[refusal],
        "errors": list(errors) or [_ADVICE[refusal]],
    }
    return Answer(_STATUS.get(refusal, 400), _json(body))


def _json(value: object) -> bytes:
    return msgspec.json.encode(value)
