"""What counters that only grow counted in each minute.

The rules: a difference below 0 is a reset, what is there now came since. A series that first
appears brings nothing with it, unless it is known to have begun just now: nobody knows when the
rest of it was. The difference over a hole of a few minutes is spread over them evenly; over a
longer one it is dropped and those minutes stay unknown.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from msgspec import Struct

from evenfall.slo.logic.spec import IndicatorSpec, Measure
from evenfall.slo.logic.tallies import Tally
from evenfall.slo.logic.windows import MINUTE

BRIDGE: Final = timedelta(minutes=5)
"""As far back as a Prometheus server looks for the last sample."""


class Line(Struct, frozen=True, kw_only=True):
    """One series: its values at the ends of minutes, oldest first.

    `created_at` is when it began to count, None for unknown.
    """

    samples: Sequence[tuple[datetime, float]]
    created_at: datetime | None = None


def minutes_of(
    spec: IndicatorSpec, query: Sequence[Line], total: Sequence[Line], *, since: datetime
) -> dict[datetime, Tally]:
    """Good and total of each minute that is known from `since` on, by when it begins.

    A minute without a total is unknown; one with a total but nothing of the query had none of
    those, good or bad.
    """
    has_total = spec.measure.has_total
    found = _of_totals(spec, query, total) if has_total else _of_values(spec, query)
    return {at: tally for at, tally in sorted(found.items()) if at >= since}


def increases(line: Line) -> dict[datetime, float]:
    """By how much a counter grew in each minute, by when the minute begins."""
    samples = [(at, value) for at, value in line.samples if math.isfinite(value)]
    grown: dict[datetime, float] = {}
    if samples and line.created_at is not None:
        first, value = samples[0]
        if first - MINUTE - BRIDGE <= line.created_at <= first:
            grown[first - MINUTE] = value
    for (before, was), (at, value) in pairwise(samples):
        if at - before > BRIDGE:
            continue
        delta = value if value < was else value - was
        holes = max(1, (at - before) // MINUTE)
        for number in range(1, holes + 1):
            grown[at - number * MINUTE] = delta / holes
    return grown


def _of_totals(
    spec: IndicatorSpec, query: Sequence[Line], total: Sequence[Line]
) -> dict[datetime, Tally]:
    read = increases if spec.is_counter else _amounts
    totals = _sums(map(read, total))
    counted = _sums(map(read, query))
    return {at: _tally(spec.measure, counted.get(at, 0.0), amount) for at, amount in totals.items()}


def _tally(measure: Measure, counted: float, total: float) -> Tally:
    good = counted if measure is Measure.GOOD else total - counted
    return Tally(min(max(good, 0.0), total), total)


def _of_values(spec: IndicatorSpec, query: Sequence[Line]) -> dict[datetime, Tally]:
    """Each series is one look a minute: a ratio, or good or not."""
    found: dict[datetime, Tally] = {}
    for line in query:
        for at, value in line.samples:
            if not math.isnan(value):
                minute = at - MINUTE
                found[minute] = found.get(minute, Tally()) + Tally(_share(spec, value), 1.0)
    return found


def _share(spec: IndicatorSpec, value: float) -> float:
    if spec.measure is Measure.THRESHOLD:
        return 1.0 if spec.op.holds(value, spec.limit) else 0.0
    inside = min(max(value, 0.0), 1.0)
    return inside if spec.measure is Measure.SUCCESS else 1.0 - inside


def _amounts(line: Line) -> dict[datetime, float]:
    """What each minute had, where the answer says so itself."""
    return {at - MINUTE: max(0.0, value) for at, value in line.samples if math.isfinite(value)}


def _sums(amounts: Iterable[Mapping[datetime, float]]) -> dict[datetime, float]:
    found: dict[datetime, float] = {}
    for one in amounts:
        for at, amount in one.items():
            found[at] = found.get(at, 0.0) + amount
    return found
