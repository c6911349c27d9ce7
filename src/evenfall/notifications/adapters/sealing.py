"""Hiding a message from everybody but the device that it is for (RFC 8291)."""

import base64

import http_ece
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

from evenfall.notifications.ports import ChannelError


class Subscription(Struct, frozen=True):
    """The keys of a device, in unpadded base64url."""

    p256dh: str
    auth: str


def subscription_of(secret: str) -> Subscription:
    """Read the keys as they are stored. Raises ChannelError: the device must subscribe again."""
    try:
        return msgspec.json.decode(secret, type=Subscription)
    except msgspec.DecodeError as error:
        raise ChannelError(
            "the subscription of this device is damaged; enable it there again",
            permanent=True,
            address_dead=True,
        ) from error


def sealed(payload: bytes, subscription: Subscription) -> bytes:
    """The payload in aes128gcm (RFC 8188), readable by this device only."""
    hidden: bytes = http_ece.encrypt(
        payload,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_raw(subscription.p256dh),
        auth_secret=_raw(subscription.auth),
        version="aes128gcm",
    )
    return hidden


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
