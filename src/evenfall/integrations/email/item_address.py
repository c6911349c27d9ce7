"""The address that a reporter answers to: ``item+<item>-<seal>@in.example.org``.

The number of the item in hexadecimal and a seal over it. Who can write to the address may add a
word to this item, as long as the address that it was reported to is open. Short and without capital
letters, as mail servers want it.
"""

import re
from typing import Final

from evenfall.platform.mail_in import address_of
from evenfall.platform.seals import is_sealed, seal

_PURPOSE: Final = "mail about an item"
_FORM: Final = re.compile(r"item\+([0-9a-f]{1,15})-([a-z2-7]{26})", re.IGNORECASE)


def item_address(item_id: int) -> str:
    """Where the reporter of this item writes to, "" while no mail comes in."""
    return address_of(f"item+{item_id:x}-{seal(str(item_id), purpose=_PURPOSE)}")


def is_item_word(word: str) -> bool:
    """Whether a word of an address claims to be about an item."""
    return word.lower().startswith("item+")


def item_of(word: str) -> int | None:
    """The item that this word of an address is about; None for a false one."""
    found = _FORM.fullmatch(word)
    if found is None:
        return None
    item_id = int(found[1], 16)
    return item_id if is_sealed(str(item_id), found[2], purpose=_PURPOSE) else None
