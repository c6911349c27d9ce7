"""A draft over history, before anybody relies on it: read from the source and played again."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.slo import errors
from evenfall.slo.actions.asking import read_counts
from evenfall.slo.actions.indicators import check_indicator
from evenfall.slo.logic.checks import objective_flaws
from evenfall.slo.logic.replay import DraftMember, Picture, replay
from evenfall.slo.logic.spec import IndicatorSpec, Measure, Member, ObjectiveSpec, Origin
from evenfall.slo.logic.tallies import Tally
from evenfall.slo.logic.windows import Bounds, floor_minute, span_length
from evenfall.slo.ports import AskedCounts
from evenfall.slo.queries.indicators import indicators
from evenfall.slo.queries.sums import minutes as stored_minutes
from evenfall.telemetry import actions as telemetry

MOST: Final = timedelta(days=35)
TIME_LIMIT_S: Final = 20.0
_NEW: Final = -1


class Preview(Struct, frozen=True, kw_only=True):
    """What would have been; `queries` are those that were asked, with their values filled in."""

    picture: Picture
    queries: tuple[str, ...]


def preview(
    *,
    spec: ObjectiveSpec,
    indicator: IndicatorSpec | None,
    back: timedelta | None = None,
    now: datetime,
) -> Preview:
    """Play a draft over the last `back` (its window unless given, at most 35 days).

    With `indicator` its counts are read from the source now; stored ones are taken for those that
    exist. Saves nothing. Not within a transaction. Raises ObjectiveUnclear, QueryInvalid,
    SourceNotFound, SourceSilent, IndicatorNotFound, ServiceNotFound.
    """
    whole = spec if indicator is None else _with(spec)
    for name, reason in objective_flaws(whole):
        raise errors.ObjectiveUnclear(field=name, reason=reason)
    until = floor_minute(now - timedelta(minutes=1))
    over = Bounds(until - min(back or span_length(spec.promise.window.span), MOST), until)
    if over.length < timedelta(hours=1):
        raise errors.TimesUnclear(field="hours", reason="Look back for an hour at least.")
    members = list(whole.members) or [Member(indicator_id=_number(whole))]
    known, measures, queries = _read(whole, indicator, members, over, now)
    promise = whole.promise
    picture = replay(
        promise,
        [
            DraftMember(
                minutes=known[one.indicator_id],
                target=promise.target if one.target is None else one.target,
                slice_target=promise.slice_target if one.slice_target is None else one.slice_target,
                weight=one.weight,
            )
            for one in members
        ],
        rules=whole.alerts,
        measure=measures,
        over=over,
    )
    return Preview(picture=picture, queries=queries)


def filled(spec: IndicatorSpec, values: Mapping[str, str]) -> tuple[str, ...]:
    """The queries as they are asked. Raises QueryInvalid, SourceNotFound."""
    if spec.origin is not Origin.METRICS or spec.source_id is None:
        return ()
    texts = (spec.query, spec.total if spec.measure.has_total else "", spec.created)
    return tuple(telemetry.fill_query(spec.source_id, text, values) for text in texts if text)


def _with(spec: ObjectiveSpec) -> ObjectiveSpec:
    return replace(spec, indicator_id=_NEW, members=())


def _number(spec: ObjectiveSpec) -> int:
    assert spec.indicator_id is not None, "checked: without members there is an indicator"  # noqa: S101 - narrows
    return spec.indicator_id


def _read(
    spec: ObjectiveSpec,
    indicator: IndicatorSpec | None,
    members: Sequence[Member],
    over: Bounds,
    now: datetime,
) -> tuple[dict[int, Mapping[datetime, Tally]], Measure, tuple[str, ...]]:
    """The minutes by indicator, what they are measured in, and the queries."""
    if indicator is None:
        return _stored([one.indicator_id for one in members], over)
    service = catalog_queries.service(spec.service_id)
    values = {"service": service.slug, "environment": Environment(spec.environment).value}
    check_indicator(indicator, values)
    asked = AskedCounts(spec=indicator, over=over, values=values)
    (counted,) = read_counts([asked], now=now, time_limit_s=TIME_LIMIT_S)
    if counted.problem:
        raise errors.SourceSilent(problem=counted.problem, field="query")
    return {_NEW: counted.minutes}, indicator.measure, filled(indicator, values)


def _stored(
    ids: Sequence[int], over: Bounds
) -> tuple[dict[int, Mapping[datetime, Tally]], Measure, tuple[str, ...]]:
    views = indicators(ids)
    for number in ids:
        if number not in views:
            raise errors.IndicatorNotFound(indicator=number)
    known = stored_minutes([view.series_id for view in views.values()], over)
    queries = tuple(one for view in views.values() for one in filled(view.spec, view.values))
    measures = [view.spec.measure for view in views.values()]
    all_events = all(one.has_total for one in measures)
    measure = measures[0] if all_events else Measure.SUCCESS
    return {view.id: known[view.series_id] for view in views.values()}, measure, queries
