"""A draft over history."""

from datetime import datetime, timedelta

import pytest
from tests.factories.identity import NOW

from evenfall.slo.logic.burning import AlertKind
from evenfall.slo.logic.replay import DraftMember, Picture, replay
from evenfall.slo.logic.spec import (
    AlertRules,
    LowTraffic,
    Measure,
    Method,
    Promise,
    Span,
    Unit,
    Window,
)
from evenfall.slo.logic.tallies import Tally
from evenfall.slo.logic.windows import MINUTE, Bounds

HOUR = timedelta(hours=1)
OVER = Bounds(NOW - 24 * HOUR, NOW)
DAILY = Promise(target=0.99, window=Window(span=Span(1, Unit.DAY)))


def minutes(
    outage: tuple[int, int] = (600, 630), without: range = range(0)
) -> dict[datetime, Tally]:
    """A day of 100 a minute; nothing is good in the outage, nothing is known in `without`."""
    return {
        OVER.since + n * MINUTE: Tally(0 if outage[0] <= n < outage[1] else 100, 100)
        for n in range(24 * 60)
        if n not in without
    }


def play(
    known: dict[datetime, Tally], promise: Promise = DAILY, rules: AlertRules | None = None
) -> Picture:
    member = DraftMember(minutes=known, target=promise.target, slice_target=promise.slice_target)
    return replay(promise, [member], rules=rules or AlertRules(), measure=Measure.GOOD, over=OVER)


def test_an_outage_would_have_paged() -> None:
    found = play(minutes())
    assert found.tally == Tally(1410 * 100, 1440 * 100)
    assert found.spent == pytest.approx(30 / 14.4)
    assert found.known == 1
    page = next(one for one in found.alerts if one.kind is AlertKind.PAGE)
    assert page.pair == "page quick"
    began = page.started_at - (OVER.since + 600 * MINUTE)
    # L * F * (1 - T) = 60 min * 14.4 * 0.01 = 8.64 min
    assert began == 9 * MINUTE
    assert page.ended_at is not None


def test_the_budget_is_drawn_hour_by_hour() -> None:
    found = play(minutes())
    assert len(found.points) == 24
    assert found.points[0].rest == 1
    assert found.points[-1].rest == pytest.approx(1 - 30 / 14.4)


def test_graph_and_figure_agree_complaint_11() -> None:
    """Complaint 11: the last point of the graph is the figure beside it."""
    for promise in (DAILY, Promise(target=0.9, window=Window(span=Span(12, Unit.HOUR)))):
        found = play(minutes(outage=(900, 950)), promise)
        assert found.spent is not None
        assert found.points[-1].rest == pytest.approx(1 - found.spent)


def test_what_is_not_known_is_not_good() -> None:
    found = play(minutes(without=range(720)))
    assert found.known == pytest.approx(0.5)
    assert found.points[0].rest is None
    assert play({}).spent is None
    assert play({}).alerts == ()


def test_alerts_can_be_off_and_low_traffic_counts() -> None:
    assert play(minutes(), rules=AlertRules(is_on=False)).alerts == ()
    many = AlertRules(low_traffic=LowTraffic(least_total=10_000_000))
    assert play(minutes(), rules=many).alerts == ()


def test_what_still_fires_has_no_end() -> None:
    assert play(minutes(outage=(1400, 1440))).alerts[-1].ended_at is None


def test_slices_are_played_as_they_are_counted() -> None:
    sliced = Promise(
        target=0.99,
        window=DAILY.window,
        method=Method.TIMESLICES,
        slice_minutes=10,
        slice_target=0.95,
    )
    found = play(minutes(), sliced)
    assert found.tally == Tally(141, 144)
    assert found.spent == pytest.approx(3 / 1.44)
    assert found.alerts
