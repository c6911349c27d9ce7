from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.slo.logic.charges import Charged, Interval
from evenfall.slo.logic.pairs import DEFAULT_PAIRS
from evenfall.slo.logic.pictures import (
    Bucket,
    BurnLine,
    budget_bar,
    budget_chart,
    burn_charts,
    by_hour,
    causes_bar,
    error_chart,
    remaining,
    sparkline,
)
from evenfall.slo.logic.states import Cause
from evenfall.slo.logic.tallies import Part, Tally, burn, summed
from evenfall.slo.logic.windows import Bounds

AT = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def bucket(number: int, good: float, total: float, *, raw: Tally | None = None) -> Bucket:
    part = Part(tally=Tally(good, total), allowed=0.1)
    before = part if raw is None else Part(tally=raw, allowed=0.1)
    since = AT + number * HOUR
    return Bucket(since=since, until=since + HOUR, parts=(part,), raw=(before,))


counts = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda two: (min(two), max(two))),
    min_size=1,
    max_size=30,
)


@given(counts)
def test_the_graph_ends_at_the_budget_that_is_stated(known: list[tuple[int, int]]) -> None:
    """Complaint 11: the budget graph agrees with the availability."""
    buckets = [bucket(number, *one) for number, one in enumerate(known)]
    whole = summed(one.parts[0].tally for one in buckets)
    points = remaining(buckets, [whole.total])
    stated = burn([Part(tally=whole, allowed=0.1)])
    last = [value for _, value in points if value is not None]
    if stated is None:
        assert last == []
    else:
        assert last[-1] == pytest.approx((1 - stated) * 100)


def test_what_is_unknown_is_a_gap_and_never_a_full_budget() -> None:
    buckets = [bucket(0, 9, 10), bucket(1, 0, 0), bucket(2, 10, 10)]
    assert [value for _, value in remaining(buckets, [20])] == [
        pytest.approx(50),
        None,
        pytest.approx(50),
    ]
    assert remaining([bucket(0, 0, 0)], [0]) == [(AT + HOUR, None)]
    over = Bounds(AT, AT + 3 * HOUR)
    nothing = [bucket(number, 0, 0) for number in range(3)]
    drawn = budget_chart(nothing, totals=[0], raw_totals=[0], over=over)
    assert drawn.is_empty
    assert "unknown" in drawn.summary
    assert error_chart(nothing, allowed=0.1, over=over).is_empty


def test_raw_stands_beside_corrected() -> None:
    buckets = [bucket(0, 10, 10), bucket(1, 0, 0, raw=Tally(0, 10))]
    over = Bounds(AT, AT + 2 * HOUR)
    budget = budget_chart(buckets, totals=[10], raw_totals=[20], over=over)
    assert [path.name for path in budget.paths] == ["Budget left", "Without corrections"]
    assert [path.last for path in budget.paths] == ["100 %", "-400 %"]
    errors = error_chart(buckets, allowed=0.1, over=over)
    assert [path.last for path in errors.paths] == ["0 %", "100 %"]
    plain = budget_chart(buckets[:1], totals=[10], raw_totals=[10], over=over)
    assert len(plain.paths) == 1


def test_each_pair_has_its_chart_with_its_threshold() -> None:
    lines = [BurnLine(pair=pair, long=[(AT, 2.0)], short=[(AT, None)]) for pair in DEFAULT_PAIRS]
    charts = burn_charts(lines, over=Bounds(AT, AT + HOUR))
    assert [one.title for one in charts] == [
        "Page quick: 1 h and 5 min",
        "Page slow: 6 h and 30 min",
        "Ticket quick: 1 d and 2 h",
        "Ticket slow: 3 d and 6 h",
    ]
    assert charts[0].chart.limits[0][0].word == "fires from 14.4 on"
    assert charts[0].chart.paths[1].last == "unknown"


@pytest.mark.parametrize(
    ("rest", "tone", "width"),
    [
        (None, "unknown", 0),
        (0.5, "good", 50),
        (0.2, "warning", 20),
        (0.0, "critical", 0),
        (-3.0, "critical", 0),
        (1.0, "good", 100),
    ],
)
def test_a_budget_as_a_bar(rest: float | None, tone: str, width: float) -> None:
    bar = budget_bar(rest, warn_below=0.25)
    assert (bar.tone, bar.width) == (tone, width)
    assert (bar.percent is None) == (rest is None)


def test_causes_stand_side_by_side_and_fill_the_bar() -> None:
    incident = Interval(kind=Cause.INCIDENT, reference="incident:5", since=AT, url="/incidents/5/")
    segments = causes_bar(
        [
            Charged(cause=incident, bad=74.9, share=0.749, alone=0),
            Charged(cause=None, bad=25, share=0.25, alone=25),
            Charged(cause=None, bad=0.1, share=0.001, alone=0.1),
        ]
    )
    assert [one.title for one in segments] == ["incident:5", "Unexplained", "Unexplained"]
    assert [one.left for one in segments] == [0, 74.9, 99.5]
    assert segments[2].width == 0.5
    assert causes_bar([]) == []


def test_a_line_of_the_last_day_has_gaps() -> None:
    assert sparkline([]) == ""
    assert sparkline([None, None]) == ""
    drawn = sparkline([0.0, None, None, 2.0, 9.0, None])
    assert drawn == "M0 23 L0 23 M60 12 L80 1"
    assert sparkline([1.0, 1.0]).count("M") == 1


def test_burns_by_hour_of_several_series() -> None:
    sums = {1: {AT: Tally(9, 10)}, 2: {AT: Tally(5, 10), AT + HOUR: Tally(0, 0)}}
    assert by_hour(sums, [(1, 0.1, 1.0), (2, 0.5, 2.0), (3, 0.5, 1.0)]) == {
        AT: pytest.approx(3),
        AT + HOUR: None,
    }
