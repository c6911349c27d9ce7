"""The signature of a web hook (Standard Webhooks, version 1)."""

import base64
import hmac
from datetime import datetime
from hashlib import sha256
from typing import Final

PREFIX: Final = "whsec_"


def signed_headers(body: bytes, *, message_id: str, secret: str, at: datetime) -> dict[str, str]:
    """The three headers that let the receiver check who sent `body`, and when."""
    timestamp = str(int(at.timestamp()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature(body, message_id, timestamp, secret)}",
    }


def signature(body: bytes, message_id: str, timestamp: str, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
