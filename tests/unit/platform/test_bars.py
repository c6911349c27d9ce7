"""Bars and heat maps: what is drawn, what is said."""

from hypothesis import given
from hypothesis import strategies as st

from evenfall.platform.bars import LEVELS, Stack, bar_chart, heat_map

SERIES = (("acted on", "main"), ("nobody", "faint"))


def test_parts_of_a_bar_stand_on_each_other() -> None:
    chart = bar_chart([Stack(word="1 Mar", values=(3, 1))], series=SERIES, flags=[(0, "applied")])
    below, above = chart.blocks
    assert (below.y + below.height, above.y + above.height) == (100.0, below.y)
    assert above.words == "1 Mar: 1 nobody"
    assert chart.values[-1].word == "4"
    assert chart.flags[0].at == 0.0
    assert chart.summary == "1 bars from 1 Mar to 1 Mar: 3 acted on, 1 nobody"
    assert chart.role == "img"


def test_a_bar_with_a_link_is_no_picture() -> None:
    assert bar_chart([Stack(word="a", values=(1, 0), href="/x/")], series=SERIES).role == "group"


def test_nothing_is_empty() -> None:
    assert bar_chart([], series=SERIES).is_empty
    assert heat_map([[0, 0]], rows=["Mon"], columns=["0", "1"]).summary == "None"


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), max_size=60))
def test_every_bar_stays_in_its_place(values: list[tuple[int, int]]) -> None:
    chart = bar_chart([Stack(word="w", values=one) for one in values], series=SERIES)
    for block in chart.blocks:
        assert -0.02 <= block.y <= 100
        assert block.y + block.height <= 100.02
        assert block.x >= 0
        assert block.x + block.width <= 100.02
    assert len(chart.words) <= 6
    assert len(chart.values) <= 6
    assert len(chart.rows) == len(values)


@given(st.lists(st.lists(st.integers(0, 99), min_size=3, max_size=3), min_size=2, max_size=2))
def test_darker_means_more(counts: list[list[int]]) -> None:
    found = heat_map(counts, rows=["Mon", "Tue"], columns=["0", "1", "2"], every=2)
    for cell in found.cells:
        assert 0 <= cell.level <= LEVELS
        assert (cell.level == 0) == (cell.count == 0)
    by_count = sorted(found.cells, key=lambda cell: cell.count)
    assert [cell.level for cell in by_count] == sorted(cell.level for cell in by_count)
    assert len(found.columns) == 2
