"""A draft over history, drawn: the budget, and the alerts that it would have had."""

from datetime import datetime

from msgspec import Struct

from evenfall.platform.charts import Limit, Line, LineChart, Mark, line_chart
from evenfall.slo.actions import Preview
from evenfall.slo.logic.pictures import Bar, budget_bar
from evenfall.slo.logic.replay import WouldHaveFired

_MOST_ALERTS = 50


class DraftPicture(Struct, frozen=True, kw_only=True):
    """`known` is in percent of all minutes; `alerts` the newest first, `more` are left out."""

    since: datetime
    until: datetime
    chart: LineChart
    bar: Bar
    ratio: float | None
    known: float
    alerts: tuple[WouldHaveFired, ...]
    more: int
    pages: int
    tickets: int
    queries: tuple[str, ...]


def draft_picture(preview: Preview, *, warn_below: float) -> DraftPicture:
    found = preview.picture
    points = [(one.at, None if one.rest is None else one.rest * 100) for one in found.points]
    alerts = sorted(found.alerts, key=lambda one: one.started_at, reverse=True)
    chart = line_chart(
        [Line(name="Budget left", points=points, is_filled=True)],
        start=found.since,
        end=found.until,
        limits=[Limit(name="used up", value=0.0)],
        marks=[_mark(one, found.until) for one in alerts],
        lowest=0.0,
        highest=100.0,
        words="{:.3g} %".format,
    )
    ratio = found.tally.error_ratio
    return DraftPicture(
        since=found.since,
        until=found.until,
        chart=chart,
        bar=budget_bar(None if found.spent is None else 1 - found.spent, warn_below=warn_below),
        ratio=None if ratio is None else (1 - ratio) * 100,
        known=found.known * 100,
        alerts=tuple(alerts[:_MOST_ALERTS]),
        more=max(0, len(alerts) - _MOST_ALERTS),
        pages=sum(one.kind.value == "page" for one in alerts),
        tickets=sum(one.kind.value == "ticket" for one in alerts),
        queries=preview.queries,
    )


def _mark(one: WouldHaveFired, until: datetime) -> Mark:
    kind = "bad" if one.kind.value == "page" else "warning"
    return Mark(
        at=one.started_at,
        until=one.ended_at or until,
        name=f"{one.kind.value}: {one.pair}",
        kind=kind,
    )
