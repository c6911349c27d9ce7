"""Stretches of time laid over each other: how long something was down, planned or not."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from evenfall.insights.logic.shares import Distribution, distribution

type Span = tuple[datetime, datetime]


class Downtime(Struct, frozen=True, kw_only=True):
    """`planned` and `actual` may overlap: `excused` is what was down while that was planned.

    `actual` is what incidents and probes know together. The distributions are of the stretches
    that are left when those that touch are one; None without any.
    """

    planned: timedelta
    actual: timedelta
    excused: timedelta
    plans: int
    outages: int
    probed: int = 0
    planned_lengths: Distribution | None = None
    actual_lengths: Distribution | None = None

    @property
    def unplanned(self) -> timedelta:
        return self.actual - self.excused


def downtime(
    planned: Iterable[Span],
    actual: Iterable[Span],
    probed: Iterable[Span] = (),
    *,
    start: datetime,
    end: datetime,
) -> Downtime:
    """Add up what falls between start and end; two at the same time are one.

    `actual` is what incidents say, `probed` what probes found.
    """
    plans, outages = _clipped(planned, start, end), _clipped(actual, start, end)
    found = _clipped(probed, start, end)
    down, meant = union([*outages, *found]), union(plans)
    both = length(meant) + length(down) - length(union([*meant, *down]))
    return Downtime(
        planned=length(meant),
        actual=length(down),
        excused=both,
        plans=len(plans),
        outages=len(outages),
        probed=len(found),
        planned_lengths=distribution(ends - begins for begins, ends in meant),
        actual_lengths=distribution(ends - begins for begins, ends in down),
    )


def union(spans: Iterable[Span]) -> list[Span]:
    """The same time in spans that do not touch, oldest first."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def length(spans: Iterable[Span]) -> timedelta:
    return sum((end - start for start, end in spans), timedelta(0))


def cuts(start: datetime, end: datetime, step: timedelta) -> Sequence[Span]:
    """The time from start to end in steps, counted back from the end; only whole ones."""
    whole = int((end - start) / step)
    edges = [end - step * number for number in range(whole, -1, -1)]
    return list(pairwise(edges))


def _clipped(spans: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    found = ((max(begins, start), min(ends, end)) for begins, ends in spans)
    return [(begins, ends) for begins, ends in found if begins < ends]
