"""The signature of Vonage's requests to us: a token (JWT, HS256) that knows the body's hash.

The token comes in the Authorization header. It does not cover the address, so nothing in the
address may be trusted: what a report is about stands in its body.
"""

import base64
import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import msgspec
from django.http import HttpRequest

from evenfall.notifications.ports import Account

WINDOW: Final = timedelta(minutes=5)  # how far a token's time may be from ours
_PARTS: Final = 3


def is_signed(request: HttpRequest, account: Account, *, now: datetime) -> bool:
    """Whether Vonage sent this body for this account, not long ago. Compares in constant time."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return False
    claims = read_token(token.strip(), secret=account.values["signature_secret"])
    if claims is None or str(claims.get("api_key", "")) != account.values["api_key"]:
        return False
    return _is_recent(claims, now) and _is_of_body(claims, request.body)


def read_token(token: str, *, secret: str) -> dict[str, Any] | None:
    """The claims of a token that is signed with this secret; None for any other."""
    parts = token.split(".")
    if len(parts) != _PARTS or not secret:
        return None
    try:
        header = msgspec.json.decode(_decoded(parts[0]), type=dict[str, Any])
        given = _decoded(parts[2])
        claims = msgspec.json.decode(_decoded(parts[1]), type=dict[str, Any])
    except (ValueError, msgspec.DecodeError):
        return None
    signed = f"{parts[0]}.{parts[1]}".encode()
    expected = hmac.new(secret.encode(), signed, sha256).digest()
    is_right = header.get("alg") == "HS256" and hmac.compare_digest(expected, given)
    return claims if is_right else None


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _is_recent(claims: dict[str, Any], now: datetime) -> bool:
    issued = claims.get("iat")
    return isinstance(issued, int | float) and abs(now.timestamp() - issued) <= WINDOW.seconds


def _is_of_body(claims: dict[str, Any], body: bytes) -> bool:
    """A token without a hash comes with requests that have no body."""
    given = claims.get("payload_hash")
    if given is None:
        return not body
    return hmac.compare_digest(str(given).encode(), sha256(body).hexdigest().encode())
