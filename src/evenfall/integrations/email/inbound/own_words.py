"""What somebody wrote in an answer, without the mails that it quotes.

Rather too much than too little: only quoted lines, the line that announces them, and what follows
the mark of a forwarded original are left out.
"""

import re
from typing import Final

_QUOTED: Final = re.compile(r"^\s*>")
_ANNOUNCES: Final = re.compile(r"^\S.{3,200}:\s*$")
_ORIGINAL: Final = re.compile(r"^\s*(?:-{2,}\s*\w[\w\s'\u2019]{2,40}-{2,}|_{10,})\s*$")


def own_words(text: str) -> str:
    """The words of the writer, "" where everything is quoted."""
    kept = list[str]()
    for line in text.splitlines():
        if _ORIGINAL.match(line):
            break
        if not _QUOTED.match(line):
            kept.append(line)
        elif _announced(kept):
            del kept[_last(kept) :]
    return "\n".join(kept).strip()


def _announced(kept: list[str]) -> bool:
    """Whether the last line that says anything is "On Monday, Ada wrote:"."""
    return bool(kept) and bool(_ANNOUNCES.match(kept[_last(kept)]))


def _last(lines: list[str]) -> int:
    """The place of the last line that is not empty, else that of the last one."""
    found = (number for number in range(len(lines) - 1, -1, -1) if lines[number].strip())
    return next(found, len(lines) - 1)
