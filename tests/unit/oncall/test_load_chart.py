import pytest

from evenfall.oncall.logic.load_chart import chart
from evenfall.oncall.logic.loads import Parts

QUIET = Parts(day=0, night=0, weekend=0, holiday=0, pages=0, active=0)
BUSY = Parts(day=10, night=20, weekend=0, holiday=0, pages=70, active=0)


def test_bars_stand_one_after_the_other_and_fit() -> None:
    found = chart([("Ada", BUSY, 1.0), ("Ben", BUSY, 0.5), ("Cem", QUIET, 1.0)])
    ada, ben, cem = found.rows
    assert [one.kind for one in ada.segments] == ["day", "night", "pages"]
    assert [one.left for one in ada.segments] == pytest.approx([0, 4.63, 13.889], abs=0.01)
    assert (ada.total, ben.total, cem.segments) == (100, 200, ())
    assert ben.segments[-1].left + ben.segments[-1].width < 100
    assert found.mean == 100
    assert found.mean_left == pytest.approx(46.296)


def test_a_chart_of_nothing_has_no_mean() -> None:
    assert chart([]).mean_left is None
    assert chart([("Ada", QUIET, 1.0)]).mean_left is None


def test_next_to_nothing_is_a_short_bar() -> None:
    little = Parts(day=0.5, night=0, weekend=0, holiday=0, pages=0, active=0)
    (row,) = chart([("Ada", little, 1.0)]).rows
    assert row.segments[0].width < 10


def test_a_given_mean_is_drawn() -> None:
    assert chart([("Ada", BUSY, 1.0)], mean=200).mean_left == pytest.approx(92.593)
