"""The analysis of a rollout from counts and from metric servers: what it says, and when."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace
from tests.factories.analysis import (
    ERRORS,
    analyse_by,
    count,
    make_rollout,
    make_target,
    question_of,
    run_of,
)
from tests.factories.identity import NOW
from tests.factories.objectives import make_indicator, make_objective
from tests.factories.telemetry import MetricServer, Told, make_source, metric_server

from evenfall.platform.metrics import exposition
from evenfall.rollouts.actions.analysing import STALE, analyse
from evenfall.rollouts.actions.analysing_counts import share_of
from evenfall.rollouts.actions.measuring import measure_due, next_measurement_due
from evenfall.rollouts.actions.tallying import keep_tally, readings_of
from evenfall.rollouts.logic.analysis import settings
from evenfall.rollouts.logic.guard import Counts
from evenfall.rollouts.logic.plan import read_plan
from evenfall.rollouts.logic.verdicts import Outcome, Verdict, worst
from evenfall.rollouts.models import AnalysedMetric, AnalysisRun, Measurement, Rollout
from evenfall.slo.logic.spec import Method
from evenfall.telemetry.actions import remove_source

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def server() -> Iterator[MetricServer]:
    with metric_server() as running:
        yield running


def verdict(rollout: Rollout, now: datetime) -> Verdict:
    return worst(analyse(question_of(rollout), now=now))


def lane(rollout: Rollout, name: str, now: datetime) -> Verdict:
    found = {one.lane: one for one in analyse(question_of(rollout), now=now)}
    return found[name]


def watched() -> Rollout:
    """A rollout that the sequential test holds until it has passed."""
    target = make_target()
    analyse_by(target)
    return make_rollout(target)


def seconds_to_fail(rollout: Rollout, new: tuple[int, int], *, most: int) -> int | None:
    """Ask each second, as the engine does, until a lane fails it."""
    for second in range(1, most + 1):
        now = count(rollout, new=[new])
        if verdict(rollout, now).outcome is Outcome.FAIL:
            return second
    return None


# fast lanes


def test_a_version_that_answers_5xx_fails_within_two_seconds() -> None:
    rollout = make_rollout()
    count(rollout, new=[(0, 20)] * 30)
    verdict(rollout, NOW + 30 * SECOND)
    found = seconds_to_fail(rollout, (10, 20), most=5)
    assert found is not None
    assert found <= 2


def test_two_percent_of_errors_fail_at_low_traffic() -> None:
    """Two requests a second, one error in fifty; the stable side has 0.1 %."""
    rollout = make_rollout()
    ticks = [(1 if second % 25 == 0 else 0, 2) for second in range(1, 900)]
    now = NOW
    for start in range(0, len(ticks), 60):
        now = count(rollout, new=ticks[start : start + 60], stable=(0, 18))
        if verdict(rollout, now).outcome is Outcome.FAIL:
            break
    found = lane(rollout, "sequential", now)
    assert found.outcome is Outcome.FAIL
    assert "failed on the new side" in found.reason
    assert now - NOW < timedelta(minutes=10)


def test_a_good_version_passes_and_each_look_takes_in_only_what_is_new() -> None:
    rollout = watched()
    now = count(rollout, new=[(0, 20)] * 60)
    assert lane(rollout, "sequential", now).outcome is Outcome.PASS
    run = run_of(rollout)
    assert run.counted_at == now
    assert run.sequential["ever"]["requests"] == 60 * 180
    analyse(question_of(rollout), now=now)
    assert run_of(rollout).sequential == run.sequential
    count(rollout, new=[(0, 20)])
    with CaptureQueriesContext(connection) as queries:
        analyse(question_of(rollout), now=now + SECOND)
    assert len(queries) <= 5


def test_where_nothing_is_counted_and_nothing_is_measured_nothing_is_said() -> None:
    rollout = make_rollout()
    assert analyse(question_of(rollout), now=NOW) == []
    assert worst([]).outcome is Outcome.NO_DATA


def test_without_requests_on_the_new_side_it_never_passes_complaint_27() -> None:
    """flagger#1035 and #1011: no traffic is neither a failure nor a success."""
    rollout = watched()
    now = count(rollout, new=[(0, 0)] * 120)
    found = lane(rollout, "sequential", now)
    assert found.outcome is Outcome.NO_DATA


def test_the_burn_is_that_of_the_new_side_alone() -> None:
    target = make_target()
    analyse_by(target, burn_target=0.999, sequential=None)
    rollout = make_rollout(target)
    now = count(rollout, new=[(1, 20)] * 30, stable=(9, 180))
    found = lane(rollout, "burn", now)
    assert found.outcome is Outcome.FAIL
    assert "50 times as fast" in found.reason
    assert [one["lane"] for one in run_of(rollout).fast] == ["guard", "burn"]


