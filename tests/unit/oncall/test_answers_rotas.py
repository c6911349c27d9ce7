"""What people complained about in the schedules of other tools, and how rotas answer."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.factories.oncall_specs import (
    at,
    layer_spec,
    override_spec,
    rota_spec,
    slots,
    window,
)

from evenfall.oncall.logic.schedule import final_schedule, gaps, on_call_at
from evenfall.oncall.logic.spec import MemberSlot, Role, RotaSpec, Span
from evenfall.platform.wall_clock import reading

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
WORKDAYS = (window("Mon 00:00", "Sat 00:00"),)


def _primaries(spec: RotaSpec, starts_at: str, ends_at: str) -> list[Span]:
    spans = final_schedule(spec, at(starts_at), at(ends_at))
    return [span for span in spans if span.role is Role.PRIMARY]


def test_grafana_oncall_3261_shifts_and_hours_keep_their_wall_time_over_dst() -> None:
    """All shifts and the hours of a chain moved by an hour when the clocks changed."""
    office = layer_spec(1, 2, hours=(24,), windows=(window("Mon 09:00", "Fri 17:00"),))
    for spec in (rota_spec(layer_spec(1, 2)), rota_spec(office)):
        spans = _primaries(spec, "2027-03-01 08:00", "2027-12-01")
        starts = {reading(span.starts_at, BERLIN).time().hour for span in spans}
        assert starts == {9}
        assert {span.starts_at.hour for span in spans} == {7, 8}


def test_grafana_oncall_5247_no_gap_and_no_overlap_where_the_clocks_change() -> None:
    """Shifts had an hour without anybody in one direction and an hour of two in the other."""
    spec = rota_spec(layer_spec(1, 2, 3, hours=(12,), zone="America/New_York"))
    assert gaps(spec, at("2027-03-01"), at("2027-12-01")) == ()
    spans = _primaries(spec, "2027-03-01", "2027-12-01")
    assert all(earlier.ends_at == later.starts_at for earlier, later in pairwise(spans))
    lengths = Counter(span.ends_at - span.starts_at for span in spans[1:-1])
    assert {length for length, count in lengths.items() if count == 1} == {
        timedelta(hours=11),
        timedelta(hours=13),
    }


def test_grafana_oncall_5455_every_question_about_the_changed_shift_has_one_answer() -> None:
    """Page, API and routing disagreed about the shift in which the clocks change."""
    spec = rota_spec(layer_spec(1, 2, hours=(24,)))
    (shift,) = [
        span
        for span in _primaries(spec, "2027-03-20", "2027-04-05")
        if span.starts_at <= at("2027-03-28 02:00") < span.ends_at
    ]
    assert shift.ends_at - shift.starts_at == timedelta(hours=23)
    for minutes in range(0, 23 * 60, 30):
        asked = on_call_at(spec, shift.starts_at + timedelta(minutes=minutes), with_next=False)
        assert asked.primary == shift


def test_grafana_oncall_4197_a_daily_rotation_far_from_utc_has_one_person_a_day() -> None:
    """In a zone other than UTC a daily rotation put both people on every day."""
    for zone in ("America/New_York", "Pacific/Auckland", "Asia/Kolkata"):
        spec = rota_spec(layer_spec(1, 2, starts_at="2027-01-04 00:00", hours=(24,), zone=zone))
        spans = _primaries(spec, "2027-01-05 18:30", "2027-03-01")
        days = Counter(reading(span.starts_at, ZoneInfo(zone)).date() for span in spans[1:])
        assert set(days.values()) == {1}
        assert all(one.user_id != other.user_id for one, other in pairwise(spans))


def test_grafana_oncall_2950_a_shift_is_told_with_the_hours_of_its_own_day() -> None:
    """The details of a shift were off by an hour when read on the other side of the change."""
    spec = rota_spec(layer_spec(1, 2))
    for day in ("2027-03-23", "2027-03-30", "2027-10-27", "2027-11-03"):
        duty = on_call_at(spec, at(f"{day} 12:00")).primary
        assert duty is not None
        shown = reading(duty.starts_at, BERLIN)
        assert f"shift from {shown:%a %Y-%m-%d} 09:00 Europe/Berlin" in duty.why


def test_goalert_55_a_weekday_rotation_gives_everybody_their_turn() -> None:
    """With a daily rotation on weekdays only, some people never had a shift."""
    for people in range(2, 9):
        line = range(1, people + 1)
        layer = layer_spec(*line, hours=(24,), starts_at="2027-01-04 00:00", windows=WORKDAYS)
        spans = _primaries(rota_spec(layer), "2027-01-03 23:00", "2028-01-02 23:00")
        counted = Counter(span.user_id for span in spans)
        assert set(counted) == set(line)
        assert max(counted.values()) - min(counted.values()) <= 1


def test_goalert_2196_people_join_and_leave_at_a_date() -> None:
    """Somebody could only be added or removed at once, not from a day to come."""
    leaver = MemberSlot(user_id=2, leaves_on=date(2027, 2, 1))
    joiner = MemberSlot(user_id=9, joins_on=date(2027, 2, 1))
    before = rota_spec(layer_spec(1, 2, 3))
    after = rota_spec(layer_spec(members=(*slots(1), leaver, *slots(3), joiner)))
    until = "2027-02-01 08:00"
    assert _primaries(before, "2026-12-01", until) == _primaries(after, "2026-12-01", until)
    later = {span.user_id for span in _primaries(after, until, "2027-06-01")}
    assert later == {1, 3, 9}


def test_goalert_3049_an_empty_place_is_a_gap_that_says_so() -> None:
    """A rotation could not have a turn that nobody has."""
    spec = rota_spec(layer_spec(1, None, 2))
    (gap,) = gaps(spec, at("2027-01-04 08:00"), at("2027-01-25 08:00"))
    assert (gap.starts_at, gap.ends_at) == (at("2027-01-11 08:00"), at("2027-01-18 08:00"))
    assert gap.why.startswith("Empty place in layer Main")


def test_goalert_4306_a_replacement_takes_the_place_and_adds_nobody_elsewhere() -> None:
    """Replacing somebody also put the substitute on call where that person was not."""
    swap = override_spec("2027-01-04 08:00", "2027-01-18 08:00", 9, instead_of=1)
    spans = _primaries(
        rota_spec(layer_spec(1, 2), overrides=(swap,)), "2027-01-04 08:00", "2027-01-18 08:00"
    )
    assert [span.user_id for span in spans] == [9, 2]
