"""Secrets: encrypted at rest with a key outside the database; tokens kept only as hashes.

Keys come from ``EVENFALL_SECRET_KEY`` (the first encrypts, all of a comma-separated list decrypt,
so that a key can be rotated). Tokens carry 256 random bits, so a plain SHA-256 is a safe hash.
"""

import base64
import hashlib
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, override

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core import signing
from django.db import models

from evenfall.platform.errors import DomainError

if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField  # takes no parameters when it runs


class SecretUnreadable(DomainError):
    """A stored secret cannot be decrypted. Start with the EVENFALL_SECRET_KEY it was made with."""

    code = "platform.secret_unreadable"
    status = 500


class BadSignature(DomainError):
    """This link is not valid or no longer valid. Ask for a new one."""

    code = "platform.bad_signature"
    status = 400


def encrypt(plain: str) -> str:
    return _fernet(settings.EVENFALL.secret_keys).encrypt(plain.encode()).decode()


def decrypt(stored: str) -> str:
    """Return the plain text; raises SecretUnreadable where no key fits."""
    try:
        return _fernet(settings.EVENFALL.secret_keys).decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadable from error


def new_token(prefix: str) -> str:
    """Return a fresh secret of 256 random bits behind a prefix that scanners can recognise."""
    return prefix + secrets.token_urlsafe(32)


def new_key(length: int = 32) -> str:
    """Return a fresh secret of letters and digits only, for senders that take nothing else.

    It has 32 of them unless told otherwise: 190 bits, and what PagerDuty's senders insist on.
    """
    letters = "".join(char for char in new_token("") + new_token("") if char.isalnum())
    return letters[:length]


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def sign(value: Any, *, purpose: str, now: datetime, valid_for: timedelta) -> str:  # noqa: ANN401 - any JSON value
    """Return a URL-safe signed value that expires."""
    payload = {"v": value, "until": int((now + valid_for).timestamp())}
    return _signer(settings.SECRET_KEY, f"evenfall.{purpose}").sign_object(payload)


def unsign(token: str, *, purpose: str, now: datetime) -> Any:  # noqa: ANN401 - any JSON value
    """Return what was signed for the same purpose; raises BadSignature."""
    try:
        payload = signing.loads(token, salt=f"evenfall.{purpose}")
    except signing.BadSignature as error:
        raise BadSignature from error
    if now.timestamp() > payload["until"]:
        raise BadSignature
    return payload["v"]


class EncryptedField(_Text):
    """Text that is encrypted in the database and plain in Python. Cannot be searched."""

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return None if value is None else decrypt(value)

    @override
    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt(str(value))


@lru_cache(maxsize=16)
def _signer(key: str, salt: str) -> signing.TimestampSigner:
    """As `signing.dumps` makes one for each call: a notice carries four signatures."""
    return signing.TimestampSigner(key=key, salt=salt)


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"evenfall at rest")
    return base64.urlsafe_b64encode(derived.derive(key.encode()))
