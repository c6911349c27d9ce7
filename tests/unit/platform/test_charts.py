"""Lines over time: what is unknown is a gap, and every value lies inside its picture."""

import math
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.platform.charts import Limit, Line, LineChart, Mark, line_chart

START = datetime(2027, 3, 1, tzinfo=UTC)
END = START + timedelta(hours=6)


def drawn(*values: float | None, **more: object) -> LineChart:
    points = [(START + timedelta(minutes=n), value) for n, value in enumerate(values)]
    end = START + timedelta(minutes=max(len(values) - 1, 1))
    return line_chart([Line(name="a", points=points)], start=START, end=end, **more)  # type: ignore[arg-type] # passed on


def test_a_line_goes_through_its_points() -> None:
    chart = drawn(0, 5, 10, lowest=0, highest=10)
    assert chart.paths[0].d == "M0 1000 L500 500 L1000 0"
    assert chart.paths[0].last == "10"
    assert chart.summary == "a: from 0 to 10, last 10"


@pytest.mark.parametrize("unknown", [None, math.nan, math.inf])
def test_what_is_unknown_is_a_gap(unknown: float | None) -> None:
    chart = drawn(0, 10, unknown, 10, 0, lowest=0, highest=10)
    assert chart.paths[0].d == "M0 1000 L250 0 M750 0 L1000 1000"


def test_a_point_alone_is_a_dash() -> None:
    assert drawn(None, 5, None, lowest=0, highest=10).paths[0].d == "M494 500 L506 500"


def test_without_a_known_value_it_is_empty_and_says_unknown() -> None:
    chart = drawn(None, math.nan)
    assert chart.is_empty
    assert (chart.summary, chart.paths[0].last) == ("a: unknown", "unknown")


def test_an_area_is_closed_at_the_bottom() -> None:
    points = [(START, 10.0), (END, 0.0)]
    line = Line(name="a", points=points, is_filled=True)
    chart = line_chart([line], start=START, end=END, lowest=0, highest=10)
    assert chart.paths[0].area == "M0 0 L1000 1000 L1000 1000 L0 1000 Z"


def test_a_limit_is_always_in_the_picture() -> None:
    chart = drawn(1, 2, lowest=0, limits=[Limit(name="at most", value=8)])
    place, kind = chart.limits[0]
    assert (place.word, kind) == ("at most", "bad")
    assert 0 < place.at < 10


def test_marks_are_cut_at_the_edges_and_left_out_beyond() -> None:
    marks = [
        Mark(at=START - timedelta(hours=1), until=START + timedelta(hours=3), name="before"),
        Mark(at=END + timedelta(hours=1), name="after"),
        Mark(at=START + timedelta(hours=3), name="inside", href="/x/"),
    ]
    chart = line_chart([], start=START, end=END, marks=marks)
    assert chart.role == "group"
    assert drawn(1, 2).role == "img"
    assert [(s.name, s.left, s.width) for s in chart.spots] == [
        ("before", 0, 50),
        ("inside", 50, 0),
    ]


def test_values_and_times_stand_at_round_places() -> None:
    chart = line_chart([], start=START, end=END, lowest=0, highest=1)
    assert [one.word for one in chart.values] == ["0", "0.25", "0.5", "0.75", "1"]
    assert [one.time.hour for one in chart.times] == [0, 1, 2, 3, 4, 5, 6]
    days = line_chart([], start=START, end=START + timedelta(days=30))
    assert {one.form for one in days.times} == {"j M"}
    assert len(days.times) <= 7


def test_many_points_are_thinned_and_peaks_stay() -> None:
    points = [(START + timedelta(seconds=n), 100.0 if n == 7_777 else 0.0) for n in range(20_000)]
    chart = line_chart([Line(name="a", points=points)], start=START, end=END, lowest=0)
    path = chart.paths[0].d
    assert path.count("L") <= 400
    assert "from 0 to 100" in chart.summary
    assert min(float(y) for y in re.findall(r"[\d.]+ ([\d.]+)", path)) < 100


@given(
    values=st.lists(st.none() | st.floats(allow_nan=True, width=32), max_size=60),
    lowest=st.none() | st.floats(-1e6, 1e6),
)
def test_everything_drawn_lies_inside(values: list[float | None], lowest: float | None) -> None:
    chart = drawn(*values, lowest=lowest)
    numbers = [float(n) for n in re.findall(r"-?[\d.]+(?:e[-+]\d+)?", chart.paths[0].d)]
    assert all(-0.1 <= number <= 1000.1 for number in numbers)
    assert all(-0.1 <= one.at <= 100.1 for one in chart.values)
    assert all(0 <= one.at <= 100 for one in chart.times)
    assert 0 < len(chart.values) < 12