def test_the_burn_is_measured_against_the_strictest_objective_of_the_service() -> None:
    """Nothing is typed in; it is heard only when it fails, and what was typed in counts instead."""
    target = make_target()
    indicator = make_indicator(service=target.service)
    make_objective("Orders", indicator=indicator, target=0.99)
    make_objective("Answers", indicator=indicator, target=0.999)
    make_objective(
        "Minutes", indicator=indicator, target=0.9999, promise={"method": Method.TIMESLICES}
    )
    rollout = make_rollout(target)
    now = count(rollout, new=[(0, 1)] * 5)
    assert analyse(question_of(rollout), now=now) == [], "too few requests hold nobody"
    now = count(rollout, new=[(1, 20)] * 30, stable=(9, 180))
    found = lane(rollout, "burn", now)
    assert found.outcome is Outcome.FAIL
    assert "99.9 %, as Answers promises" in found.reason
    kept = settings.read(run_of(rollout).settings)
    assert (kept.objective, kept.burn and kept.burn.name) == ("answers", "Answers")


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ({"burn_objective": "orders"}, 0.99),
        ({"burn_objective": "none"}, None),
        ({"burn_objective": "gone"}, None),
        ({"burn_target": 0.5}, 0.5),
    ],
)
def test_which_objective_may_be_said(said: dict[str, Any], target: float | None) -> None:
    place = make_target()
    indicator = make_indicator(service=place.service)
    make_objective("Orders", indicator=indicator, target=0.99)
    make_objective("Answers", indicator=indicator, target=0.999)
    analyse_by(place, **said)
    rollout = make_rollout(place)
    analyse(question_of(rollout), now=NOW)
    burn = settings.read(run_of(rollout).settings).burn
    assert (burn.target if burn else None) == target


def test_what_is_compared_with_the_baseline_is_not_mixed_with_the_stable_side() -> None:
    """Counters of two sides have no difference; after the switch only the baseline counts."""
    plan = read_plan({"steps": [{"setWeight": 10}], "baseline": True})
    rollout = make_rollout(make_target(plan=plan))
    stable, beside = Counts(requests=900, errors=500), Counts(requests=10, errors=0)
    for number in range(4):
        counts = {
            "green": Counts(requests=10 * number),
            "blue": stable,
            "baseline": replace(beside, requests=10 * number),
        }
        keep_tally(rollout, counts, is_baseline=number > 1, now=NOW + number * SECOND)
    read = readings_of(rollout.pk, since_=NOW)
    assert [one.stable.requests for one in read] == [0, 0, 10]
    new, other = share_of(rollout.pk, start=NOW, end=NOW + 9 * SECOND)
    assert (new.requests, other.requests, other.errors) == (30, 10, 0)


def test_a_counter_that_begins_anew_is_no_error() -> None:
    rollout = watched()
    now = count(rollout, new=[(0, 20)] * 60)
    before = lane(rollout, "sequential", now)
    count(rollout, new=[(0, -1190), (0, 20)])
    after = lane(rollout, "sequential", now + 2 * SECOND)
    assert (before.outcome, after.outcome) == (Outcome.PASS, Outcome.PASS)


def test_where_nobody_said_what_is_measured_the_test_fails_versions_and_holds_none() -> None:
    rollout = make_rollout()
    now = count(rollout, new=[(0, 1)] * 10)
    assert analyse(question_of(rollout), now=now) == []
    now = count(rollout, new=[(20, 20)])
    assert verdict(rollout, now).lane == "sequential"


# slow lanes


def test_counts_of_the_balancer_are_compared_and_the_score_is_live_complaint_37() -> None:
    """spinnaker/kayenta#625: there is a score after each interval, not only at the end."""
    target = make_target()
    analyse_by(target, ERRORS, sequential=None)
    rollout = make_rollout(target)
    verdict(rollout, NOW)
    scores, now = [], NOW
    for _ in range(8):
        now = count(rollout, new=[(2, 20)] * 5)
        measure_due(now=now)
        scores.append((run_of(rollout).score or {})["outcome"])
    assert scores == [*["no_data"] * 4, *["fail"] * 4]
    found = lane(rollout, "metrics", now)
    assert found.outcome is Outcome.FAIL
    assert found.reason.startswith("The score is 0, below 75")
    assert "Errors: The new side is 0.1 higher" in found.reason
    assert "evenfall_rollout_lane_failures_total" in exposition().decode()


def test_both_sides_are_asked_with_everything_filled_in_complaint_20(
    server: MetricServer,
) -> None:
    """argo-rollouts#1591: show the query with arguments filled in."""
    server.answer = lambda asked: [
        {"metric": {}, "value": [0, "0.4" if "v2" in asked["query"] else "0.2"]}
    ]
    target = make_target()
    source = make_source(server.url)
    query = 'latency{service="$service",version="$version",slot="$slot",in="$environment"}[$window]'
    analyse_by(
        target,
        {**ERRORS, "name": "Latency", "source": source, "query": f"max_over_time({query})"},
    )
    rollout, now = make_rollout(target), NOW
    for step in range(6):
        now = NOW + step * 5 * SECOND
        verdict(rollout, now)
        assert measure_due(now=now) == 1
    row = AnalysedMetric.objects.get()
    slug = rollout.target.service.slug
    assert row.query == (
        f'max_over_time(latency{{service="{slug}",version="v2",slot="green",in="PROD"}}[5s])'
    )
    assert 'version="v1",slot="blue"' in row.stable_query
    assert Measurement.objects.filter(new=0.4, stable=0.2).count() == 6
    assert (row.finding["label"], row.finding["outcome"]) == ("high", "fail")
    assert row.finding["numbers"]["effect"] == pytest.approx(2)
    assert verdict(rollout, now).outcome is Outcome.FAIL


