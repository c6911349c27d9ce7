"""What documents become here, and that our own objectives survive the way there and back."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
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
    other = {"metricSource": {"metricSourceRef": "other", "spec": {"query": "t"}}}
    ratio = {"good": metric(), "total": other}
    assert "one source" in said(drafts(slo(indicator=inline({"ratioMetric": ratio}))))


def test_policies_become_pairs_with_a_short_window() -> None:
    quick = policy(alertWhenNoData=True)
    found = drafts(
        condition(op="lte", threshold=14.4, alertAfter="5m"),
        quick,
        slo(alertPolicies=["checkout", "nobody"]),
    )
    _, objective = only(found)
    assert objective.alerts == AlertRules(
        pairs=(Pair(name="checkout", severity=Severity.PAGE, long=60, short=5, factor=14.4),),
        absent=True,
    )
    assert "waits 5m" in said(found)
    assert "is not taken over" in said(found)


def test_policies_inline_and_those_that_never_alert() -> None:
    inner = {"metadata": {"name": "c"}, "spec": condition()["spec"]}
    inner["spec"] = {**inner["spec"], "severity": "low"}
    quiet = policy(conditions=[inner], alertWhenBreaching=False, notificationTargets=[])
    (objective,) = drafts(quiet, slo(alertPolicies=["checkout"])).objectives
    assert objective.alerts is not None
    assert not objective.alerts.is_on
    loud = policy(conditions=[inner], notificationTargets=[])
    (objective,) = drafts(loud, slo(alertPolicies=["checkout"])).objectives
    assert objective.alerts is not None
    assert objective.alerts.pairs[0].severity is Severity.TICKET


def test_thresholds_that_always_or_never_fire_are_told() -> None:
    never = drafts(
        condition(threshold=20),
        policy(),
        slo(alertPolicies=["checkout"], objectives=[{"target": 0.9}]),
    )
    assert "taken down to 8" in said(never)
    always = drafts(condition(threshold=0), policy(), slo(alertPolicies=["checkout"]))
    assert "always" in said(always)
    assert always.objectives == ()


def test_a_policy_without_a_readable_condition_gives_no_pair() -> None:
    broken = condition(threshold=None)
    (objective,) = drafts(broken, policy(), slo(alertPolicies=["checkout"])).objectives
    assert objective.alerts is None


def test_an_upload_without_an_slo_is_told() -> None:
    assert "There is no SLO" in said(drafts(document("Service", "shop")))


@pytest.mark.parametrize(
    "value", ["nonsense", "[1]", '{"is_on": 1}', '{"is_on": true, "scaling": "x"}', "[" * 9000]
)
def test_annotations_that_make_no_sense_are_told_and_left_out(value: str) -> None:
    wrong = slo()
    wrong["metadata"]["annotations"] = {"evenfall/alerts": value[:19_000]}
    found = drafts(wrong)
    assert "cannot be read" in said(found)
    assert found.objectives[0].alerts is None


RIGHT_RULES = {
    "is_on": True,
    "scaling": "fixed",
    "absent": True,
    "exhausted": True,
    "least_total": 1,
    "least_bad": 1,
    "budget_share": True,
    "exact": True,
}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("no-data", "maybe"),
        ("budget-policy", '{"warn_below": 2, "thaw_from": 0}'),
        (
            "alerts",
            json.dumps({**RIGHT_RULES, "least_total": -1}),
        ),
    ],
)
def test_values_out_of_their_range_are_told(key: str, value: str) -> None:
    wrong = slo()
    wrong["metadata"]["annotations"] = {f"evenfall/{key}": value, "evenfall/environment": "moon"}
    found = drafts(wrong)
    assert "cannot be read" in said(found)
    assert found.objectives[0].environment == "PROD"


def test_a_composite_of_slices_says_its_targets() -> None:
    found = drafts(composite(budgetingMethod="RatioTimeslices"))
    assert found.objectives == ()


YEAR_2020 = datetime.fromisoformat("2020-01-01")
YEAR_2030 = datetime.fromisoformat("2030-01-01")
shares = st.integers(1, 9_999).map(lambda many: float(Decimal(many) / 10_000))
specs = st.one_of(
    st.builds(
        IndicatorSpec,
        measure=st.sampled_from([Measure.GOOD, Measure.BAD]),
        query=names,
        total=names,
        created=st.just("") | names,
        is_counter=st.booleans(),
    ),
    st.builds(
        IndicatorSpec,
        measure=st.sampled_from([Measure.SUCCESS, Measure.FAILURE]),
        query=names,
        is_counter=st.just(False),
    ),
    st.builds(
        IndicatorSpec,
        measure=st.just(Measure.THRESHOLD),
        query=names,
        is_counter=st.just(False),
        op=st.sampled_from(Op),
        limit=st.floats(0.001, 1000),
    ),
    st.builds(
        IndicatorSpec,
        origin=st.just(Origin.PUSHED),
        measure=st.sampled_from([Measure.GOOD, Measure.BAD]),
        is_counter=st.booleans(),
    ),
    st.lists(st.integers(1, 99), min_size=1, max_size=3).map(
        lambda ids: IndicatorSpec(origin=Origin.MONITORS, is_counter=False, monitor_ids=tuple(ids))
    ),
)
windows = st.one_of(
    st.builds(Window, span=st.builds(Span, st.integers(1, 90), st.sampled_from(Unit))),
    st.builds(
        Window,
        span=st.builds(Span, st.integers(1, 3), st.sampled_from([Unit.MONTH, Unit.QUARTER])),
        zone=st.sampled_from(["Europe/Vienna", "UTC"]),
        starts=st.datetimes(YEAR_2020, YEAR_2030).map(lambda at: at.replace(microsecond=0)),
    ),
)


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    long = draw(st.integers(12, 5000))
    return Pair(
        name=draw(names),
        severity=draw(st.sampled_from(Severity)),
        long=long,
        short=draw(st.integers(1, long - 1)),
        factor=draw(st.floats(0.1, 0.9)),
    )


@st.composite
def rules(draw: st.DrawFn) -> AlertRules:
    """Rules that are on have a pair: without one OpenSLO has nothing to hold them."""
    return AlertRules(
        is_on=True,
        scaling=draw(st.sampled_from(Scaling)),
        pairs=tuple(
            draw(st.lists(pairs(), min_size=1, max_size=3, unique_by=lambda pair: pair.name))
        ),
        low_traffic=draw(
            st.builds(
                LowTraffic,
                least_total=st.integers(0, 100),
                least_bad=st.integers(0, 100),
                budget_share=st.booleans(),
                exact=st.booleans(),
            )
        ),
        absent=draw(st.booleans()),
        exhausted=draw(st.booleans()),
    )


@st.composite
def promises(draw: st.DrawFn) -> Promise:
    method = draw(st.sampled_from(Method))
    is_slices = method is Method.TIMESLICES
    return Promise(
        target=draw(shares),
        window=draw(windows),
        method=method,
        slice_target=draw(shares) if is_slices else 1.0,
        slice_minutes=draw(st.sampled_from(SLICES)) if method.has_slices else 1,
        no_data=draw(st.sampled_from(NoData)),
    )


@st.composite
def own_drafts(draw: st.DrawFn) -> Drafts:
    slugs = draw(st.lists(names, min_size=2, max_size=2, unique=True))
    indicators = [
        DraftIndicator(
            slug=slug,
            name=draw(words),
            service=draw(st.sampled_from(["shop", "till"])),
            source="prom" if said.origin is Origin.METRICS else "",
            spec=said,
            environment="PROD",
        )
        for slug, said in zip(slugs, draw(st.lists(specs, min_size=2, max_size=2)), strict=True)
    ]
    is_composite, promise = draw(st.booleans()), draw(promises())
    is_slices = promise.method is Method.TIMESLICES
    slice_target = 0.54321 if is_slices else None
    target = None if promise.method.has_slices else 0.12345
    members = [
        DraftMember(indicator=slugs[0], weight=2.0),
        DraftMember(indicator=slugs[1], target=target, slice_target=slice_target),
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


def test_the_usual_pairs_come_back_as_they_went() -> None:
    """They are fitted to the target where they are used, so they stay above what is reachable."""
    _, objective = only(drafts(slo(objectives=[{"target": 0.5}])))
    own = Drafts(
        indicators=drafts(slo()).indicators,
        objectives=(replace(objective, alerts=AlertRules()),),
    )
    found = translate(read(write(documents_of(own))))
    assert found.objectives[0].alerts == AlertRules()
    assert "taken down" not in said(found)


def test_policies_of_one_title_get_names_of_their_own() -> None:
    quick, slow = policy(notificationTargets=[]), policy(notificationTargets=[])
    for number, one in enumerate((quick, slow)):
        one["metadata"] = {"name": f"p{number}", "displayName": "Burn"}
    (objective,) = drafts(condition(), quick, slow, slo(alertPolicies=["p0", "p1"])).objectives
    assert objective.alerts is not None
    assert [pair.name for pair in objective.alerts.pairs] == ["Burn", "Burn 2"]


def test_a_composite_of_ratio_slices_has_one_target() -> None:
    members = [
        {"target": target, "timeSliceWindow": "1m", "indicator": inline(RATIO)}
        for target in (0.99, 0.9)
    ]
    found = drafts(slo(indicator=None, budgetingMethod="RatioTimeslices", objectives=members))
    assert [one.target for one in found.objectives[0].members] == [None, None]
