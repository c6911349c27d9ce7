"""What changed between two versions of a text, word by word."""

import re
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from msgspec import Struct

# Comparing costs the square of the parts; long texts are compared line by line.
MOST_WORDS: Final = 2_000


class Fate(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


class Piece(Struct, frozen=True):
    """A piece of text; those that are not ADDED make the old text, those not REMOVED the new."""

    fate: Fate
    text: str


def difference(old: str, new: str) -> list[Piece]:
    """Return the pieces in the order of reading."""
    before, after = _parts(old, new)
    found: list[Piece] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        gone, come = "".join(before[old_from:old_to]), "".join(after[new_from:new_to])
        found += (
            [Piece(Fate.SAME, gone)]
            if gone == come
            else [Piece(Fate.REMOVED, gone), Piece(Fate.ADDED, come)]
        )
    return [piece for piece in found if piece.text]


def _parts(old: str, new: str) -> tuple[list[str], list[str]]:
    words = re.findall(r"\s+|\S+", old), re.findall(r"\s+|\S+", new)
    if max(map(len, words)) <= MOST_WORDS:
        return words
    return old.splitlines(keepends=True), new.splitlines(keepends=True)
