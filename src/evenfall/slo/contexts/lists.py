"""Objectives in lists: their bars, their last day, and what the address filters."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.http import HttpRequest
from msgspec import Struct

from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.slo import queries
from evenfall.slo.logic.pictures import Bar, budget_bar, by_hour, sparkline
from evenfall.slo.logic.spec import Promise, Unit, Window
from evenfall.slo.logic.states import BudgetState
from evenfall.slo.logic.windows import Bounds
from evenfall.slo.queries import ObjectiveFilters, ObjectiveView, graphs

_UNITS = {
    Unit.MINUTE: "minute",
    Unit.HOUR: "hour",
    Unit.DAY: "day",
    Unit.WEEK: "week",
    Unit.MONTH: "month",
    Unit.QUARTER: "quarter",
    Unit.YEAR: "year",
}
STATE_NAMES = {
    BudgetState.OK: "OK",
    BudgetState.WARN: "Warn",
    BudgetState.FROZEN: "Frozen",
    BudgetState.UNKNOWN: "Unknown",
}
SPARK_HOURS = 24


class Line(Struct, frozen=True, kw_only=True):
    """An objective in a list; `spark` is a path, "" when nothing is known of the last day."""

    view: ObjectiveView
    bar: Bar
    spark: str
    spark_words: str
    target: str
    window: str

    @property
    def fires(self) -> list[str]:
        standing = self.view.standing
        return [pair.name for pair in standing.pairs if pair.fires] if standing else []


def manager_of(request: HttpRequest, objective_id: int) -> Viewer:
    """The viewer, when they may manage the team of the objective. Raises ObjectiveNotFound."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=queries.team_of(objective_id))
    return viewer


def filters_of(query: Mapping[str, str]) -> ObjectiveFilters:
    """Read the filters from the address; what makes no sense filters nothing."""
    state = query.get("state", "")
    return ObjectiveFilters(
        text=query.get("q", "").replace("\0", "").strip(),
        service_id=number(query.get("service")),
        team_id=number(query.get("team")),
        state=BudgetState(state) if state in set(BudgetState) else None,
        archived="archived" in query,
    )


def lines(views: Sequence[ObjectiveView], *, now: datetime) -> list[Line]:
    """The lines of these objectives with the last day of each; four queries for all."""
    sparks = _sparks(views, now=now)
    return [
        Line(
            view=view,
            bar=bar_of(view),
            spark=sparkline(sparks[view.id]),
            spark_words=_spark_words(sparks[view.id]),
            target=percent_words(view.spec.promise.target * 100),
            window=window_words(view.spec.promise.window),
        )
        for view in views
    ]


def bar_of(view: ObjectiveView) -> Bar:
    """Its budget; unknown where nothing was measured."""
    rest = view.standing.rest if view.standing else None
    return budget_bar(rest, warn_below=view.spec.policy.warn_below)


def window_words(window: Window) -> str:
    """28 days rolling; 1 month in Europe/Vienna."""
    count, unit = window.span.number, _UNITS[window.span.unit]
    span = f"{count} {unit}{'s' if count != 1 else ''}"
    return f"{span} rolling" if window.is_rolling else f"each {span}, {window.zone}"


def percent_words(percent: float) -> str:
    """99.95 %, as many digits as it needs and no more than five after the point."""
    text = f"{percent:.5f}".rstrip("0").rstrip(".")
    return f"{text} %"


def target_words(promise: Promise) -> str:
    return percent_words(promise.target * 100)


def number(text: str | None) -> int | None:
    """The number that a field of an address says, or None."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 - what a row's number has


def _sparks(views: Sequence[ObjectiveView], *, now: datetime) -> dict[int, list[float | None]]:
    hour = now.replace(minute=0, second=0, microsecond=0)
    over = Bounds(hour - timedelta(hours=SPARK_HOURS), hour)
    tracks = graphs.tracks_of([view.id for view in views], at=now)
    sums = graphs.hour_sums(
        sorted({track.series_id for mine in tracks.values() for track in mine}), over
    )
    hours = [over.since + timedelta(hours=step) for step in range(SPARK_HOURS)]
    found = {}
    for view in views:
        mine = [(one.series_id, one.allowed, one.weight) for one in tracks.get(view.id, ())]
        burns = by_hour(sums, mine)
        found[view.id] = [burns.get(at) for at in hours]
    return found


def _spark_words(burns: Sequence[float | None]) -> str:
    known = [one for one in burns if one is not None]
    if not known:
        return "Nothing is known of the last day"
    return f"Burn of the last day: at most {max(known):.2g}, last {known[-1]:.2g}"
