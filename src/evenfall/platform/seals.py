"""Short proofs for where a signed link is too long: the local part of a mail address.

A seal is 26 letters and digits, all lower case, that only this installation can have made (130
bits of an HMAC with SHA-256). Capital letters in what comes back mean nothing.
"""

import base64
import hashlib
import hmac

from django.conf import settings

_LENGTH = 26


def seal(text: str, *, purpose: str) -> str:
    """The seal of a text, with the key that is used now."""
    return _seal(settings.EVENFALL.secret_keys[0], text, purpose)


def is_sealed(text: str, given: str, *, purpose: str) -> bool:
    """Whether a seal belongs to the text and purpose, with any key that is still known."""
    asked = given.lower().encode()
    fitting = [
        hmac.compare_digest(_seal(key, text, purpose).encode(), asked)
        for key in settings.EVENFALL.secret_keys
    ]
    return any(fitting)


def _seal(key: str, text: str, purpose: str) -> str:
    derived = hashlib.sha256(f"evenfall seal\0{purpose}\0{key}".encode()).digest()
    digest = hmac.digest(derived, text.encode(), "sha256")
    return base64.b32encode(digest).decode().lower()[:_LENGTH]
