from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.oncall_specs import BERLIN, at

from evenfall.oncall.logic import calendar
from evenfall.oncall.logic.calendar import Entry, Frame, Shown, View, Week, frame_of
from evenfall.oncall.logic.spec import Role

PAYMENTS, SHOP = Shown(1, "Payments"), Shown(2, "Shop")
NOW = at("2027-03-10T12:00")


def entry(
    starts: str,
    ends: str,
    name: str = "Ada Lovelace",
    *,
    rota: Shown = PAYMENTS,
    role: Role = Role.PRIMARY,
) -> Entry:
    return Entry(
        rota=rota,
        role=role,
        user_id=None if name == calendar.NOBODY else 7,
        name=name,
        starts_at=at(starts),
        ends_at=at(ends),
        why="Turn.",
    )


def drawn(*entries: Entry, frame: Frame | None = None, shown: tuple[Shown, ...] = ()) -> Week:
    frame = frame or frame_of(View.WEEK, date(2027, 3, 10), BERLIN)
    rotas = shown or (PAYMENTS,)
    return calendar.weeks(frame, rotas, entries, now=NOW)[0]


def test_frame_of_a_month_holds_whole_weeks() -> None:
    frame = frame_of(View.MONTH, date(2027, 3, 10), BERLIN)
    assert (frame.first, frame.weeks, frame.title) == (date(2027, 3, 1), 5, "March 2027")
    assert (frame.previous, frame.following) == (date(2027, 2, 1), date(2027, 4, 1))
    assert len(frame.midnights) == 5 * 7 + 1


def test_frame_of_a_week_begins_on_its_monday() -> None:
    frame = frame_of(View.WEEK, date(2027, 3, 10), BERLIN)
    assert (frame.first, frame.weeks, frame.month) == (date(2027, 3, 8), 1, 0)
    assert (frame.previous, frame.following) == (date(2027, 3, 1), date(2027, 3, 15))
    assert frame.title == "Mon 8 Mar to Sun 14 Mar 2027"


@given(
    # a month inside the years that a calendar shows, where every frame has both neighbours
    on=st.dates(date(1971, 2, 1), date(2198, 11, 30)),
    view=st.sampled_from(View),
    zone=st.sampled_from(["Europe/Berlin", "America/St_Johns", "Pacific/Apia", "UTC"]),
)
def test_frame_holds_its_day_and_turns_to_its_neighbours(on: date, view: View, zone: str) -> None:
    frame = frame_of(view, on, ZoneInfo(zone))
    assert frame.first.weekday() == 0
    assert frame.first <= on < frame.first + timedelta(days=7 * frame.weeks)
    assert all(low <= high for low, high in pairwise(frame.midnights))
    assert frame_of(view, frame.following, ZoneInfo(zone)).previous <= on
    assert frame_of(view, frame.previous, ZoneInfo(zone)).following <= on


def test_frame_of_a_year_out_of_range_is_the_nearest() -> None:
    assert frame_of(View.MONTH, date(1, 1, 1), BERLIN).first.year in {1970, 1971}
    assert frame_of(View.MONTH, date(9999, 12, 31), BERLIN).title == "December 2198"


def test_bar_stands_where_the_clock_stands_in_its_day() -> None:
    week = drawn(entry("2027-03-08T11:00", "2027-03-10T23:00"))
    (bar,) = week.lanes[0].bars
    assert bar.left == pytest.approx(100 / 14, abs=0.01)
    assert bar.left + bar.width == pytest.approx(300 / 7, abs=0.01)


def test_bar_reaches_from_edge_to_edge_when_the_duty_is_longer() -> None:
    week = drawn(entry("2027-02-01", "2027-05-01"))
    assert [(bar.left, bar.width) for bar in week.lanes[0].bars] == [(0.0, 100.0)]


def test_days_keep_their_width_in_the_week_in_which_the_clocks_change() -> None:
    frame = frame_of(View.WEEK, date(2027, 3, 28), BERLIN)
    sunday = entry("2027-03-27T23:00", "2027-03-28T22:00")
    (bar,) = drawn(sunday, frame=frame).lanes[0].bars
    assert bar.left == pytest.approx(600 / 7, abs=0.01)
    assert bar.left + bar.width == pytest.approx(100, abs=0.01)


