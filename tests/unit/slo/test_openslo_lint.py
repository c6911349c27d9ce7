"""What is said about documents that are not quite right, and what is read of those that are."""

from decimal import Decimal
from typing import Any

import pytest
import yaml

from evenfall.slo.logic.openslo.durations import Duration, Unit
from evenfall.slo.logic.openslo.reading import Reading, read
from evenfall.slo.logic.openslo.structs import (
    AlertPolicy,
    Budgeting,
    Condition,
    Indicator,
    Op,
    RawType,
    Slo,
)


def document(kind: str, name: str = "checkout", /, **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "openslo/v1",
        "kind": kind,
        "metadata": {"name": name},
        "spec": spec,
    }


def metric(query: str = "up") -> dict[str, Any]:
    return {"metricSource": {"metricSourceRef": "prom", "spec": {"query": query}}}


RATIO = {"ratioMetric": {"counter": True, "good": metric("good"), "total": metric("total")}}
THRESHOLD = {"thresholdMetric": metric("latency")}


def inline(spec: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"name": "inner"}, "spec": spec}


def slo(**changed: Any) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "service": "shop",
        "indicator": inline(RATIO),
        "timeWindow": [{"duration": "28d", "isRolling": True}],
        "budgetingMethod": "Occurrences",
        "objectives": [{"target": 0.99}],
    } | changed
    return document("SLO", **{key: value for key, value in spec.items() if value is not None})


def reading(*documents: dict[str, Any]) -> Reading:
    return read(yaml.safe_dump_all(documents))


def told(*documents: dict[str, Any]) -> list[str]:
    """All notes but the one that the service is not among the documents."""
    return [
        f"{note.severity} {note.path}: {note.text} {note.todo}"
        for note in reading(*documents).notes
        if note.path != "spec.service" or note.is_error
    ]


def only_slo(*documents: dict[str, Any]) -> Slo:
    found = [one.document for one in reading(*documents).found]
    (one,) = [one for one in found if isinstance(one, Slo)]
    return one


def test_a_right_slo_has_no_note() -> None:
    """Complaint 7: OpenSLO is read as it is."""
    assert told(slo()) == []
    found = only_slo(slo())
    assert found.objectives[0].target == Decimal("0.99")
    assert found.window.duration == Duration(28, Unit.DAY)


@pytest.mark.parametrize("written", ["Occurrences", "occurrences", "OCCURRENCES"])
def test_methods_are_read_in_any_case(written: str) -> None:
    assert only_slo(slo(budgetingMethod=written)).budgeting is Budgeting.OCCURRENCES


def test_truths_in_quotes_are_truths() -> None:
    window = {"duration": "1d", "isRolling": "True"}
    assert only_slo(slo(timeWindow=[window], alertPolicies=["checkout"])).window.is_rolling


@pytest.mark.parametrize("written", ["Timeslices", "TimeSlices", "timeslices"])
def test_time_slices_are_read_in_any_case(written: str) -> None:
    """The specification itself writes both."""
    objective = {"target": 0.99, "timeSliceTarget": 0.95, "timeSliceWindow": 5}
    found = only_slo(slo(budgetingMethod=written, objectives=[objective]))
    assert found.budgeting is Budgeting.TIMESLICES
    assert found.objectives[0].slice_window == Duration(5, Unit.MINUTE)


def test_m_is_a_minute_and_capital_m_a_month() -> None:
    month = only_slo(slo(timeWindow=[{"duration": "1M", "isRolling": True}])).window.duration
    assert (month.unit, month.is_exact) == (Unit.MONTH, False)
    assert [Duration(1, unit).length.days for unit in Unit] == [0, 0, 1, 7, 30, 90, 365]


def test_a_percent_is_a_share_without_rounding() -> None:
    found = only_slo(slo(objectives=[{"targetPercent": 99.9}]))
    assert found.objectives[0].target == Decimal("0.999")


def test_several_ratio_objectives_are_one_slo() -> None:
    found = only_slo(slo(objectives=[{"target": 0.9}, {"targetPercent": "99.95"}]))
    assert [one.target for one in found.objectives] == [Decimal("0.9"), Decimal("0.9995")]


