"""Proof that a request comes from Slack: version 0 of its signatures."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

MOST_AGE: Final = timedelta(minutes=5)


def is_genuine(body: bytes, *, secret: str, timestamp: str, signature: str, now: datetime) -> bool:
    """Whether the body was signed with this secret, within the last five minutes."""
    if not secret or not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:  # noqa: PLR2004 - no timestamp is longer
        return False
    if abs(now.timestamp() - int(timestamp)) > MOST_AGE.total_seconds():
        return False
    wanted = sign(body, secret=secret, timestamp=timestamp)
    return hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace"))


def sign(body: bytes, *, secret: str, timestamp: str) -> str:
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
