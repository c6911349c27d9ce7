"""From the bytes of one upload to the objects in it, each with its path for messages.

An upload is a JSON file or a zip of JSON files, holding answers of the other tool's API as they
came: lists, single objects, or envelopes around them ({"users": […]}, {"data": …}, {"results": …}).
In a zip the name of a file or folder says which collection it holds.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

MOST_BYTES = 5_000_000
MOST_UNPACKED = 30_000_000
MOST_FILES = 500
MOST_ITEMS = 20_000
MOST_DEPTH = 30
ENVELOPES = ("data", "results")
IDENTITIES = frozenset({"id", "alias", "_parent", "user_pk", "shift_start"})
_PAGE_NUMBER = re.compile(r"[-_. ]?\d*$")


class Unreadable(Exception):
    """The export is wrong at `where`, a path inside of it; `why` is a sentence for people."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where, self.why = where, why


class Item(Struct, frozen=True, kw_only=True):
    """One object of a collection. `about` is the id of what the whole answer was about, or ""."""

    collection: str
    where: str
    about: str
    value: Mapping[str, Any]

    def read[T: Struct](self, shape: type[T]) -> T:
        """The object in the given shape. Raises `Unreadable` with the path of what is wrong."""
        try:
            return msgspec.convert(self.value, shape, strict=False)
        except msgspec.ValidationError as error:
            why, _, path = str(error).partition(" - at ")
            inside = path.strip("`").removeprefix("$")
            raise Unreadable(f"{self.where}{inside}", f"{why}.") from error


class Export(Struct, frozen=True, kw_only=True):
    items: tuple[Item, ...]

    def of(self, collection: str) -> list[Item]:
        return [item for item in self.items if item.collection == collection]


def read(body: bytes, collections: Mapping[str, str]) -> Export:
    """The export in an upload. `collections` maps every name of a collection to the one we use.

    Raises `Unreadable`.
    """
    if len(body) > MOST_BYTES:
        raise Unreadable("the file", f"It is larger than {MOST_BYTES:,} bytes. Send less at once.")
    files = _unzipped(body) if body[:4] == b"PK\x03\x04" else [("", body)]
    items: list[Item] = []
    for name, content in files:
        for item in _items_of_file(name, content, collections):
            items.append(item)
            if len(items) > MOST_ITEMS:
                raise Unreadable(item.where, f"There are more than {MOST_ITEMS:,} objects.")
    if not items:
        known = ", ".join(sorted(set(collections.values())))
        raise Unreadable("the file", f"Nothing in it is known. Expected are: {known}.")
    return Export(items=tuple(items))


def stored(export: Export) -> list[dict[str, Any]]:
    """The export as JSON that `restored` reads again."""
    return [
        {
            "collection": item.collection,
            "where": item.where,
            "about": item.about,
            "value": item.value,
        }
        for item in export.items
    ]


def restored(rows: list[dict[str, Any]]) -> Export:
    return Export(items=tuple(Item(**row) for row in rows))


def _unzipped(body: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            yield from _members(archive)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise Unreadable("the file", "The zip is damaged or encrypted. Pack it again.") from error


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """The JSON files; sizes are counted while reading, for a header may say anything."""
    names = [info for info in archive.infolist() if info.filename.endswith(".json")]
    if len(names) > MOST_FILES:
        raise Unreadable("the file", f"The zip has more than {MOST_FILES} files.")
    left = MOST_UNPACKED
    for info in names:
        if "__MACOSX" in info.filename:
            continue
        with archive.open(info) as member:
            content = member.read(left + 1)
        left -= len(content)
        if left < 0:
            raise Unreadable(info.filename, f"Unpacked, more than {MOST_UNPACKED:,} bytes.")
        yield info.filename, content


def _items_of_file(name: str, content: bytes, collections: Mapping[str, str]) -> Iterator[Item]:
    value = _parsed(name, content)
    collection, about = _named(name, collections)
    if collection:
        yield from _items(value, collection, name, about, collections)
    else:
        yield from _items_of_document(value, name, collections)


def _parsed(name: str, content: bytes) -> Any:  # noqa: ANN401 - whatever the file holds
    where = name or "the file"
    if b"\\u0000" in content:
        raise Unreadable(where, "It holds a NUL character, which cannot be stored. Remove it.")
    try:
        value = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(where, f"This is not JSON: {error}.") from error
    except RecursionError as error:
        raise Unreadable(where, "It is nested too deeply.") from error
    if _depth(value) > MOST_DEPTH:
        raise Unreadable(where, "It is nested too deeply.")
    return value


def _depth(value: Any) -> int:  # noqa: ANN401 - whatever the file holds
    """How many lists and objects stand in each other, counted level by level."""
    depth, level = 0, [value]
    while level and depth <= MOST_DEPTH:
        parts = [one.values() if isinstance(one, dict) else one for one in level if _holds(one)]
        level = [inner for part in parts for inner in part]
        depth += bool(parts)
        if not parts:
            break
    return depth


def _holds(value: object) -> bool:
    return isinstance(value, list | dict)


def _named(name: str, collections: Mapping[str, str]) -> tuple[str, str]:
    """The collection which the path of a file names, and the id that its last part is, if any."""
    parts = name.removesuffix(".json").replace("-", "_").split("/")
    for depth, part in enumerate(parts):
        collection = collections.get(part) or collections.get(_PAGE_NUMBER.sub("", part))
        if collection:
            is_last = depth == len(parts) - 1
            return collection, "" if is_last else name.removesuffix(".json").split("/")[-1]
    return "", ""


def _items_of_document(value: object, where: str, collections: Mapping[str, str]) -> Iterator[Item]:
    """A document that says itself, by its keys, what it holds; or a list of such documents."""
    if isinstance(value, list):
        for number, part in enumerate(value):
            yield from _items_of_document(part, f"{where}[{number}]", collections)
    if isinstance(value, dict):
        for key, part in value.items():
            if key in collections:
                inside = f"{where}.{key}" if where else key
                yield from _items(part, collections[key], inside, "", collections)


def _items(
    value: object, collection: str, where: str, about: str, names: Mapping[str, str]
) -> Iterator[Item]:
    if isinstance(value, list):
        for number, part in enumerate(value):
            yield from _items(part, collection, f"{where}[{number}]", about, names)
        return
    if not isinstance(value, dict):
        raise Unreadable(where, "Expected an object, a list or an answer of the API.")
    envelope = _envelope(value, collection, names)
    if envelope:
        yield from _items(value[envelope], collection, f"{where}.{envelope}", about, names)
    elif _is_keyed(value):
        for key, part in value.items():
            yield from _items(part, collection, f"{where}.{key}", key, names)
    elif value:
        yield Item(collection=collection, where=where, about=about, value=value)


def _envelope(value: Mapping[str, Any], collection: str, names: Mapping[str, str]) -> str:
    own = [name for name, meant in names.items() if meant == collection]
    found = (name for name in (*own, *ENVELOPES) if isinstance(value.get(name), list | dict))
    return "" if IDENTITIES & value.keys() else next(found, "")


def _is_keyed(value: Mapping[str, Any]) -> bool:
    """Whether an object is a table of answers by the id of what each is about."""
    inner = all(isinstance(part, list | dict) for part in value.values())
    return bool(value) and inner and not IDENTITIES & value.keys()