def test_a_calendar_window_has_a_wall_time_and_a_zone() -> None:
    """Complaint 15: any calendar window, in any zone."""
    window = {
        "duration": "1Q",
        "calendar": {"startTime": "2026-01-01 00:00:00", "timeZone": "Europe/Vienna"},
    }
    found = only_slo(slo(timeWindow=[window])).window
    assert (found.is_rolling, found.zone) == (False, "Europe/Vienna")
    assert found.starts_at == "2026-01-01 00:00:00"


def test_the_start_of_a_calendar_may_stand_without_quotes() -> None:
    text = yaml.safe_dump(slo()).replace(
        "isRolling: true",
        "calendar: {startTime: 2026-01-01 00:00:00, timeZone: UTC}",
    )
    (found,) = read(text).found
    assert isinstance(found.document, Slo)
    assert found.document.window.starts_at == "2026-01-01 00:00:00"


WRONG_SLOS = [
    ({"objectives": [{"target": 99.9}]}, "objectives[0].target", "targetPercent: 99.9"),
    ({"objectives": [{"target": 1}]}, "objectives[0].target", "to below 1"),
    ({"objectives": [{"targetPercent": 100}]}, "targetPercent", "below 100"),
    ({"objectives": [{"targetPercent": 0.99}]}, "targetPercent", "next to nothing"),
    ({"objectives": [{"target": 0.9, "targetPercent": 90}]}, "objectives[0]", "one target"),
    ({"objectives": [{}]}, "objectives[0]", "one target"),
    ({"objectives": [{"target": 200}]}, "objectives[0].target", "Write such as 0.999"),
    ({"service": ["shop"]}, "spec.service", "not a text"),
    ({"service": " "}, "spec.service", "is empty"),
    ({"objectives": [{"target": True}]}, "target", "not a number"),
    ({"objectives": []}, "spec.objectives", "no objective"),
    ({"objectives": ["0.99"]}, "objectives[0]", "not a mapping"),
    ({"objectives": {"target": 0.9}}, "spec.objectives", "not a list"),
    ({"objectives": [{"target": 0.9, "compositeWeight": 2}]}, "compositeWeight", "Remove it"),
    ({"objectives": [{"target": 0.9, "compositeWeight": 0}]}, "compositeWeight", "more than 0"),
    ({"objectives": [{"target": 0.9, "op": "lt", "value": 1}]}, "objectives[0]", "mean nothing"),
    ({"objectives": [{"target": 0.9, "op": "eq"}]}, "op", "Choose one of lte, gte, lt, gt"),
    ({"objectives": [{"target": 0.9, "timeSliceTarget": 0.9}]}, "timeSliceTarget", "not use"),
    ({"objectives": [{"target": 0.9, "timeSliceWindow": "1m"}]}, "timeSliceWindow", "often"),
    ({"objectives": [{"target": 0.9, "timeSliceWindow": "1M"}]}, "timeSliceWindow", "5m"),
    ({"objectives": [{"target": 0.9, "timeSliceWindow": 1.5}]}, "timeSliceWindow", "duration"),
    ({"objectives": [{"target": 0.9, "timeSliceTarget": 1.5}]}, "timeSliceTarget", "above 0"),
    ({"budgetingMethod": "Timeslices"}, "timeSliceTarget", "missing"),
    ({"budgetingMethod": "RatioTimeslices"}, "timeSliceWindow", "missing"),
    ({"budgetingMethod": "Guess"}, "budgetingMethod", "Choose one of Occurrences"),
    ({"budgetingMethod": None}, "budgetingMethod", "missing"),
    ({"timeWindow": []}, "timeWindow", "exactly one"),
    ({"timeWindow": [{"duration": "1d"}, {"duration": "2d"}]}, "timeWindow", "exactly one"),
    ({"timeWindow": [{}]}, "timeWindow[0].duration", "missing"),
    ({"timeWindow": [{"duration": "28 days"}]}, "duration", "28d"),
    ({"timeWindow": [{"duration": "0d"}]}, "duration", "no length"),
    ({"timeWindow": [{"duration": "1d", "isRolling": False}]}, "calendar", "startTime"),
    ({"timeWindow": [{"duration": "1d", "isRolling": "maybe"}]}, "isRolling", "neither true"),
    (
        {"timeWindow": [{"duration": "1d", "isRolling": True, "calendar": {}}]},
        "calendar",
        "A rolling window has no calendar",
    ),
    (
        {"timeWindow": [{"duration": "1M", "calendar": {"startTime": "1 May", "timeZone": "UTC"}}]},
        "startTime",
        "YYYY-MM-DD",
    ),
    (
        {
            "timeWindow": [
                {
                    "duration": "1M",
                    "calendar": {"startTime": "2026-02-31 00:00:00", "timeZone": "../etc"},
                }
            ]
        },
        "timeZone",
        "no time zone",
    ),
    ({"indicator": None}, "spec", "one indicator"),
    ({"indicatorRef": "other"}, "spec", "one indicator"),
    ({"indicator": None, "indicatorRef": "nobody"}, "spec.indicatorRef", "no SLI nobody"),
    ({"indicator": inline({})}, "indicator.spec", "one of two metrics"),
    ({"indicator": inline(RATIO | THRESHOLD)}, "indicator.spec", "one of two metrics"),
    ({"indicator": {"spec": THRESHOLD}}, "objectives[0]", "needs op and value"),
    ({"service": None}, "spec.service", "missing"),
    ({"service": "The Shop"}, "spec.service", "is not a name"),
    ({"sevice": "shop"}, "spec.sevice", "no such field"),
    ({"description": "x" * 1051}, "spec.description", "1050"),
    ({"alertPolicies": [7]}, "alertPolicies[0]", "no alert policy"),
    ({"alertPolicies": ["nobody"]}, "alertPolicies[0]", "no AlertPolicy nobody"),
    ({"alertPolicies": "nobody"}, "alertPolicies", "not a list"),
]


