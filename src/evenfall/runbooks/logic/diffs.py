"""What changed between two texts, as lines for a page."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from msgspec import Struct

AROUND: Final = 3


class Changed(Struct, frozen=True):
    """One line: `sign` is "+", "-", " " or "…" where equal lines are left out."""

    sign: str
    text: str

    @property
    def tone(self) -> str:
        return {"+": "added", "-": "removed", "…": "skipped"}.get(self.sign, "same")


def difference(before: str, after: str) -> Sequence[Changed]:
    """Return the lines that changed with a few around them; nothing where nothing did."""
    old, new = before.split("\n"), after.split("\n")
    shown: list[Changed] = []
    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(AROUND):
        if all(tag == "equal" for tag, *_ in group):
            continue
        if shown or group[0][1]:
            shown.append(Changed("…", ""))
        for tag, a, b, c, d in group:
            shown += _lines(tag, old[a:b], new[c:d])
    return shown


def _lines(tag: str, old: Sequence[str], new: Sequence[str]) -> list[Changed]:
    if tag == "equal":
        return [Changed(" ", line) for line in old]
    return [*(Changed("-", line) for line in old), *(Changed("+", line) for line in new)]
