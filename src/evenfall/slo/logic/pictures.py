"""Charts of an objective, from its sums: budget, errors, burn, causes, and a line for lists.

The budget that is drawn last is the budget that is stated: both are sums of the same counts over
the same totals. What is unknown is a gap, never a full budget.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Final

from msgspec import Struct

from evenfall.platform import durations
from evenfall.platform.charts import Limit, Line, LineChart, Mark, Point, line_chart
from evenfall.slo.logic.charges import Charged
from evenfall.slo.logic.pairs import Pair
from evenfall.slo.logic.tallies import Part, Tally, burn
from evenfall.slo.logic.windows import Bounds

SPARK_WIDTH: Final = 100
SPARK_HEIGHT: Final = 24
_SPARK_MOST_BURN: Final = 4.0
_LEAST_SEGMENT: Final = 0.5


class Bucket(Struct, frozen=True, kw_only=True):
    """What was counted from `since` until `until`, a part for each indicator.

    `parts` are without what was corrected, `raw` with it.
    """

    since: datetime
    until: datetime
    parts: tuple[Part, ...]
    raw: tuple[Part, ...]

    @property
    def burn(self) -> float | None:
        return burn(self.parts)


class BurnLine(Struct, frozen=True, kw_only=True):
    """Both burns of a pair over time; None is unknown."""

    pair: Pair
    long: Sequence[Point]
    short: Sequence[Point]


class PairChart(Struct, frozen=True, kw_only=True):
    pair: Pair
    title: str
    chart: LineChart


class Segment(Struct, frozen=True, kw_only=True):
    """A part of the bar of causes: `left` and `width` in percent; `kind` "" is unexplained."""

    kind: str
    title: str
    reference: str
    url: str
    left: float
    width: float
    bad: float
    percent: float


class Bar(Struct, frozen=True, kw_only=True):
    """A budget as a bar: `width` is what is left, in percent from 0 to 100.

    `percent` may be below 0; None is unknown, and the bar is empty.
    """

    percent: float | None
    width: float
    tone: str

    @property
    def over(self) -> float:
        """How much more than everything was spent, in percent of the budget."""
        return max(0.0, -(self.percent or 0.0))


def remaining(
    buckets: Sequence[Bucket], totals: Sequence[float], *, raw: bool = False
) -> list[Point]:
    """What was left of the budget after each bucket, in percent; gaps where nothing is known.

    `totals` are those of the whole window, one for each part: with them the last point is the
    rest that is stated.
    """
    if not any(total > 0 for total in totals):
        return [(bucket.until, None) for bucket in buckets]
    spent = accumulate(_spent_in(bucket.raw if raw else bucket.parts, totals) for bucket in buckets)
    return [
        (bucket.until, (1 - gone) * 100 if _is_known(bucket, raw=raw) else None)
        for bucket, gone in zip(buckets, spent, strict=True)
    ]


def budget_chart(
    buckets: Sequence[Bucket],
    *,
    totals: Sequence[float],
    raw_totals: Sequence[float],
    over: Bounds,
    marks: Sequence[Mark] = (),
) -> LineChart:
    """The budget going down over the window; raw beside it where something was corrected."""
    start = (over.since, 100.0)
    lines = [Line(name="Budget left", points=[start, *remaining(buckets, totals)], is_filled=True)]
    if is_corrected(buckets):
        raw = [start, *remaining(buckets, raw_totals, raw=True)]
        lines.append(Line(name="Without corrections", points=raw, kind="faint"))
    if all(value is None for line in lines for _, value in line.points[1:]):
        lines = [Line(name="Budget left", points=[])]
    return line_chart(
        lines,
        start=over.since,
        end=over.until,
        limits=[Limit(name="used up", value=0.0)],
        marks=marks,
        lowest=0.0,
        highest=100.0,
        words=_percent,
    )


def error_chart(buckets: Sequence[Bucket], *, allowed: float, over: Bounds) -> LineChart:
    """The share of errors in each bucket, in percent, beside what the target allows."""
    lines = [Line(name="Errors", points=list(_errors(buckets, allowed, raw=False)), kind="bad")]
    if is_corrected(buckets):
        raw = list(_errors(buckets, allowed, raw=True))
        lines.append(Line(name="Without corrections", points=raw, kind="faint"))
    return line_chart(
        lines,
        start=over.since,
        end=over.until,
        limits=[Limit(name="allowed", value=allowed * 100, kind="warning")],
        lowest=0.0,
        words=_percent,
    )


def burn_charts(lines: Sequence[BurnLine], *, over: Bounds) -> list[PairChart]:
    """One chart for each pair: both windows, and the burn from which on it fires."""
    return [
        PairChart(
            pair=one.pair,
            title=(
                f"{one.pair.name.capitalize()}: {durations.exact(one.pair.long * 60)} and "
                f"{durations.exact(one.pair.short * 60)}"
            ),
            chart=line_chart(
                [
                    Line(name=durations.exact(one.pair.long * 60), points=one.long),
                    Line(name=durations.exact(one.pair.short * 60), points=one.short, kind="other"),
                ],
                start=over.since,
                end=over.until,
                limits=[Limit(name=f"fires from {one.pair.factor:.3g} on", value=one.pair.factor)],
                lowest=0.0,
                words="{:.3g}".format,
            ),
        )
        for one in lines
    ]


def causes_bar(charged: Sequence[Charged]) -> list[Segment]:
    """The parts of what was bad, side by side; what nobody explains comes last."""
    segments, reached = [], 0.0
    for one in charged:
        width = max(one.share * 100, _LEAST_SEGMENT)
        segments.append(
            Segment(
                kind=one.cause.kind.value if one.cause else "",
                title=(one.cause.title or one.cause.reference) if one.cause else "Unexplained",
                reference=one.cause.reference if one.cause else "",
                url=one.cause.url if one.cause else "",
                left=round(min(reached, 100 - _LEAST_SEGMENT), 2),
                width=round(min(width, 100 - min(reached, 100 - _LEAST_SEGMENT)), 2),
                bad=one.bad,
                percent=one.share * 100,
            )
        )
        reached += width
    return segments


def budget_bar(rest: float | None, *, warn_below: float) -> Bar:
    """A rest (a share) as a bar: critical when used up, a warning below `warn_below`."""
    if rest is None:
        return Bar(percent=None, width=0.0, tone="unknown")
    tone = "critical" if rest <= 0 else "warning" if rest < warn_below else "good"
    return Bar(percent=rest * 100, width=round(min(max(rest, 0.0), 1.0) * 100, 1), tone=tone)


def sparkline(burns: Sequence[float | None]) -> str:
    """The path of burns in a box of 100 by 24: its middle is burn 2, its top 4 and more.

    Gaps where nothing is known; "" for nothing at all.
    """
    step = SPARK_WIDTH / max(1, len(burns) - 1)
    return " ".join(
        "M" + " L".join(f"{x:g} {y:g}" for x, y in (run if len(run) > 1 else run * 2))
        for run in _runs(burns, step)
    )


def is_corrected(buckets: Sequence[Bucket]) -> bool:
    return any(bucket.parts != bucket.raw for bucket in buckets)


def by_hour(
    sums: Mapping[int, Mapping[datetime, Tally]], tracks: Sequence[tuple[int, float, float]]
) -> dict[datetime, float | None]:
    """The burn of each hour that any series (id, allowed, weight) has counts of."""
    hours = sorted({at for number, _, _ in tracks for at in sums.get(number, {})})
    return {
        at: burn(
            [
                Part(tally=sums.get(number, {}).get(at, Tally()), allowed=allowed, weight=weight)
                for number, allowed, weight in tracks
            ]
        )
        for at in hours
    }


def _runs(burns: Sequence[float | None], step: float) -> Iterator[list[tuple[float, float]]]:
    run: list[tuple[float, float]] = []
    for number, value in enumerate(burns):
        if value is None:
            if run:
                yield run
            run = []
        else:
            share = min(value, _SPARK_MOST_BURN) / _SPARK_MOST_BURN
            run.append((round(number * step, 1), round((1 - share) * (SPARK_HEIGHT - 2) + 1, 1)))
    if run:
        yield run


def _spent_in(parts: Sequence[Part], totals: Sequence[float]) -> float:
    return sum(
        part.weight * part.tally.bad / (part.allowed * total)
        for part, total in zip(parts, totals, strict=True)
        if total > 0
    )


def _is_known(bucket: Bucket, *, raw: bool) -> bool:
    return any(part.tally.total > 0 for part in (bucket.raw if raw else bucket.parts))


def _errors(buckets: Sequence[Bucket], allowed: float, *, raw: bool) -> Iterator[Point]:
    for bucket in buckets:
        burns = burn(bucket.raw if raw else bucket.parts)
        yield bucket.until, None if burns is None else burns * allowed * 100


def _percent(value: float) -> str:
    return f"{value:.0f} %" if abs(value) >= 100 else f"{value:.3g} %"  # noqa: PLR2004 - digits
