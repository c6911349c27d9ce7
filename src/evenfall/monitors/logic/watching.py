"""Whether a metric is beyond its threshold: with hysteresis, for how long, and without data."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from evenfall.monitors.logic.looks import Look, Result
from evenfall.platform import durations


class Compare(StrEnum):
    """Which side of the threshold is bad."""

    ABOVE = "above"
    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"
    EQUAL = "equal"
    NOT_EQUAL = "not_equal"


class NoData(StrEnum):
    """What nothing means; it never means good."""

    UNKNOWN = "unknown"
    BAD = "bad"
    KEEP = "keep"


WORDS: Final = {
    Compare.ABOVE: "above",
    Compare.AT_LEAST: "at least",
    Compare.BELOW: "below",
    Compare.AT_MOST: "at most",
    Compare.EQUAL: "equal to",
    Compare.NOT_EQUAL: "not equal to",
}
_UPWARDS: Final = frozenset({Compare.ABOVE, Compare.AT_LEAST})
_DOWNWARDS: Final = frozenset({Compare.BELOW, Compare.AT_MOST})


class Threshold(Struct, frozen=True, kw_only=True):
    """Bad once it is beyond `limit` for so long; over once it is back at `clear`, or `limit`."""

    compare: Compare
    limit: float
    clear: float | None = None
    lasting: timedelta = timedelta(0)
    no_data: NoData = NoData.UNKNOWN


class Memory(Struct, frozen=True, kw_only=True):
    """What the last look knew: since when it was beyond, whether that was bad, and its result."""

    beyond_since: datetime | None = None
    is_bad: bool = False
    result: Result | None = None


type Values = Sequence[tuple[Mapping[str, str], float]]
"""The newest value of each series."""


def judge(
    threshold: Threshold, memory: Memory, values: Values, *, now: datetime, problem: str = ""
) -> tuple[Look, Memory]:
    """One look at the values, and what is remembered for the next. Values that are NaN are none.

    With several series the worst one counts.
    """
    known = [(labels, value) for labels, value in values if not math.isnan(value)]
    if not known:
        return _nothing(threshold, memory, problem)
    labels, value = _worst(threshold, known)
    if not _is_beyond(threshold, value, was_bad=memory.is_bad):
        look = Look(result=Result.GOOD, note=_said(threshold, labels, value), value=value)
        return look, Memory(result=Result.GOOD)
    since = memory.beyond_since or now
    is_bad = memory.is_bad or now - since >= threshold.lasting
    result = Result.BAD if is_bad else Result.GOOD
    note = _said(threshold, labels, value)
    if not is_bad:
        note += f" It is beyond for less than {durations.exact(threshold.lasting)}."
    look = Look(result=result, note=note, value=value, details=dict(labels))
    return look, Memory(beyond_since=since, is_bad=is_bad, result=result)


def clear_flaw(compare: Compare, limit: float, clear: float) -> str:
    """What is wrong with the two thresholds; the second one lies on the good side of the first."""
    if compare in _UPWARDS and clear > limit:
        return "It is over at a value that is not above the threshold."
    if compare in _DOWNWARDS and clear < limit:
        return "It is over at a value that is not below the threshold."
    if compare not in _UPWARDS | _DOWNWARDS:
        return "Only what is too high or too low has a second threshold."
    return ""


def _nothing(threshold: Threshold, memory: Memory, problem: str) -> tuple[Look, Memory]:
    note = problem or "The query answered nothing."
    if threshold.no_data is NoData.BAD:
        return Look(result=Result.BAD, note=note), Memory(result=Result.BAD)
    if threshold.no_data is NoData.KEEP and memory.result is Result.BAD:
        return Look(result=Result.BAD, note=f"{note} It was bad before."), memory
    # kept good would be good without data
    return Look(result=Result.UNKNOWN, note=note), memory


def _worst(threshold: Threshold, values: Values) -> tuple[Mapping[str, str], float]:
    """The value that is furthest on the bad side."""

    def badness(value: float) -> float:
        if threshold.compare in _UPWARDS:
            return value
        if threshold.compare in _DOWNWARDS:
            return -value
        distance = abs(value - threshold.limit)
        return distance if threshold.compare is Compare.NOT_EQUAL else -distance

    return max(values, key=lambda one: badness(one[1]))


def _is_beyond(threshold: Threshold, value: float, *, was_bad: bool) -> bool:
    """What was bad is over only on the good side of `clear`, exactly on it included."""
    if was_bad and threshold.clear is not None:
        if threshold.compare in _UPWARDS:
            return value > threshold.clear
        return value < threshold.clear
    limit = threshold.limit
    return {
        Compare.ABOVE: value > limit,
        Compare.AT_LEAST: value >= limit,
        Compare.BELOW: value < limit,
        Compare.AT_MOST: value <= limit,
        Compare.EQUAL: value == limit,
        Compare.NOT_EQUAL: value != limit,
    }[threshold.compare]


def _said(threshold: Threshold, labels: Mapping[str, str], value: float) -> str:
    where = ", ".join(f"{name}={text}" for name, text in sorted(labels.items()))[:200]
    about = f" ({where})" if where else ""
    return f"It is {value:.6g}{about}; bad is {WORDS[threshold.compare]} {threshold.limit:g}."
