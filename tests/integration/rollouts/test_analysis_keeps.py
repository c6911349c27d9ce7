"""What an analysis keeps: over hours of a watch, and when a worker dies while it measures."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.factories.analysis import (
    ERRORS,
    analyse_by,
    count,
    make_rollout,
    make_target,
    question_of,
)
from tests.factories.identity import NOW
from tests.factories.telemetry import MetricServer, make_source, metric_server

from evenfall.rollouts.actions.analysing import analyse
from evenfall.rollouts.actions.measuring import BUSY, MOST_KEPT, measure_due
from evenfall.rollouts.actions.weighing import MOST_COMPARED
from evenfall.rollouts.logic.verdicts import Outcome, Verdict
from evenfall.rollouts.models import AnalysedMetric, Measurement, Rollout
from evenfall.telemetry import actions as telemetry

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def server() -> Iterator[MetricServer]:
    with metric_server() as running:
        yield running


def metrics(rollout: Rollout, now: datetime) -> Verdict:
    """What the slow lanes say."""
    (found,) = [one for one in analyse(question_of(rollout), now=now) if one.lane == "metrics"]
    return found


def test_in_the_watch_what_the_stable_side_showed_before_stands_for_it() -> None:
    """It has no requests any more: hours later nothing would be known, and nothing proven."""
    target = make_target()
    analyse_by(target, ERRORS, sequential=None)
    rollout, now = make_rollout(target), NOW
    for _ in range(6):
        analyse(question_of(rollout), now=now)
        now = count(rollout, new=[(1, 20)] * 5, stable=(9, 180))
        measure_due(now=now)
    assert metrics(rollout, now).outcome is Outcome.PASS
    Rollout.objects.filter(pk=rollout.pk).update(state="watching", promoted_at=now)
    Measurement.objects.bulk_create(
        Measurement(metric=AnalysedMetric.objects.get(), at=now + place * SECOND, new=0.05)
        for place in range(1, MOST_COMPARED + 2)
    )
    late = now + (MOST_KEPT + 1) * 5 * SECOND
    measure_due(now=late)
    assert metrics(rollout, late).outcome is Outcome.PASS
    assert Measurement.objects.filter(stable=0.05, at__lte=now).count() >= ERRORS["samples"]
    assert not Measurement.objects.filter(at__gt=now, at__lt=now + 5 * SECOND).exists()


def test_what_a_worker_had_claimed_that_died_is_measured_soon(
    server: MetricServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And should it be late instead of dead, what it brings changes nothing."""
    target = make_target()
    ratio = {"name": "Ratio", "kind": "condition", "query": "ratio", "success": "< 5 %"}
    analyse_by(target, {**ratio, "source": make_source(server.url)})
    rollout = make_rollout(target)
    analyse(question_of(rollout), now=NOW)
    now, ask = NOW + 10 * SECOND, telemetry.read_metrics
    then = now + BUSY + SECOND

    def late(*asked: Any, **more: Any) -> Any:
        monkeypatch.setattr(telemetry, "read_metrics", ask)
        server.answer = lambda _: [{"metric": {}, "value": [0, "0.01"]}]
        assert measure_due(now=now + SECOND) == 0
        assert measure_due(now=then) == 1
        server.answer = lambda _: [{"metric": {}, "value": [0, "0.9"]}]
        return ask(*asked, **more)

    monkeypatch.setattr(telemetry, "read_metrics", late)
    measure_due(now=now)
    assert Measurement.objects.get().at == then
    assert metrics(rollout, then).outcome is Outcome.PASS
