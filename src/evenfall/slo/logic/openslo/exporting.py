"""From drafts, which is what our rows become, to OpenSLO documents; reading them gives the same."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from evenfall.slo.logic import spec
from evenfall.slo.logic.openslo import alerting, annotations
from evenfall.slo.logic.openslo.drafts import (
    OWN_TYPE,
    DraftIndicator,
    DraftMember,
    DraftObjective,
    Drafts,
)
from evenfall.slo.logic.openslo.durations import Duration, Unit, from_minutes
from evenfall.slo.logic.openslo.structs import (
    Budgeting,
    DataSource,
    Document,
    Indicator,
    Meta,
    Metric,
    Objective,
    Op,
    Ratio,
    RawType,
    Service,
    Slo,
    Window,
)


def documents_of(drafts: Drafts) -> Iterator[Document]:
    """Sources and services first, then what refers to them; each objective is an SLO."""
    types = {one.name: one.type for one in drafts.sources}
    for source in drafts.sources:
        meta = Meta(name=source.name, display_name=source.title)
        yield DataSource(meta=meta, type=source.type or "unknown")
    for service in drafts.services:
        yield Service(meta=Meta(name=service.name, display_name=service.title))
    for indicator in drafts.indicators:
        yield _indicator(indicator, types.get(indicator.source, ""))
    known = {one.slug: one for one in drafts.indicators}
    for objective in drafts.objectives:
        yield _slo(objective, known)


def _indicator(draft: DraftIndicator, kind: str) -> Indicator:
    said = draft.spec
    meta = Meta(
        name=draft.slug,
        display_name=draft.name,
        labels=draft.labels,
        annotations=annotations.of_indicator(draft),
    )
    if said.origin is not spec.Origin.METRICS:
        own = Metric(type=OWN_TYPE, spec=_own(said))
        is_bad = said.measure is spec.Measure.BAD
        ratio = Ratio(
            good=None if is_bad else own,
            bad=own if is_bad else None,
            total=own,
            counter=said.is_counter,
        )
        return Indicator(meta=meta, description=draft.description, ratio=ratio)
    if said.measure is spec.Measure.THRESHOLD:
        threshold = _metric(draft, said.query, kind)
        return Indicator(meta=meta, description=draft.description, threshold=threshold)
    return Indicator(meta=meta, description=draft.description, ratio=_ratio(draft, kind))


def _own(said: spec.IndicatorSpec) -> dict[str, Any]:
    return {"origin": said.origin.value} | (
        {"monitors": list(said.monitor_ids)} if said.monitor_ids else {}
    )


def _ratio(draft: DraftIndicator, kind: str) -> Ratio:
    said = draft.spec
    part = _metric(draft, said.query, kind)
    if said.measure.has_total:
        total = _metric(draft, said.total, kind)
        if said.measure is spec.Measure.GOOD:
            return Ratio(good=part, total=total, counter=said.is_counter)
        return Ratio(bad=part, total=total, counter=said.is_counter)
    is_good = said.measure is spec.Measure.SUCCESS
    return Ratio(raw=part, raw_type=RawType.SUCCESS if is_good else RawType.FAILURE)


def _metric(draft: DraftIndicator, query: str, kind: str) -> Metric:
    return Metric(
        source_ref=draft.source,
        type=kind or ("" if draft.source else "unknown"),
        spec={"query": query},
    )


def _slo(draft: DraftObjective, known: Mapping[str, DraftIndicator]) -> Slo:
    promise = draft.promise
    said = annotations.of_objective(draft)
    rules = draft.alerts or spec.AlertRules()
    return Slo(
        meta=Meta(name=draft.slug, display_name=draft.name, labels=draft.labels, annotations=said),
        description=draft.description,
        service=draft.service,
        indicator_ref=draft.indicator,
        budgeting=Budgeting(promise.method.value),
        window=_window(promise.window),
        objectives=tuple(_objectives(draft, known)),
        policies=tuple(alerting.policies_of(draft.slug, rules)),
    )


def _objectives(draft: DraftObjective, known: Mapping[str, DraftIndicator]) -> Iterator[Objective]:
    if not draft.members:
        yield _objective(draft.promise, known.get(draft.indicator))
    for member in draft.members:
        yield _objective(draft.promise, known.get(member.indicator), member)


def _objective(
    promise: spec.Promise, indicator: DraftIndicator | None, member: DraftMember | None = None
) -> Objective:
    is_threshold = indicator is not None and indicator.spec.measure is spec.Measure.THRESHOLD
    target = member.target if member and member.target is not None else promise.target
    slice_target = promise.slice_target
    if member and member.slice_target is not None:
        slice_target = member.slice_target
    is_slices = promise.method is spec.Method.TIMESLICES
    return Objective(
        target=Decimal(str(target)),
        op=Op(indicator.spec.op.value) if is_threshold and indicator else None,
        value=indicator.spec.limit if is_threshold and indicator else None,
        slice_target=Decimal(str(slice_target)) if is_slices else None,
        slice_window=from_minutes(promise.slice_minutes) if promise.method.has_slices else None,
        indicator_ref=member.indicator if member else "",
        weight=member.weight if member else None,
    )


def _window(window: spec.Window) -> Window:
    duration = Duration(window.span.number, Unit(window.span.unit.value))
    if window.is_rolling:
        return Window(duration=duration, is_rolling=True)
    starts = window.starts.isoformat(sep=" ") if window.starts else ""
    return Window(duration=duration, is_rolling=False, starts_at=starts, zone=window.zone)
