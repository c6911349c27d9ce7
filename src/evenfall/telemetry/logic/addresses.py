"""Addresses and credentials of a server."""

import base64
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

MOST_URL = 500
_PLAIN = re.compile(r"[\x21-\x7e]*")


class Unclear(ValueError):
    """An address or a credential cannot be used; `field` names it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def clean_url(text: str) -> str:
    """Return the address without a slash at its end; raises Unclear."""
    url = text.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port  # raises for one that is none
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in ("http", "https") or not host or len(url) > MOST_URL:
        reason = "Give its address, such as https://prometheus.example.org."
        raise Unclear("url", reason)
    if parts.username or parts.password or parts.query or parts.fragment:
        reason = "No user name, ? or # in the address: there are fields for credentials."
        raise Unclear("url", reason)
    return url


def check_secret_is_safe(url: str, *, may_be_plain: Callable[[str], bool]) -> None:
    """Raise Unclear where a secret would go out unencrypted.

    `may_be_plain` says of a host whether it is in a network of one's own.
    """
    parts = urlsplit(url)
    if parts.scheme == "http" and not may_be_plain(parts.hostname or ""):
        reason = "Only https outside of your own network: the secret could be read on its way."
        raise Unclear("url", reason)


def headers_of(*, user_name: str, secret: str, tenant: str) -> Mapping[str, str]:
    """What is sent along so that the server lets us in."""
    headers = {"X-Scope-OrgID": tenant} if tenant else {}
    if user_name:
        pair = base64.b64encode(f"{user_name}:{secret}".encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    elif secret:
        headers["Authorization"] = f"Bearer {secret}"
    return headers


def check_plain(field: str, text: str) -> str:
    """Return a text that may stand in a header; raises Unclear."""
    if not _PLAIN.fullmatch(text):
        reason = "Letters, digits and signs of ASCII only, without blanks."
        raise Unclear(field, reason)
    return text
