"""Two people changed one text: what can be put together, and where they disagree.

The base is the version that the late one started from. Where only one side changed something,
that side wins; where both did, differently, both are kept between marks for a person to choose.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher, ndiff
from typing import Final

from msgspec import Struct

MINE: Final = "<<<<<<< yours"
BETWEEN: Final = "======="
THEIRS: Final = ">>>>>>> saved meanwhile"


class Merge(Struct, frozen=True):
    """`text` has marks around each of the `clashes`; without one it can be saved as it is."""

    text: str
    clashes: int


class DiffLine(Struct, frozen=True):
    """`sign` is "+", "-" or " "."""

    sign: str
    text: str


def merge(base: str, mine: str, theirs: str) -> Merge:
    """Put two descendants of a text together, line by line."""
    lines: list[str] = []
    clashes = 0
    for old, left, right in _chunks(base.splitlines(), mine.splitlines(), theirs.splitlines()):
        if right in (left, old):
            lines += left
        elif left == old:
            lines += right
        else:
            clashes += 1
            lines += [MINE, *left, BETWEEN, *right, THEIRS]
    return Merge("\n".join(lines), clashes)


def diff(before: str, after: str) -> list[DiffLine]:
    """The lines of both texts with their signs, in order; hints of difflib are left out."""
    found = ndiff(before.splitlines(), after.splitlines())
    return [DiffLine(line[0], line[2:]) for line in found if line[0] != "?"]


def has_marks(text: str) -> bool:
    """Whether somebody left the marks of a clash in it."""
    return any(line in {MINE, THEIRS} for line in text.splitlines())


type _Chunk = tuple[Sequence[str], Sequence[str], Sequence[str]]


def _chunks(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[_Chunk]:
    """Cut all three where the base stands unchanged in both others."""
    ours, others = _kept(base, mine), _kept(base, theirs)
    at = left = right = 0
    for place in range(len(base)):
        if place not in ours or place not in others:
            continue
        here, there = ours[place], others[place]
        yield base[at:place], mine[left:here], theirs[right:there]
        yield (base[place : place + 1],) * 3
        at, left, right = place + 1, here + 1, there + 1
    yield base[at:], mine[left:], theirs[right:]


def _kept(base: list[str], changed: list[str]) -> dict[int, int]:
    """Where each unchanged line of the base stands in the changed text."""
    blocks = SequenceMatcher(None, base, changed, autojunk=False).get_matching_blocks()
    return {block.a + i: block.b + i for block in blocks for i in range(block.size)}
