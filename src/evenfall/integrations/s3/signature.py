"""AWS Signature, version 4, for one request with its whole body in memory.

Source: Amazon S3 API Reference, "Authenticating Requests: Using the Authorization Header". The
examples of that page are tests.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlsplit

from msgspec import Struct

ALGORITHM: Final = "AWS4-HMAC-SHA256"
SERVICE: Final = "s3"
_KEPT: Final = "-_.~"


class Key(Struct, frozen=True, kw_only=True):
    """Who signs, and for which region of the service."""

    key_id: str
    secret: str
    region: str


def encoded(path: str) -> str:
    """A path as it is both sent and signed: every part in percent signs, "/" kept."""
    return quote(path, safe=f"/{_KEPT}")


def signed(
    method: str, url: str, *, headers: Mapping[str, str], body: bytes, key: Key, now: datetime
) -> dict[str, str]:
    """Return the headers to send: those given with host, time, digest of the body, signature.

    The path of `url` is `encoded` already; a query is not taken.
    """
    parts = urlsplit(url)
    at = now.astimezone(UTC)
    digest = hashlib.sha256(body).hexdigest()
    sent = {
        **headers,
        "Host": parts.netloc,
        "x-amz-content-sha256": digest,
        "x-amz-date": f"{at:%Y%m%dT%H%M%SZ}",
    }
    names, canonical = _canonical(sent)
    request = "\n".join((method, parts.path or "/", "", canonical, names, digest))
    scope = f"{at:%Y%m%d}/{key.region}/{SERVICE}/aws4_request"
    text = "\n".join((ALGORITHM, sent["x-amz-date"], scope, _sha256(request)))
    signature = _hmac(_signing_key(key, f"{at:%Y%m%d}"), text).hex()
    credential = f"Credential={key.key_id}/{scope}"
    sent["Authorization"] = (
        f"{ALGORITHM} {credential}, SignedHeaders={names}, Signature={signature}"
    )
    return sent


def _canonical(headers: Mapping[str, str]) -> tuple[str, str]:
    """The names of the headers, and the headers themselves, both as they are signed."""
    found = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    names = sorted(found)
    return ";".join(names), "".join(f"{name}:{found[name]}\n" for name in names)


def _signing_key(key: Key, day: str) -> bytes:
    step = _hmac(f"AWS4{key.secret}".encode(), day)
    for part in (key.region, SERVICE, "aws4_request"):
        step = _hmac(step, part)
    return step


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