def test_label_is_what_fits() -> None:
    long, short, none = (
        drawn(entry("2027-03-08", f"2027-03-08T{hours}"), shown=(PAYMENTS, SHOP)).lanes[0].bars[0]
        for hours in ("23:00", "09:00", "02:00")
    )
    assert [long.label, short.label, none.label] == ["Ada Lovelace", "AL", ""]
    assert (
        drawn(entry("2027-03-08", "2027-03-12"), shown=(PAYMENTS, SHOP))
        .lanes[0]
        .bars[0]
        .label.startswith("Payments: Ada")
    )


def test_every_rota_has_a_lane_and_other_roles_only_where_somebody_has_them() -> None:
    second = entry("2027-03-08", "2027-03-09", "Ben", role=Role.LIEUTENANT)
    week = drawn(entry("2027-03-08", "2027-03-09"), second, shown=(PAYMENTS, SHOP))
    assert [(lane.rota.name, lane.role) for lane in week.lanes] == [
        ("Payments", Role.PRIMARY),
        ("Payments", Role.LIEUTENANT),
        ("Shop", Role.PRIMARY),
    ]
    assert "Ben lieutenant" in week.lanes[1].bars[0].spoken


def test_bar_is_spoken_with_times_on_the_wall_of_the_zone() -> None:
    (bar,) = drawn(entry("2027-03-08T08:00", "2027-03-15T08:00")).lanes[0].bars
    assert bar.spoken == ("Payments: Ada Lovelace on call, Mon 8 Mar 09:00 to Mon 15 Mar 09:00")


def test_day_tells_which_part_of_it_somebody_has() -> None:
    week = drawn(
        entry("2027-03-07T23:00", "2027-03-09T08:00", "Ada"),
        entry("2027-03-09T08:00", "2027-03-09T10:00", calendar.NOBODY),
        entry("2027-03-09T10:00", "2027-03-12T23:00", "Ben"),
    )
    monday, tuesday, wednesday = week.days[:3]
    assert [line.hours for line in monday.lines] == ["all day"]
    assert [line.hours for line in tuesday.lines] == ["until 09:00", "09:00 to 11:00", "from 11:00"]
    assert [day.is_today for day in (monday, tuesday, wednesday)] == [False, False, True]


def test_days_of_other_months_are_outside() -> None:
    frame = frame_of(View.MONTH, date(2027, 4, 1), BERLIN)
    week = drawn(frame=frame)
    assert [day.is_outside for day in week.days] == [True] * 3 + [False] * 4
    assert week.now is None


def test_now_stands_in_the_running_week() -> None:
    assert drawn().now == pytest.approx((2 + 13 / 24) / 7 * 100, abs=0.01)


def test_seams_are_the_instants_at_which_the_days_begin() -> None:
    seams = drawn().seams.split()
    assert seams[0] == "2027-03-07T23:00:00Z"
    assert len(seams) == 8


def test_zone_is_told_with_its_distance_from_utc() -> None:
    march = frame_of(View.MONTH, date(2027, 3, 1), BERLIN)
    assert calendar.zone_in_words(march) == ("Europe/Berlin (UTC+01:00, UTC+02:00 from Sun 28 Mar)")
    may = frame_of(View.WEEK, date(2027, 5, 1), ZoneInfo("America/New_York"))
    assert calendar.zone_in_words(may) == "America/New York (UTC-04:00)"


def test_keys_are_instants_in_utc() -> None:
    berlin = datetime(2027, 3, 8, 9, 0, tzinfo=BERLIN)
    assert calendar.key_of(berlin) == "2027-03-08T08:00:00Z"
    one = entry("2027-03-08", "2027-03-09")
    assert datetime.fromisoformat(one.key) == datetime(2027, 3, 8, tzinfo=UTC)
    assert datetime.fromisoformat(one.end_key) == datetime(2027, 3, 9, tzinfo=UTC)
