from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.oncall_specs import at, layer_spec, override_spec, rota_spec, window
from tests.unit.oncall.strategies import moments, rotas, years, zones

from evenfall.oncall.logic import picture
from evenfall.oncall.logic.picture import Row, Week
from evenfall.oncall.logic.spec import LieutenantKind, LieutenantRule, OverrideKind, Role

NAMES = {1: "Ada Lovelace", 2: "Ben", 3: "Cyd"}
NOW = at("2027-01-06 11:00")


def _row(week: Week, label: str) -> list[tuple[str, int]]:
    """(name, whole percent from the left) of each bar of the row."""
    (row,) = [row for row in week.rows if row.label == label]
    return [(bar.name, int(bar.left)) for bar in row.bars]


def _labels(rows: tuple[Row, ...]) -> list[str]:
    return [row.label for row in rows]


def test_a_week_runs_from_monday_to_monday_on_the_wall() -> None:
    first, second = picture.weeks(rota_spec(layer_spec(1, 2)), NAMES, now=NOW, count=2)
    assert (first.starts_at, first.ends_at) == (at("2027-01-03 23:00"), at("2027-01-10 23:00"))
    assert [day.label for day in first.days][::3] == ["Mon 4", "Thu 7", "Sun 10"]
    assert first.days[2].left == pytest.approx(200 / 7, abs=0.001)
    assert first.now == pytest.approx(250 / 7, abs=0.001)
    assert second.now is None


def test_a_plain_rota_shows_only_what_comes_of_it() -> None:
    rule = LieutenantRule(kind=LieutenantKind.NEXT)
    (week,) = picture.weeks(
        rota_spec(layer_spec(1, 2), lieutenant=rule), NAMES, now=at("2027-01-13"), count=1
    )
    assert _labels(week.rows) == ["On call", "Lieutenant"]
    assert _row(week, "On call") == [("Ada Lovelace", 0), ("Ben", 5)]
    assert _row(week, "Lieutenant") == [("Ben", 0), ("Ada Lovelace", 5)]


def test_layers_and_overrides_are_shown_where_they_explain_something() -> None:
    office = layer_spec(3, name="Office", windows=(window("Mon 09:00", "Mon 17:00"),))
    cut = override_spec("2027-01-06 00:00", "2027-01-06 06:00", kind=OverrideKind.REMOVE)
    other = override_spec("2027-01-06", "2027-01-07", 2, role=Role.LIEUTENANT)
    spec = rota_spec(layer_spec(1, 2), office, overrides=(cut, other))
    first, second = picture.weeks(spec, NAMES, now=NOW, count=2)
    assert _labels(first.rows) == ["On call", "Lieutenant", "Overrides", "Office", "Main"]
    assert _row(first, "Overrides") == [("Nobody", 29)]
    assert ("Nobody", 29) in _row(first, "On call")
    assert _labels(second.rows) == ["On call", "Office", "Main"]


def test_a_narrow_bar_has_initials_or_nothing() -> None:
    daily = layer_spec(1, None, hours=(12,))
    hourly = layer_spec(1, 2, hours=(1,))
    (half_days,) = picture.weeks(rota_spec(daily), NAMES, now=NOW, count=1)
    (hours,) = picture.weeks(rota_spec(hourly), NAMES, now=NOW, count=1)
    assert {bar.label for bar in half_days.rows[0].bars} == {"AL", "Nobody"}
    assert hours.rows[0].bars[5].label == ""
    (whole,) = picture.weeks(rota_spec(layer_spec(1, 9)), NAMES, now=at("2027-01-18"), count=1)
    assert [bar.label for bar in whole.rows[0].bars] == ["?", "Ada Lovelace"]


@settings(max_examples=30)
@given(st.data(), zones(), years)
def test_what_comes_of_it_fills_every_week(data: st.DataObject, zone: ZoneInfo, year: int) -> None:
    now: datetime = data.draw(moments(zone, year))
    for week in picture.weeks(data.draw(rotas(now)), NAMES, now=now, count=2):
        final = week.rows[0].bars
        assert sum(bar.width for bar in final) == pytest.approx(100, abs=0.5)
        assert sum((bar.ends_at - bar.starts_at for bar in final), timedelta(0)) == (
            week.ends_at - week.starts_at
        )
