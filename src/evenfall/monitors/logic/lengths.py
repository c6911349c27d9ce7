"""Lengths of time as people write them: 90s, 5m, 1h 30m, 2 d, 5 h 17 min."""

import re
from datetime import timedelta
from typing import Final

from evenfall.platform import durations

_UNITS: Final = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "min": 60, "s": 1}
_PART: Final = re.compile(r"([0-9]{1,9})\s*(min|[wdhms])")
_WHOLE: Final = re.compile(r"\s*(?:[0-9]{1,9}\s*(?:min|[wdhms])\s*)+")
MOST: Final = timedelta(days=400)
_LONG_MS: Final = 10_000
_A_MINUTE_MS: Final = 60_000


def read(text: str) -> timedelta | None:
    """The length; None for what is none, or longer than `MOST`."""
    if not _WHOLE.fullmatch(text.lower()):
        return None
    seconds = sum(int(count) * _UNITS[unit] for count, unit in _PART.findall(text.lower()))
    return timedelta(seconds=seconds) if seconds <= MOST.total_seconds() else None


def measured(ms: float) -> str:
    """A time as people say it: "48 ms", "12.5 s", "1 h 3 min"."""
    if ms < _LONG_MS:
        return f"{ms:.4g} ms"
    if ms < _A_MINUTE_MS:
        return f"{ms / 1000:.3g} s"
    return durations.exact(ms / 1000)
