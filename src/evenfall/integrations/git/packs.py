"""The objects of a pack, in memory, with limits on what a small pack may unfold to."""

from collections import defaultdict
from hashlib import sha1
from io import SEEK_CUR, BytesIO
from typing import Final

from dulwich.pack import DELTA_TYPES, apply_delta, read_pack_header, unpack_object
from msgspec import Struct

from evenfall.runbooks.errors import RepositoryUnreadable

MOST_UNPACKED: Final = 100_000_000
MOST_OBJECTS: Final = 50_000
_NAMES: Final = {1: b"commit", 2: b"tree", 3: b"blob", 4: b"tag"}

type Place = int | bytes
"""Where the base of a delta is: its offset in the pack, or its binary id."""


class Item(Struct, frozen=True):
    """An object; `type` is Git's number of it."""

    type: int
    content: bytes


class Pack:
    """Reads a pack at once; `items` are by hexadecimal id. Sizes are looked at before unfolding.

    Raises `RepositoryUnreadable` where it is too large, and what dulwich raises where it is none.
    """

    def __init__(self, pack: bytes, *, most: int = MOST_UNPACKED) -> None:
        self.items: dict[bytes, Item] = {}
        self._by_place: dict[Place, Item] = {}
        self._waiting: dict[Place, list[tuple[int, bytes]]] = defaultdict(list)
        self._most = self._left = most
        self._read(pack)

    def _read(self, pack: bytes) -> None:
        source = BytesIO(pack)
        _, count = read_pack_header(source.read)
        if count > MOST_OBJECTS:
            raise RepositoryUnreadable(
                reason=f"The newest commit has more than {MOST_OBJECTS:,} files and folders."
            )
        for _ in range(count):
            place = source.tell()
            self._spend(_declared(pack, place))
            found, unused = unpack_object(source.read, sha1)
            source.seek(-len(unused), SEEK_CUR)
            content = b"".join(found.decomp_chunks)
            if found.pack_type_num not in DELTA_TYPES:
                self._add(place, Item(found.pack_type_num, content))
                continue
            base = found.delta_base
            self._wait(place - base if isinstance(base, int) else base, place, content)

    def _wait(self, base: Place | None, place: int, delta: bytes) -> None:
        if base is None:
            raise ValueError("a delta of nothing")
        known = self._by_place.get(base)
        if known is None:
            self._waiting[base].append((place, delta))
        else:
            self._add(place, self._applied(known, delta))

    def _add(self, place: int, item: Item) -> None:
        """Keep it, and all that waited for it; not by recursion, for chains may be long."""
        ready = [(place, item)]
        while ready:
            place, item = ready.pop()
            found = sha1(b"%s %d\0" % (_NAMES[item.type], len(item.content)) + item.content)  # noqa: S324 - how Git names things
            self.items[found.hexdigest().encode()] = item
            for key in (place, found.digest()):
                self._by_place[key] = item
                waited = self._waiting.pop(key, [])
                ready += [(child, self._applied(item, delta)) for child, delta in waited]

    def _applied(self, base: Item, delta: bytes) -> Item:
        _, at = _number(delta, 0)
        size, _ = _number(delta, at)
        self._spend(size)
        return Item(base.type, b"".join(apply_delta(base.content, delta)))

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            most = self._most // 1_000_000
            raise RepositoryUnreadable(reason=f"Unpacked, the newest commit has over {most} MB.")


def _declared(pack: bytes, at: int) -> int:
    """The size that the head of an object says; dulwich holds it to that."""
    first = pack[at]
    more = _number(pack, at + 1)[0] if first & 0x80 else 0
    return (more << 4) | (first & 0x0F)


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and where it ends."""
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not data[at - 1] & 0x80:
            return value, at
