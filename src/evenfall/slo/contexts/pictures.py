"""The charts of one objective, as of its last evaluation: they say what the figures say."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from msgspec import Struct

from evenfall.changes import queries as changes_queries
from evenfall.platform.charts import LineChart, Mark
from evenfall.slo import ports, queries
from evenfall.slo.logic.evaluation import Counts
from evenfall.slo.logic.pictures import (
    Bucket,
    PairChart,
    budget_chart,
    burn_charts,
    error_chart,
    is_corrected,
    remaining,
)
from evenfall.slo.logic.states import Cause
from evenfall.slo.logic.tallies import Part, burn, summed
from evenfall.slo.logic.windows import Bounds
from evenfall.slo.queries import ObjectiveView, graphs
from evenfall.slo.queries.tracking import Tracked

_MOST_CHANGES = 60


class DayRow(Struct, frozen=True, kw_only=True):
    """A day (UTC) as the table behind the charts shows it, in percent; None is unknown."""

    day: datetime
    good: float
    total: float
    errors: float | None
    left: float | None


class Pictures(Struct, frozen=True, kw_only=True):
    """The charts of its window; `ratio_raw` is the share that was good without corrections."""

    budget: LineChart
    errors: LineChart
    is_corrected: bool
    ratio_raw: float | None


class BurnPicture(Struct, frozen=True):
    """The chart of a pair of windows, and where the pair stands if it was looked at."""

    drawn: PairChart
    pair: queries.PairView | None


def pictures(view: ObjectiveView) -> Pictures | None:
    """The charts; None before the first evaluation."""
    if view.standing is None:
        return None
    item = graphs.tracked_at(view.id, at=view.standing.until)
    drawn = graphs.drawn(item)
    counts, buckets = drawn.counts, drawn.buckets
    marks = list(_marks(view, item.over))
    totals = _totals(item, counts)
    return Pictures(
        budget=budget_chart(
            buckets,
            totals=totals,
            raw_totals=_raw_totals(counts, totals),
            over=item.over,
            marks=marks,
        ),
        errors=error_chart(buckets, allowed=item.promise.allowed, over=item.over),
        is_corrected=is_corrected(buckets),
        ratio_raw=_ratio(counts.raw),
    )


def days(view: ObjectiveView) -> list[DayRow]:
    """The days of its window, the newest first; none before the first evaluation."""
    if view.standing is None:
        return []
    item = graphs.tracked_at(view.id, at=view.standing.until)
    drawn = graphs.drawn(item)
    return list(_days(drawn.buckets, _totals(item, drawn.counts), item.promise.allowed))


def burns(view: ObjectiveView) -> list[BurnPicture]:
    """How fast it burned during the last day, for each pair; none before the first evaluation."""
    if view.standing is None:
        return []
    item = graphs.tracked_at(view.id, at=view.standing.until)
    day = Bounds(item.over.until - graphs.LOOK_BACK, item.over.until)
    pairs = {pair.name: pair for pair in view.standing.pairs}
    charts = burn_charts(graphs.burn_lines(item), over=day)
    return [BurnPicture(one, pairs.get(one.pair.name)) for one in charts]


def _totals(item: Tracked, counts: Counts) -> list[float]:
    """What the budget is reckoned against: what came, or all that is expected of the calendar."""
    if item.promise.window.is_rolling:
        return [part.tally.total for part in counts.whole]
    pairs = zip(counts.whole, counts.expected, strict=True)
    return [max(part.tally.total, total) if part.tally.total else 0.0 for part, total in pairs]


def _raw_totals(counts: Counts, totals: Sequence[float]) -> list[float]:
    """The same with what was corrected."""
    both = zip(totals, counts.whole, counts.raw, strict=True)
    return [total + raw.tally.total - part.tally.total for total, part, raw in both]


def _marks(view: ObjectiveView, over: Bounds) -> Iterator[Mark]:
    """Incidents and the like, and what changed."""
    found = ports.causes([view.service.id], over)[view.service.id]
    for cause in found:
        yield Mark(
            at=cause.since,
            until=cause.until or over.until,
            name=cause.title or cause.reference,
            href=cause.url,
            kind="bad" if cause.kind is Cause.INCIDENT else "faint",
        )
    changes = changes_queries.changes_between(
        [view.service.id], since=over.since, until=over.until, limit=_MOST_CHANGES
    )
    for change in changes:
        yield Mark(
            at=change.at,
            name=f"{change.kind.value.capitalize()}: {change.summary}",
            href=f"/services/{view.service.slug}/changes/",
        )


def _days(buckets: Sequence[Bucket], totals: Sequence[float], allowed: float) -> Iterator[DayRow]:
    """The newest first."""
    left = dict(remaining(buckets, totals))
    rows = []
    for _, some in groupby(buckets, key=lambda bucket: bucket.since.date()):
        mine = list(some)
        tracks = [[bucket.parts[number] for bucket in mine] for number in range(len(mine[0].parts))]
        parts = [
            Part(
                tally=summed(part.tally for part in parts),
                allowed=parts[0].allowed,
                weight=parts[0].weight,
            )
            for parts in tracks
        ]
        whole, burns = summed(part.tally for part in parts), burn(parts)
        known = [value for bucket in mine if (value := left[bucket.until]) is not None]
        rows.append(
            DayRow(
                day=mine[0].since,
                good=whole.good,
                total=whole.total,
                errors=None if burns is None else burns * allowed * 100,
                left=known[-1] if known else None,
            )
        )
    yield from reversed(rows)


def _ratio(parts: Sequence[Part]) -> float | None:
    """The share that was good; of a composite there is none."""
    ratio = parts[0].tally.error_ratio if len(parts) == 1 else None
    return None if ratio is None else 1 - ratio
