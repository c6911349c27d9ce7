"""What the device receives, and how it is hidden from everybody else."""

import base64
from typing import Final

import http_ece
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from evenfall.notifications.ports import Message

LONGEST_BODY: Final = 1200  # push services take 4,096 bytes, encryption and links included
MOST_ACTIONS: Final = 2  # what browsers show


class Subscription(msgspec.Struct, frozen=True):
    """The keys of a browser, in unpadded base64url."""

    p256dh: str
    auth: str


def payload_of(message: Message) -> bytes:
    """The JSON that the service worker reads."""
    body = "\n".join(message.content.lines)
    return msgspec.json.encode(
        {
            "title": message.content.title[:200],
            "body": body if len(body) <= LONGEST_BODY else body[: LONGEST_BODY - 1] + "…",
            "url": message.content.url,
            "tag": message.content.tag,
            "urgency": message.urgency.value,
            "actions": [
                {"action": action.name, "title": action.label}
                for action in message.content.actions[:MOST_ACTIONS]
            ],
            "respond_url": message.respond_url,
        }
    )


def encrypted(payload: bytes, subscription: Subscription) -> bytes:
    """The payload in aes128gcm (RFC 8188), readable by this browser only."""
    sealed: bytes = http_ece.encrypt(
        payload,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_raw(subscription.p256dh),
        auth_secret=_raw(subscription.auth),
        version="aes128gcm",
    )
    return sealed


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
