"""The kind of contact method: the user key of somebody's Pushover account."""

import re
from typing import Final, Literal

from evenfall.notifications.adapters import ProviderChannel
from evenfall.notifications.errors import AddressNotUsable
from evenfall.notifications.ports import AddressField

KIND: Final = "pushover"
_KEY: Final = re.compile(r"[A-Za-z0-9]{30}")


class PushoverChannel(ProviderChannel):
    """Its messages can be taken back while they ring."""

    closes: Literal[True] = True

    def __init__(self) -> None:
        super().__init__(
            kind=KIND,
            label="Pushover",
            address_field=AddressField(
                label="User key",
                help="30 letters and digits, at the top of the page after you sign in there.",
                icon="push",
                guide="pushover.md",
            ),
            read_address=read_key,
        )


def read_key(text: str) -> str:
    """A user or group key. Raises AddressNotUsable; whether it exists is asked when it is used."""
    key = text.strip()
    if not _KEY.fullmatch(key):
        raise AddressNotUsable(
            reason="a user key has exactly 30 letters and digits.", field="address"
        )
    return key
