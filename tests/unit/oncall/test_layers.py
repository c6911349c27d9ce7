from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.oncall_specs import at, layer_spec, wall, window
from tests.unit.oncall import strategies
from tests.unit.oncall.strategies import moments, years, zones

from evenfall.oncall.logic import layers
from evenfall.oncall.logic.spec import LayerSpec
from evenfall.oncall.logic.tiles import NOT_COVERED


def _rows(layer: LayerSpec, starts: str, ends: str) -> list[tuple[str, str, int | None]]:
    paving = layers.paving(layer, at(starts), at(ends))
    return [(_short(tile.starts_at), _short(tile.ends_at), tile.user_id) for tile in paving]


def _short(moment: datetime) -> str:
    return f"{moment:%d %H:%M}"


@pytest.mark.parametrize(
    ("zone", "first_monday", "hours"),
    [
        ("Europe/Berlin", "2027-03-22 09:00", 167),
        ("Europe/Berlin", "2027-10-25 09:00", 169),
        ("Europe/Berlin", "2027-06-07 09:00", 168),
        ("America/New_York", "2027-03-08 09:00", 167),
        ("America/New_York", "2027-11-01 09:00", 169),
        ("Australia/Lord_Howe", "2027-09-27 09:00", 167.5),
        ("Australia/Lord_Howe", "2027-03-29 09:00", 168.5),
        ("Pacific/Apia", "2011-12-26 09:00", 144),
        ("Africa/Casablanca", "2026-02-09 09:00", 169),
        ("Africa/Casablanca", "2026-03-16 09:00", 167),
    ],
)
def test_a_week_on_the_wall_is_as_long_as_the_clocks_make_it(
    zone: str, first_monday: str, hours: float
) -> None:
    layer = layer_spec(1, 2, starts_at=first_monday, zone=zone)
    shift = layers.shift_at(layer, at(first_monday) + timedelta(days=2))
    assert shift is not None
    starts_at, ends_at = shift
    assert ends_at - starts_at == timedelta(hours=hours)


def test_the_day_that_apia_skipped_is_a_shift_of_no_time() -> None:
    daily = layer_spec(1, 2, 3, starts_at="2011-12-29 00:00", hours=(24,), zone="Pacific/Apia")
    assert _rows(daily, "2011-12-29 10:00", "2012-01-01 10:00") == [
        ("29 10:00", "30 10:00", 1),
        ("30 10:00", "31 10:00", 3),
        ("31 10:00", "01 10:00", 1),
    ]


def test_a_hand_over_in_the_skipped_hour_comes_at_its_end() -> None:
    daily = layer_spec(1, 2, starts_at="2027-03-27 02:30", hours=(24,))
    assert _rows(daily, "2027-03-27 01:30", "2027-03-29 00:30") == [
        ("27 01:30", "28 01:00", 1),
        ("28 01:00", "29 00:30", 2),
    ]


def test_a_hand_over_in_the_doubled_hour_comes_at_its_first_showing() -> None:
    daily = layer_spec(1, 2, starts_at="2027-10-30 02:30", hours=(24,))
    assert _rows(daily, "2027-10-30 12:00", "2027-10-31 12:00") == [
        ("30 12:00", "31 00:30", 1),
        ("31 00:30", "31 12:00", 2),
    ]
    # at 01:10 UTC the wall shows 02:10 again, and the hand-over has been
    assert layers.shift_at(daily, at("2027-10-31 01:10")) == (
        at("2027-10-31 00:30"),
        at("2027-11-01 01:30"),
    )


def test_a_layer_begins_with_its_first_shift() -> None:
    layer = layer_spec(1, 2)
    assert _rows(layer, "2027-01-01 00:00", "2027-01-15 00:00") == [
        ("01 00:00", "04 08:00", None),
        ("04 08:00", "11 08:00", 1),
        ("11 08:00", "15 00:00", 2),
    ]
    assert layers.shift_at(layer, at("2027-01-01 00:00")) is None


def test_a_layer_counts_inside_its_windows_only() -> None:
    layer = layer_spec(1, hours=(24,), windows=(window("Mon 09:00", "Mon 17:00"),))
    assert _rows(layer, "2027-01-04 00:00", "2027-01-05 00:00") == [
        ("04 00:00", "04 08:00", None),
        ("04 08:00", "04 16:00", 1),
        ("04 16:00", "05 00:00", None),
    ]


def test_a_later_layer_wins_where_it_has_somebody() -> None:
    nights = layer_spec(7, None, name="Nights", windows=(window("Mon 20:00", "Mon 22:00"),))
    paving = layers.stack(
        (layer_spec(1, 2), nights), at("2027-01-11 00:00"), at("2027-01-18 08:00")
    )
    assert [(tile.user_id, _short(tile.starts_at)) for tile in paving] == [
        (1, "11 00:00"),
        (2, "11 08:00"),
    ]
    earlier = layers.stack(
        (layer_spec(1, 2), nights), at("2027-01-04 08:00"), at("2027-01-05 08:00")
    )
    assert [tile.user_id for tile in earlier] == [1, 7, 1]


def test_an_empty_place_says_so_where_no_other_layer_helps() -> None:
    paving = layers.stack((layer_spec(None),), at("2027-01-04 08:00"), at("2027-01-05 08:00"))
    assert [tile.why for tile in paving] == [
        "Empty place in layer Main, shift from Mon 2027-01-04 09:00 Europe/Berlin."
    ]


def test_no_layers_cover_nothing() -> None:
    paving = layers.stack((), at("2027-01-04 08:00"), at("2027-01-05 08:00"))
    assert [tile.why for tile in paving] == [NOT_COVERED]
    assert layers.stack((), at("2027-01-04 08:00"), at("2027-01-04 08:00")) == []


def test_next_cycle_is_the_next_hand_over_that_begins_one() -> None:
    split = layer_spec(1, 2, 3, hours=(96, 72))
    assert layers.next_cycle(split, at("2027-01-06")) == wall("2027-01-11 09:00")
    assert layers.next_cycle(layer_spec(1), at("2026-12-24")) == wall("2027-01-04 09:00")


@settings(max_examples=60)
@given(st.data(), zones(), years, st.integers(0, 80))
def test_a_layer_that_is_carried_on_gives_the_same_schedule(
    data: st.DataObject, zone: ZoneInfo, year: int, days: int
) -> None:
    around = data.draw(moments(zone, year))
    layer = data.draw(strategies.layers(zone, around.date()))
    at_ = around + timedelta(days=days)
    later = layers.carried_on(layer, at_)
    until = at_ + timedelta(days=70)
    tiles = [tile[:4] for tile in layers.paving(layer, at_, until)]
    assert [tile[:4] for tile in layers.paving(later, at_, until)] == tiles


def test_a_layer_that_is_carried_on_begins_with_whose_turn_it_is() -> None:
    layer = layer_spec(1, 2, 3)
    later = layers.carried_on(layer, at("2027-01-12 12:00"))
    assert later.pattern.starts_at == wall("2027-01-11 09:00")
    assert [slot.user_id for slot in later.members] == [2, 3, 1]
    assert layers.carried_on(layer, at("2026-01-12 12:00")) == layer


def test_a_cycle_that_divides_the_team_gives_the_same_people_the_same_parts() -> None:
    assert layers.same_parts(layer_spec(1, 2, hours=(96, 72)))
    assert not layers.same_parts(layer_spec(1, 2, 3, hours=(96, 72)))
    assert not layers.same_parts(layer_spec(1, 2))