@pytest.mark.parametrize(("changed", "path", "said"), WRONG_SLOS)
def test_what_is_wrong_with_an_slo_is_told_with_its_place(
    changed: dict[str, Any], path: str, said: str
) -> None:
    assert any(path in line and said in line for line in told(slo(**changed))), told(slo(**changed))


WRONG_RATIOS = [
    ({"good": metric(), "bad": metric(), "total": metric()}, "either good or bad"),
    ({"total": metric()}, "either good or bad"),
    ({"good": metric()}, "metric of all events"),
    ({"raw": metric()}, "success or failure"),
    ({"raw": metric(), "rawType": "success", "total": metric()}, "stands alone"),
    ({"raw": metric(), "rawType": "success", "counter": True}, "means nothing"),
    ({"good": metric(), "total": metric(), "rawType": "success"}, "means nothing"),
    ({"good": {"metricSource": {"spec": {}}}, "total": metric()}, "Nothing says where"),
    ({"good": {"metricSource": {"type": "x"}}, "total": metric()}, "missing"),
    ({"good": {}, "total": metric()}, "missing"),
]


@pytest.mark.parametrize(("ratio", "said"), WRONG_RATIOS)
def test_what_is_wrong_with_a_ratio_is_told(ratio: dict[str, Any], said: str) -> None:
    assert any(said in line for line in told(document("SLI", ratioMetric=ratio)))


def test_raw_ratios_have_a_type() -> None:
    ratio = {"raw": metric(), "rawType": "Failure"}
    (found,) = reading(document("SLI", ratioMetric=ratio)).found
    assert isinstance(found.document, Indicator)
    assert found.document.ratio is not None
    assert found.document.ratio.raw_type is RawType.FAILURE


def condition(**changed: Any) -> dict[str, Any]:
    rule = {"kind": "burnrate", "op": "gte", "threshold": 2, "lookbackWindow": "1h"} | changed
    return document("AlertCondition", severity="page", condition=rule)


def policy(**changed: Any) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "alertWhenBreaching": True,
        "conditions": [{"conditionRef": "checkout"}],
        "notificationTargets": [{"targetRef": "checkout"}],
    } | changed
    return document("AlertPolicy", **spec)


