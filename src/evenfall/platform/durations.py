"""Lengths of time as people read them, said in one way everywhere: "45 s", "5 h 17 min".

Lengths are timedeltas or seconds; their sign does not count.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import dropwhile
from typing import Final, Literal

type Unit = Literal["d", "h", "min", "s"]

_SECONDS: Final[dict[Unit, int]] = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
_MINUTE: Final = 60


def spoken(length: timedelta | float) -> str:
    """What was measured, in its two largest units: "59 s", "4 min", "1 h 12 min", "3 d 4 h".

    Seconds are said below a minute only: beside minutes they say little and jump about.
    """
    whole = _whole(length)
    if whole < _MINUTE:
        return f"{whole} s"
    two = list(dropwhile(lambda part: not part[0], _parts(whole - whole % _MINUTE, "d")))[:2]
    return _joined(two)


def exact(length: timedelta | float, *, largest: Unit = "d") -> str:
    """What somebody set, with nothing left out: "90 min" is "1 h 30 min", 90 seconds "1 min 30 s".

    `largest` is "h" where a day has not 24 hours, such as in business time.
    """
    return _joined(_parts(_whole(length), largest))


def _whole(length: timedelta | float) -> int:
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    return int(abs(seconds))


def _parts(seconds: int, largest: Unit) -> Iterator[tuple[int, Unit]]:
    for unit, size in _SECONDS.items():
        if size <= _SECONDS[largest]:
            count, seconds = divmod(seconds, size)
            yield count, unit


def _joined(parts: Iterable[tuple[int, Unit]]) -> str:
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"