def test_a_metric_without_a_value_holds_and_goes_on_when_it_has_one_complaint_16(
    server: MetricServer,
) -> None:
    """argo-rollouts#1905; and #1466: an empty answer is no value, not an opaque error."""
    rollout = conditioned(server)
    for value, expected in ((None, "no_data"), ("NaN", "no_data"), ("0.01", "pass")):
        server.answer = answering(value)
        now = measured(rollout)
        found = lane(rollout, "metrics", now)
        assert found.outcome == expected
    server.answer = lambda _: told("0.2")
    now = measured(rollout)
    failed = lane(rollout, "metrics", now)
    assert failed.outcome is Outcome.FAIL
    assert failed.reason == (
        "Ratio: 1 measurement failed; 0 may. The value was 0.2, which it should not be."
    )


def test_a_server_that_does_not_answer_is_asked_again_and_is_no_pass_complaint_18(
    server: MetricServer,
) -> None:
    """argo-rollouts#4479: Successful although every measurement errored."""
    rollout = conditioned(server)
    server.status, now = 503, NOW
    for _ in range(6):
        now = measured(rollout)
    row = AnalysedMetric.objects.get()
    assert "unavailable: not now" in row.problem
    assert not Measurement.objects.exists()
    assert lane(rollout, "metrics", now).outcome is Outcome.NO_DATA
    assert "6 times in a row" in row.finding["reason"]


def test_several_series_are_no_value(server: MetricServer) -> None:
    rollout = conditioned(server)
    server.answer = lambda _: [*told("0.1"), *told("0.2")]
    measured(rollout)
    assert "2 series; make it one, such as by sum()" in AnalysedMetric.objects.get().problem


def test_a_dry_run_is_measured_and_decides_nothing(server: MetricServer) -> None:
    rollout = conditioned(server, dry_run=True)
    server.answer = lambda _: told("0.9")
    now = measured(rollout)
    assert AnalysedMetric.objects.get().finding["outcome"] == "fail"
    assert analyse(question_of(rollout), now=now) == []


def test_what_was_measured_long_ago_is_not_known_any_more(server: MetricServer) -> None:
    rollout = conditioned(server)
    server.answer = lambda _: told("0.01")
    now = measured(rollout)
    assert lane(rollout, "metrics", now).outcome is Outcome.PASS
    late = lane(rollout, "metrics", now + STALE + 11 * SECOND)
    assert late.outcome is Outcome.NO_DATA
    assert late.reason.startswith("No metric was measured since")


def test_a_source_that_is_gone_is_said(server: MetricServer) -> None:
    rollout = conditioned(server)
    source = AnalysisRun.objects.get().settings["metrics"][0]["source"]
    remove_source(source_id=source, now=NOW, actor="system")
    measured(rollout)
    assert "not there any more" in AnalysedMetric.objects.get().problem


def test_an_analysis_ends_with_its_rollout(server: MetricServer) -> None:
    rollout = conditioned(server)
    Rollout.objects.filter(pk=rollout.pk).update(ended_at=NOW, state="rolled_back")
    assert measure_due(now=NOW + 10 * SECOND) == 1
    run = run_of(rollout)
    assert (run.ended_at, run.due_at) == (NOW + 10 * SECOND, None)
    assert next_measurement_due() is None
    assert measure_due(now=NOW + 20 * SECOND) == 0
    assert 'ended_total{outcome="rolled_back"}' in exposition().decode()


def test_settings_are_frozen_when_it_begins(server: MetricServer) -> None:
    rollout = conditioned(server)
    analyse_by(rollout.target, ERRORS)
    measured(rollout)
    assert AnalysedMetric.objects.get().name == "Ratio"


def test_who_comes_second_measures_nothing(server: MetricServer) -> None:
    rollout = conditioned(server)
    now = NOW + 10 * SECOND
    AnalysisRun.objects.filter(rollout=rollout).update(busy_until=now + SECOND)
    assert measure_due(now=now) == 0


def conditioned(server: MetricServer, **more: object) -> Rollout:
    """A rollout with one metric that must stay below 5 %."""
    target = make_target()
    analyse_by(
        target,
        {
            "name": "Ratio",
            "kind": "condition",
            "source": make_source(server.url),
            "query": 'ratio{version="$version"}',
            "success": "< 5 %",
            "interval": 10,
            **more,
        },
    )
    rollout = make_rollout(target)
    analyse(question_of(rollout), now=NOW)
    return rollout


def measured(rollout: Rollout) -> datetime:
    """Measure when it is due next; returns when that was."""
    now = next_measurement_due()
    assert now is not None
    assert measure_due(now=now) == 1
    return now


def told(value: str | None) -> list[dict[str, object]]:
    return [] if value is None else [{"metric": {}, "value": [0, value]}]


def answering(value: str | None) -> Told:
    return lambda _: told(value)