TARGET = document("AlertNotificationTarget", target="slack")


def test_lte_in_a_condition_is_read_with_a_warning() -> None:
    """The specification's own example says `lte` where it means that more burn is worse."""
    (line,) = told(condition(op="lte", threshold=2))
    assert line.startswith("warning spec.condition.op")
    assert "Write op: gte." in line
    (found,) = reading(condition(op="lte")).found
    assert isinstance(found.document, Condition)
    assert found.document.op is Op.LTE


def test_policies_refer_to_conditions_and_targets_or_have_them_inline() -> None:
    assert told(policy(), condition(), TARGET) == []
    body = {"metadata": {"name": "x"}, "kind": "AlertCondition", "spec": condition()["spec"]}
    target = {"metadata": {"name": "y"}, "spec": TARGET["spec"]}
    inner = policy(conditions=[body], notificationTargets=[target])
    assert told(inner) == []
    (found,) = reading(inner).found
    assert isinstance(found.document, AlertPolicy)
    assert found.document.condition is not None
    assert told(slo(alertPolicies=[{"metadata": inner["metadata"], "spec": inner["spec"]}])) == []
    assert told(slo(alertPolicies=[{"alertPolicyRef": "checkout"}]), inner) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (condition(threshold=None), "Write the burn rate"),
        (condition(kind="latency"), "Only burn rates"),
        (condition(lookbackWindow="1M"), "Write such as 1h"),
        (condition(lookbackWindow=None), "Write such as 1h"),
        (condition(lookbackWindow="an hour"), "not a duration"),
        (condition(op="below"), "Choose one of"),
        (document("AlertCondition"), "missing"),
        (policy(conditions=[]), "exactly one condition"),
        (policy(conditions=[{"conditionRef": "nobody"}]), "no AlertCondition nobody"),
        (policy(notificationTargets=[{"targetRef": "nobody"}]), "no AlertNotificationTarget"),
        (document("AlertNotificationTarget"), "missing"),
        (document("DataSource"), "missing"),
        (document("Thing"), "Choose one of DataSource"),
        ({"kind": "SLO"}, "missing"),
        ({"apiVersion": "openslo/v1alpha", "kind": "SLO"}, "Convert it to openslo/v1"),
        ({"apiVersion": "openslo/v1", "kind": "SLO"}, "missing"),
        ({"apiVersion": "openslo/v1", "kind": "Service", "metadata": []}, "not a mapping"),
        ({"apiVersion": "openslo/v1", "kind": "DataSource", "metadata": {}}, "missing"),
        ({"apiVersion": "openslo/v1", "kind": "AlertPolicy", "metadata": {}}, "missing"),
        (
            {"apiVersion": "openslo/v1", "kind": "AlertNotificationTarget", "metadata": {}},
            "missing",
        ),
        ({"apiVersion": "openslo/v1", "kind": "SLI", "metadata": {"name": "Big"}}, "not a name"),
    ],
)
def test_what_is_wrong_with_other_documents_is_told(wrong: dict[str, Any], said: str) -> None:
    assert any(said in line for line in told(wrong)), told(wrong)


@pytest.mark.parametrize(
    ("meta", "said"),
    [
        ({"labels": {"team": ["a", {}]}}, "not a text"),
        ({"labels": {"a b": "c"}}, "no key"),
        ({"labels": []}, "not a mapping"),
        ({"annotations": {"openslo.com/x": "y"}}, "prefix for itself"),
        ({"annotations": {"x": None}}, "not a text"),
        ({"owner": "me"}, "no such field"),
    ],
)
def test_what_is_wrong_with_the_head_is_told(meta: dict[str, Any], said: str) -> None:
    wrong = document("Service") | {"metadata": {"name": "shop"} | meta}
    assert any(said in line for line in told(wrong))


def test_labels_are_lists_and_numbers_are_texts() -> None:
    meta = {"name": "shop", "labels": {"team": ["a", "b"], "tier": 1, "on": True}}
    (found,) = reading(document("Service") | {"metadata": meta}).found
    assert found.document.meta.labels == {"team": ("a", "b"), "tier": ("1",), "on": ("true",)}


