"""Two people changed one text: what both wrote, put together line by line.

The method is that of diff3: lines that both texts share with what they came from hold still;
between those, whoever changed something wins, and where both did, both are shown.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from msgspec import Struct

MINE: Final = "<<<<<<< yours"
BETWEEN: Final = "======="
THEIRS: Final = ">>>>>>> saved meanwhile"


class Merge(Struct, frozen=True):
    """`text` holds both; `clashes` is how many places a person must decide."""

    text: str
    clashes: int


class _Still(Struct, frozen=True):
    """`length` lines that are the same in all three, and where they begin in each."""

    base: int
    mine: int
    theirs: int
    length: int


def merge(base: str, mine: str, theirs: str) -> Merge:
    """Put together what was made of `base`; no line that either wrote is lost."""
    texts = base.split("\n"), mine.split("\n"), theirs.split("\n")
    lines: list[str] = []
    clashes = 0
    at = (0, 0, 0)
    for still in _still(*texts):
        starts = (still.base, still.mine, still.theirs)
        parts = [text[a:b] for text, a, b in zip(texts, at, starts, strict=True)]
        chosen, clashed = _between(*parts)
        lines += [*chosen, *texts[0][still.base : still.base + still.length]]
        clashes += clashed
        at = tuple(start + still.length for start in starts)  # type: ignore[assignment] # three
    return Merge("\n".join(lines), clashes)


def has_marks(text: str) -> bool:
    """Whether somebody still has to decide: the marks of a clash stand in the text."""
    return any(line in {MINE, THEIRS} for line in text.split("\n"))


def _between(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> tuple[list[str], bool]:
    if mine in (theirs, base):
        return list(theirs), False
    if theirs == base:
        return list(mine), False
    return [MINE, *mine, BETWEEN, *theirs, THEIRS], True


def _still(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[_Still]:
    """Where all three are the same, in order; the last one is empty and stands at the ends."""
    ours = SequenceMatcher(None, base, mine).get_matching_blocks()
    others = SequenceMatcher(None, base, theirs).get_matching_blocks()
    one = other = 0
    while one < len(ours) - 1 and other < len(others) - 1:
        left, right = ours[one], others[other]
        start = max(left.a, right.a)
        end = min(left.a + left.size, right.a + right.size)
        if start < end:
            shift_mine, shift_theirs = left.b - left.a, right.b - right.a
            yield _Still(start, start + shift_mine, start + shift_theirs, end - start)
        if left.a + left.size < right.a + right.size:
            one += 1
        else:
            other += 1
    yield _Still(len(base), len(mine), len(theirs), 0)
