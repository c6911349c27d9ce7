"""Objectives for tests, with counts as if they had been read."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.factories.catalog import make_service
from tests.factories.identity import NOW

from evenfall.catalog.models import Service
from evenfall.slo import actions
from evenfall.slo.actions import IndicatorWish, ObjectiveWish
from evenfall.slo.actions.counting import store_counts
from evenfall.slo.logic.spec import (
    IndicatorSpec,
    Measure,
    ObjectiveSpec,
    Origin,
    Promise,
    Span,
    Unit,
    Window,
)
from evenfall.slo.logic.tallies import Tally
from evenfall.slo.models import Indicator, Objective

MINUTE = timedelta(minutes=1)
MONTH = Window(span=Span(30, Unit.DAY))
PUSHED = IndicatorSpec(origin=Origin.PUSHED)


def make_indicator(
    spec: IndicatorSpec = PUSHED,
    *,
    name: str = "Answers",
    service: Service | None = None,
    now: datetime = NOW,
) -> Indicator:
    """Counts that are pushed, unless another way is given."""
    service = service or make_service()
    wish = IndicatorWish(name=name, service_id=service.pk, spec=spec)
    number = actions.add_indicator(wish=wish, now=now, actor="system")
    return Indicator.objects.get(id=number)


def make_objective(
    name: str = "Availability",
    *,
    indicator: Indicator | None = None,
    target: float = 0.99,
    window: Window = MONTH,
    promise: Mapping[str, Any] | None = None,
    now: datetime = NOW,
    **more: Any,
) -> Objective:
    """An objective about pushed counts; `promise` and `more` are fields of the two specs."""
    service_id = indicator.service_id if indicator else make_service().pk
    if indicator is None and "members" not in more:
        indicator = make_indicator(service=Service.objects.get(id=service_id), now=now)
    spec = ObjectiveSpec(
        name=name,
        service_id=service_id,
        promise=Promise(**{"target": target, "window": window, **(promise or {})}),
        indicator_id=indicator.pk if indicator else None,
        **more,
    )
    wish = ObjectiveWish(spec=spec)
    number = actions.add_objective(wish=wish, by=None, now=now, actor="system")
    return Objective.objects.get(id=number)


def count(
    indicator: Indicator,
    *,
    until: datetime = NOW,
    minutes: int = 60,
    total: float = 100,
    bad: float = 0,
) -> None:
    """So many of each of the last minutes."""
    tally = Tally(total - bad, total)
    known = {until - number * MINUTE: tally for number in range(1, minutes + 1)}
    store_counts({indicator.series_id: known})


def evaluated(now: datetime = NOW) -> int:
    """Evaluate the minute that ended at `now`."""
    return actions.evaluate_due(now=now + timedelta(seconds=10))


def with_measure(measure: Measure) -> IndicatorSpec:
    return IndicatorSpec(origin=Origin.PUSHED, measure=measure)
