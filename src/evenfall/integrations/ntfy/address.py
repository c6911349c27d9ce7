"""The address of a topic, and what opens it."""

import base64
import re
from typing import Final
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from evenfall.notifications.errors import AddressNotUsable
from evenfall.notifications.ports import web_address

_TOPIC: Final = re.compile(r"(/[^/]+)*/[-_A-Za-z0-9]{1,64}/?")


class Topic(Struct, frozen=True, kw_only=True):
    """`server` is its address without a slash at the end."""

    server: str
    name: str


def split(address: str, secret: str) -> tuple[str, str]:
    """The address without what opens it, and what opens it. Raises AddressNotUsable."""
    parts = urlsplit(web_address(address))
    if not _TOPIC.fullmatch(parts.path) or parts.query or parts.fragment:
        raise AddressNotUsable(
            reason="it must be the address of a topic, such as https://ntfy.sh/a-long-word.",
            field="address",
        )
    before, _, host = parts.netloc.rpartition("@")
    opens = secret or unquote(before).removeprefix(":")
    if not opens.isascii() or not opens.isprintable():
        raise AddressNotUsable(reason="a token has only plain letters and digits.", field="secret")
    return f"{parts.scheme}://{host}{parts.path.rstrip('/')}", opens


def topic_of(address: str) -> Topic:
    """Read an address that `split` made."""
    server, _, name = address.rpartition("/")
    return Topic(server=server, name=name)


def authorization(secret: str) -> dict[str, str]:
    """The header for a token, or for user:password; none for an open topic."""
    if not secret:
        return {}
    if ":" in secret:
        return {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}
    return {"Authorization": f"Bearer {secret}"}
