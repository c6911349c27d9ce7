"""What documents become here, and that our own objectives survive the way there and back."""

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.slo.openslo_strategies import names, words
from tests.unit.slo.test_openslo_lint import (
    RATIO,
    THRESHOLD,
    composite,
    condition,
    document,
    inline,
    metric,
    policy,
    reading,
    slo,
)

from evenfall.slo.logic.openslo.drafts import (
    DraftIndicator,
    DraftMember,
    DraftObjective,
    Drafts,
    NamedThing,
)
from evenfall.slo.logic.openslo.exporting import documents_of
from evenfall.slo.logic.openslo.reading import read
from evenfall.slo.logic.openslo.translating import translate
from evenfall.slo.logic.openslo.writing import write
from evenfall.slo.logic.pairs import Pair, Scaling, Severity
from evenfall.slo.logic.spec import (
    SLICES,
    AlertRules,
    IndicatorSpec,
    LowTraffic,
    Measure,
    Method,
    NoData,
    Op,
    Origin,
    Policy,
    Promise,
    Span,
    Unit,
    Window,
)


def drafts(*documents: dict[str, Any]) -> Drafts:
    return translate(reading(*documents))


def only(found: Drafts) -> tuple[DraftIndicator, DraftObjective]:
    (indicator,), (objective,) = found.indicators, found.objectives
    return indicator, objective


def said(found: Drafts) -> str:
    return "\n".join(f"{note.severity} {note.text} {note.todo}" for note in found.notes)


def test_an_slo_becomes_an_indicator_and_an_objective() -> None:
    """Complaints 7 and 12: what other tools define is shown here as it is."""
    found = drafts(slo())
    indicator, objective = only(found)
    assert (indicator.slug, indicator.source, indicator.service) == ("inner", "prom", "shop")
    assert indicator.spec == IndicatorSpec(query="good", total="total")
    assert (objective.slug, objective.indicator) == ("checkout", "inner")
    assert objective.promise == Promise(target=0.99, window=Window(span=Span(28, Unit.DAY)))
    assert objective.alerts is None
    assert [one.name for one in found.services] == ["shop"]
    assert [one.name for one in found.sources] == ["prom"]


def test_titles_and_types_come_from_the_documents() -> None:
    service = document("Service", "shop")
    service["metadata"]["displayName"] = "The shop"
    found = drafts(service, document("DataSource", "prom", type="prometheus"), slo())
    assert found.services == (NamedThing(name="shop", title="The shop"),)
    assert found.sources == (NamedThing(name="prom", title="prom", type="prometheus"),)


def test_several_objectives_become_one_each_of_one_indicator() -> None:
    targets = [{"target": 0.9}, {"targetPercent": 99.95, "displayName": "Gold"}, {"target": 0.9}]
    found = drafts(slo(objectives=targets))
    assert [one.slug for one in found.objectives] == [
        "checkout-90",
        "checkout-99-95",
        "checkout-90-2",
    ]
    assert found.objectives[1].name == "checkout: Gold"
    assert len(found.indicators) == 1


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        ({"bad": metric("b"), "total": metric("t"), "counter": True}, Measure.BAD),
        ({"raw": metric("r"), "rawType": "success"}, Measure.SUCCESS),
        ({"raw": metric("r"), "rawType": "failure"}, Measure.FAILURE),
    ],
)
def test_ratios_keep_their_meaning(ratio: dict[str, Any], expected: Measure) -> None:
    indicator, _ = only(drafts(slo(indicator=inline({"ratioMetric": ratio}))))
    assert indicator.spec.measure is expected
    assert indicator.spec.is_counter is (expected is Measure.BAD)


def test_one_threshold_with_two_limits_is_two_indicators() -> None:
    sli = document("SLI", "latency", **THRESHOLD)
    objective = {"target": 0.9, "op": "lt", "value": 0.3}
    fast = slo(indicator=None, indicatorRef="latency", objectives=[objective])
    slow = slo(indicator=None, indicatorRef="latency", objectives=[{**objective, "value": 2}])
    same = slo(indicator=None, indicatorRef="latency", objectives=[objective])
    for one, name in ((slow, "slow"), (same, "same")):
        one["metadata"] = {"name": name}
    found = drafts(sli, fast, slow, same)
    assert [(one.slug, one.spec.limit) for one in found.indicators] == [
        ("latency", 0.3),
        ("latency-2", 2.0),
    ]
    assert [one.indicator for one in found.objectives] == ["latency", "latency-2", "latency"]
    assert found.indicators[0].spec.op is Op.LT


def test_an_inline_indicator_with_a_name_that_is_taken_is_another_one() -> None:
    other = document("SLI", "inner", **THRESHOLD)
    found = drafts(other, slo())
    assert [one.slug for one in found.indicators] == ["checkout-inner"]
    assert "No SLO uses this SLI" in said(found)


def test_composites_keep_weights_and_targets_of_their_members() -> None:
    members = [
        {"target": 0.99, "indicator": inline(RATIO), "compositeWeight": 2},
        {"target": 0.9, "indicator": {"spec": THRESHOLD}, "op": "gt", "value": 1},
    ]
    found = drafts(slo(indicator=None, objectives=members))
    (objective,) = found.objectives
    assert objective.members == (
        DraftMember(indicator="inner", weight=2),
        DraftMember(indicator="checkout-sli", weight=1, target=0.9),
    )
    assert "several targets" in said(found)


