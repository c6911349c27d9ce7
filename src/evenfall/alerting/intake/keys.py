"""Which integration a key belongs to, answered from memory.

Only hashes are loaded. The table is loaded again whenever an integration changes and every few
seconds anyway, by `upkeep`.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from evenfall.alerting.intake import arrays

# keys seen lately, so that each needs hashing once; bounded, since anybody can send anything
_REMEMBERED = 10_000
_LONGEST_KEY = 200


class Sender(Struct, frozen=True):
    """An integration as the front door knows it; `packed` is its id as an array element."""

    id: int
    packed: bytes
    until: datetime | None = None


class KeyTable:
    """All valid keys. `find` may be asked with any text."""

    def __init__(self) -> None:
        self._by_hash: Mapping[bytes, Sender] = {}
        self._by_key: dict[str, Sender] = {}
        self.loaded = asyncio.Event()

    def load(self, rows: Mapping[bytes, tuple[int, datetime | None]]) -> None:
        """Replace the table: hash of key -> (integration id, valid until)."""
        self._by_hash = {
            key_hash: Sender(number, arrays.bigint(number), until)
            for key_hash, (number, until) in rows.items()
        }
        self._by_key.clear()
        self.loaded.set()

    def find(self, key: str, now: datetime) -> Sender | None:
        """Return whose key this is; None if nobody's, or no longer."""
        sender = self._by_key.get(key) or self._look_up(key)
        if sender is None or sender.until is None or now < sender.until:
            return sender
        return None

    def _look_up(self, key: str) -> Sender | None:
        if len(key) > _LONGEST_KEY:
            return None
        digest = hashlib.sha256(key.encode(errors="replace")).digest()
        sender = self._by_hash.get(digest)
        if sender is not None:
            if len(self._by_key) >= _REMEMBERED:
                self._by_key.clear()
            self._by_key[key] = sender
        return sender
