"""Which of two versions is the later one, where that can be said."""

import re
from itertools import zip_longest
from typing import Final

_NUMBERED: Final = re.compile(r"v?(\d+(?:\.\d+)*)(?:[-_]?([0-9A-Za-z.-]+))?(?:\+.*)?")
_PART: Final = re.compile(r"\d+|[A-Za-z]+")


def compare(one: str, other: str) -> int | None:
    """-1, 0 or 1 as `one` is earlier, the same or later; None where nobody can say.

    Numbers between dots count as numbers, and a suffix makes a version earlier than the same one
    without: 1.10.0-rc2 < 1.10.0. Build data after a plus counts for nothing. So does semver.org.
    """
    if one == other:
        return 0
    mine, theirs = _parsed(one), _parsed(other)
    if mine is None or theirs is None:
        return None
    numbers = list(zip_longest(mine[0], theirs[0], fillvalue=0))
    for left, right in numbers:
        if left != right:
            return -1 if left < right else 1
    return _suffixes(mine[1], theirs[1])


def _parsed(version: str) -> tuple[list[int], str] | None:
    found = _NUMBERED.fullmatch(version.strip())
    # int() refuses very long numbers, and a version of such a length is a hash
    if found is None or len(found[1]) > 200:  # noqa: PLR2004 - said above
        return None
    return [int(part) for part in found[1].split(".")], found[2] or ""


def _suffixes(one: str, other: str) -> int:
    if one == other:
        return 0
    if not one or not other:
        return 1 if not one else -1
    mine, theirs = _keys(one), _keys(other)
    return (mine > theirs) - (mine < theirs)


def _keys(suffix: str) -> list[tuple[int, int, str]]:
    """Numbers before words, as semver has it."""
    return [
        (0, int(part[:18]), "") if part.isdigit() else (1, 0, part)
        for part in _PART.findall(suffix)
    ]