def composite(**changed: Any) -> dict[str, Any]:
    objective = {"target": 0.99, "indicator": inline(RATIO), "compositeWeight": 2}
    return slo(indicator=None, objectives=[objective, objective], **changed)


def test_composites_have_their_indicators_in_their_objectives() -> None:
    found = only_slo(composite())
    assert found.is_composite
    assert [one.weight for one in found.objectives] == [2, 2]
    wrong = slo(objectives=[{"target": 0.9, "indicatorRef": "a"}, {"target": 0.9}])
    lines = told(wrong)
    assert any("Remove this one" in line for line in lines)
    assert any("objectives[1]" in line and "one indicator" in line for line in lines)


def test_weights_in_a_composite_of_slices_change_nothing() -> None:
    objective = {
        "target": 0.99,
        "indicator": inline(RATIO),
        "compositeWeight": 2,
        "timeSliceTarget": 0.9,
        "timeSliceWindow": "1m",
    }
    wrong = slo(indicator=None, budgetingMethod="Timeslices", objectives=[objective])
    assert any("weights change nothing" in line for line in told(wrong))


def test_a_threshold_has_one_objective() -> None:
    limits = [{"target": 0.9, "op": "lte", "value": one} for one in (1, 2)]
    assert any(
        "objectives[1]" in line and "one objective only" in line
        for line in told(slo(indicator=inline(THRESHOLD), objectives=limits))
    )


def test_two_documents_of_one_name_are_not_both_taken() -> None:
    found = reading(document("Service"), document("Service"))
    assert [one.number for one in found.found] == [1]
    assert found.has_errors


def test_an_slo_of_a_broken_indicator_is_not_taken() -> None:
    broken = document("SLI", ratioMetric={})
    found = reading(broken, slo(indicator=None, indicatorRef="checkout"))
    assert found.found == ()
    assert {note.document for note in found.notes if note.is_error} == {1, 2}


def test_the_notes_say_which_document_they_are_about() -> None:
    (note, *_) = reading(document("Service"), slo(timeWindow=[])).notes
    assert (note.document, note.about) == (2, "SLO checkout")


def test_the_draft_of_the_next_version_is_read_where_it_is_clear() -> None:
    metric_v2 = {"dataSourceRef": "prom", "spec": {"query": "q"}}
    described = {"dataSourceSpec": {"type": "prometheus"}, "spec": {"query": "q"}}
    sli = {"ratioMetric": {"counter": True, "good": metric_v2, "total": described}}
    found = slo(indicator=None, sli=inline(sli))
    found["apiVersion"] = "openslo.com/v2alpha"
    (line,) = told(found)
    assert "draft" in line
    indicator = only_slo(found).indicator
    assert indicator is not None
    assert indicator.ratio is not None
    assert indicator.ratio.good is not None
    assert indicator.ratio.good.source_ref == "prom"
    assert indicator.ratio.total is not None
    assert indicator.ratio.total.type == "prometheus"


def test_a_draft_with_what_it_does_not_have_is_told() -> None:
    sli = document("SLI", thresholdMetric={"dataSourceRef": "p", "spec": {}, "odd": 1})
    mixed = document("SLI", "b", thresholdMetric=metric())
    odd = document("SLO", "c", sliRef="checkout", objectives=["x", {"sliRef": "checkout"}])
    for one in (sli, mixed, odd):
        one["apiVersion"] = "openslo.com/v2alpha"
    lines = told(sli, mixed, odd)
    assert any("odd" in line for line in lines)
    assert any("objectives[0]" in line for line in lines)
    bare = document("SLI", "d", thresholdMetric={"dataSourceSpec": {}})
    bare["apiVersion"] = "openslo.com/v2alpha"
    assert any("metricSource" in line for line in told(bare))
    assert any("spec" in line for line in told(bare | {"spec": "nothing"}))


def test_a_title_is_the_name_that_people_read() -> None:
    assert only_slo(slo()).meta.title == "checkout"
