"""What the device receives, and how it is hidden from everybody else."""

import base64
from typing import Final

import http_ece
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from evenfall.notifications.ports import Message

MOST_BYTES: Final = 3900  # push services take 4,096, encryption included
_BODY_LIMITS: Final = (1200, 400, 100)  # characters; one can take six bytes in JSON
MOST_ACTIONS: Final = 2  # what browsers show


class Subscription(msgspec.Struct, frozen=True):
    """The keys of a browser, in unpadded base64url."""

    p256dh: str
    auth: str


def payload_of(message: Message) -> bytes:
    """The JSON that the service worker reads, cut so that push services take it."""
    if message.purpose == "check":
        return msgspec.json.encode(_silent(message, check=message.respond_url))
    if message.purpose == "close":
        return msgspec.json.encode(_silent(message, closed=True, badge=message.badge))
    body = "\n".join(message.content.lines)
    for limit in _BODY_LIMITS:
        payload = msgspec.json.encode(_fields(message, _cut(body, limit)))
        if len(payload) <= MOST_BYTES:
            return payload
    return msgspec.json.encode(_fields(message, ""))


def _silent(message: Message, **about: object) -> dict[str, object]:
    """What a device does without its owner; the words are for those that must show something."""
    content = message.content
    return {
        "title": _cut(content.title, 200),
        "body": _cut("\n".join(content.lines), 200),
        "url": content.url,
        "tag": content.tag,
        "urgency": message.urgency.value,
        **about,
    }


def _fields(message: Message, body: str) -> dict[str, object]:
    return {
        "title": _cut(message.content.title, 200),
        "body": body,
        "url": message.content.url,
        "tag": message.content.tag,
        "urgency": message.urgency.value,
        "actions": [
            {"action": action.name, "title": action.label}
            for action in message.content.actions[:MOST_ACTIONS]
        ],
        "respond_url": message.respond_url,
        **({} if message.badge is None else {"badge": message.badge}),
    }


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


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
