"""Lengths of shifts as people write them: 8h, 3d, 2w, or a sequence such as 4d, 3d."""

import re

UNITS = {"": 1, "h": 1, "d": 24, "w": 7 * 24}
_LENGTH = re.compile(r"(\d{1,4})\s*([hdw]?)[a-z]*", re.IGNORECASE | re.ASCII)


def hours_of(text: str) -> tuple[int, ...] | None:
    """The hours of each shift in order, or None for a text that is no such list.

    A number without a unit is hours; days and weeks have 24 and 168 hours on the wall.
    """
    parts = [_LENGTH.fullmatch(part.strip()) for part in re.split(r"[,;+]", text)]
    found = [match for match in parts if match]
    if len(found) < len(parts):
        return None
    return tuple(int(match[1]) * UNITS[match[2].lower()] for match in found)


def in_words(hours: tuple[int, ...]) -> str:
    """The shortest text that `hours_of` reads as these hours."""
    return ", ".join(_length(length) for length in hours)


def _length(hours: int) -> str:
    for unit in ("w", "d"):
        if hours % UNITS[unit] == 0:
            return f"{hours // UNITS[unit]}{unit}"
    return f"{hours}h"
