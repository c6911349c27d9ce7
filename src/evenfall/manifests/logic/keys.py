"""Keys for things that have none of their own."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

_LONGEST: Final = 60
_OTHERS: Final = re.compile(r"[^a-z0-9]+")


def keys(names: Iterable[tuple[int, str]], *, taken: Mapping[int, str]) -> dict[int, str]:
    """A key for each id, out of its name: those in `taken` keep theirs, the others get a free one.

    The lower id has the plain key when two have one name, so that asking twice gives the same.
    """
    found = dict(taken)
    used = set(taken.values())
    for own_id, name in sorted(names):
        if own_id not in found:
            found[own_id] = _free(_slug(name), used)
            used.add(found[own_id])
    return found


def _free(key: str, used: set[str]) -> str:
    number, free = 1, key
    while free in used:
        number += 1
        free = f"{key}-{number}"
    return free


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _OTHERS.sub("-", plain)[:_LONGEST].strip("-") or "unnamed"
