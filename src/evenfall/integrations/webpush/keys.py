"""The key pair by which push services know this installation."""

import base64
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

TOKEN_LIFETIME: Final = timedelta(hours=12)  # RFC 8292 allows 24


def new_key() -> str:
    """A fresh private key as PEM text."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


class Identity:
    """Signs requests. `contact` is where a push service can complain: a mailto: address."""

    def __init__(self, pem: str, *, contact: str) -> None:
        self._vapid = Vapid02.from_pem(pem.encode())
        self._contact = contact

    @property
    def public_key(self) -> str:
        """The key that a browser needs to subscribe, in unpadded base64url."""
        raw = self._vapid.public_key.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def authorization(self, endpoint: str, *, now: datetime) -> str:
        """The Authorization header for one push service."""
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((now + TOKEN_LIFETIME).timestamp()),
            "sub": self._contact,
        }
        header: str = self._vapid.sign(claims)["Authorization"]
        return header
