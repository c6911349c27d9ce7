"""The token (JWT, RS256) with which we speak for an application: the Voice API wants one."""

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

LIFETIME: Final = timedelta(minutes=5)


class KeyUnreadableError(ValueError):
    """The text is not an RSA private key in PEM."""


def bearer(application_id: str, private_key: str, *, now: datetime) -> str:
    """The Authorization header for one request. Raises KeyUnreadableError."""
    claims = {
        "application_id": application_id,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "jti": secrets.token_hex(16),
    }
    signed = f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part(claims)}"
    signature = read_key(private_key).sign(signed.encode(), PKCS1v15(), SHA256())
    return f"Bearer {signed}.{_encoded(signature)}"


def read_key(text: str) -> RSAPrivateKey:
    """The key in the file that Vonage made. Raises KeyUnreadableError."""
    try:
        key = load_pem_private_key(text.strip().encode(), password=None)
    except (ValueError, TypeError) as error:
        raise KeyUnreadableError from error
    if not isinstance(key, RSAPrivateKey):
        raise KeyUnreadableError
    return key


def _part(value: Mapping[str, Any]) -> str:
    return _encoded(msgspec.json.encode(value))


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