def test_slices_fill_each_hour_and_have_one_length() -> None:
    slices = {"target": 0.9, "timeSliceTarget": 0.95, "timeSliceWindow": "7m"}
    found = drafts(slo(budgetingMethod="Timeslices", objectives=[slices]))
    assert found.objectives == ()
    assert "Slices here fill each hour" in said(found)
    members = [
        {"target": 0.9, "timeSliceWindow": length, "indicator": inline(RATIO)}
        for length in ("1m", "5m")
    ]
    mixed = slo(indicator=None, budgetingMethod="RatioTimeslices", objectives=members)
    assert "one length" in said(drafts(mixed))
    right = {**slices, "timeSliceWindow": "5m"}
    _, objective = only(drafts(slo(budgetingMethod="Timeslices", objectives=[right])))
    assert (objective.promise.slice_target, objective.promise.slice_minutes) == (0.95, 5)


def test_a_rolling_month_is_thirty_days_and_said_to_be() -> None:
    found = drafts(slo(timeWindow=[{"duration": "1M"}]))
    assert found.objectives[0].promise.window == Window(span=Span(1, Unit.MONTH))
    assert "Write 30d." in said(found)


def test_a_calendar_window_keeps_its_zone() -> None:
    calendar = {"startTime": "2026-01-01 00:00:00", "timeZone": "Asia/Tokyo"}
    _, objective = only(drafts(slo(timeWindow=[{"duration": "1M", "calendar": calendar}])))
    assert objective.promise.window == Window(
        span=Span(1, Unit.MONTH), zone="Asia/Tokyo", starts=datetime.fromisoformat("2026-01-01")
    )


def with_query(spec: dict[str, Any], *, counter: bool = True) -> Drafts:
    part = {"metricSource": {"metricSourceRef": "prom", "spec": spec}}
    return drafts(
        slo(indicator=inline({"ratioMetric": {"counter": counter, "good": part, "total": part}}))
    )


def test_the_query_is_found_under_its_usual_names_or_as_the_only_text() -> None:
    for spec in ({"query": "q"}, {"promql": "q"}, {"expr": " q "}, {"anything": "q", "n": 1}):
        assert only(with_query(spec))[0].spec.query == "q"
    found = with_query({"table": "a", "column": "b"})
    assert "`spec` has column, table" in said(found)
    assert (found.objectives, found.indicators) == ((), ())
    assert "`spec` has nothing" in said(with_query({}))


def test_templates_of_other_tools_are_filled_in_or_refused() -> None:
    found = with_query({"query": "sum(rate(x[{{.window}}]))"}, counter=False)
    assert only(found)[0].spec.query == "sum(rate(x[1m]))"
    assert "1m is put in" in said(found)
    assert "another tool fills in" in said(with_query({"query": "x{a='{{.labels}}'}"}))


def test_differences_that_a_query_takes_itself_are_told() -> None:
    found = with_query({"query": "sum(increase(x[5m]))"})
    assert not only(found)[0].spec.is_counter
    assert "Write counter: false." in said(found)
    assert "looks back 5m" in said(found)
    assert not with_query({"query": "sum(rate(x[1m:10s]))"}, counter=False).notes[1:]


def test_both_metrics_of_a_ratio_have_one_source() -> None:
    slice_target = 0.54321 if is_slices else None
    members = [
        DraftMember(indicator=slugs[0], weight=2.0),
        DraftMember(indicator=slugs[1], target=0.12345, slice_target=slice_target),
    ]
    objective = DraftObjective(
        slug=draw(names),
        name=draw(words),
        document=0,
        service="shop",
        promise=promise,
        environment="PROD",
        indicator="" if is_composite else slugs[0],
        members=tuple(members) if is_composite else (),
        description=draw(st.just("") | words),
        alerts=draw(rules()),
        policy=draw(st.builds(Policy, warn_below=shares, thaw_from=shares)),
        labels=draw(st.just({}) | st.just({"team": ("a", "b")})),
    )
    return Drafts(
        services=(NamedThing(name="shop", title="The shop"),),
        sources=(NamedThing(name="prom", title="Prometheus", type="prometheus"),)
        if any(one.source for one in indicators)
        else (),
        indicators=tuple(indicators) if is_composite else (indicators[0],),
        objectives=(objective,),
    )


@given(own_drafts())
@settings(max_examples=150, deadline=None)
def test_our_objectives_survive_the_way_there_and_back(own: Drafts) -> None:
    found = translate(read(write(documents_of(own))))
    assert [note for note in found.notes if note.is_error] == []
    assert found.indicators == own.indicators
    assert [replace(one, document=0) for one in found.objectives] == list(own.objectives)
    assert found.services == own.services


def test_alerts_that_are_off_stay_off() -> None:
    _, objective = only(drafts(slo()))
    own = Drafts(
        indicators=(
            DraftIndicator(
                slug="inner",
                name="inner",
                service="shop",
                source="prom",
                spec=IndicatorSpec(query="g", total="t"),
                environment="UAT",
            ),
        ),
        objectives=(replace(objective, alerts=AlertRules(is_on=False), environment="UAT"),),
    )
    found = translate(read(write(documents_of(own))))
    assert found.objectives[0].alerts == AlertRules(is_on=False)
    assert {found.objectives[0].environment, found.indicators[0].environment} == {"UAT"}
