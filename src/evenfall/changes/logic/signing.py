"""Whether a body was signed by somebody who knows a secret: digests as webhooks send them."""

import base64
import binascii
import hashlib
import hmac
from typing import Final

_ALGORITHMS: Final = {"sha256", "sha384", "sha512"}


def has_digest(given: str, body: bytes, secret: str) -> bool:
    """Whether `given` ("sha256=<hexadecimal>") is the HMAC of the body.

    SHA-1 is refused, which old senders use. Takes the same time whatever is wrong.
    """
    algorithm, equals, digest = given.strip().partition("=")
    if not equals or algorithm not in _ALGORITHMS or not secret:
        return False
    expected = hmac.new(secret.encode(), body, getattr(hashlib, algorithm)).hexdigest()
    return hmac.compare_digest(expected.encode(), digest.lower().encode(errors="replace"))


def is_secret(given: str, secret: str) -> bool:
    """Whether a header carries the secret itself."""
    return bool(secret) and hmac.compare_digest(secret.encode(), given.encode(errors="replace"))


def has_standard_signature(given: str, *, number: str, at: str, body: bytes, secret: str) -> bool:
    """Whether one of the signatures ("v1,<base64>", separated by spaces) is right.

    As the Standard Webhooks specification has it: HMAC with SHA-256 over "<id>.<time>.<body>". A
    secret that begins with "whsec_" is base64 behind it; any other is taken as it is. How old the
    time may be is for the caller to say.
    """
    if not secret:
        return False
    signed = f"{number}.{at}.".encode(errors="replace") + body
    expected = base64.b64encode(hmac.digest(_key(secret), signed, "sha256"))
    found = [
        hmac.compare_digest(expected, one.removeprefix("v1,").encode(errors="replace"))
        for one in given.split()
        if one.startswith("v1,")
    ]
    return any(found)


def _key(secret: str) -> bytes:
    if not secret.startswith("whsec_"):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        return secret.encode()
