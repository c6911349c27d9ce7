from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.factories.oncall_specs import at

from evenfall.oncall.logic.hours import Calendar
from evenfall.oncall.logic.pages import PagedFact, tally

CALENDAR = Calendar(zone=ZoneInfo("UTC"))
UNTIL = at("2027-01-11")


def _fact(paged: str, acknowledged: str = "", ended: str = "") -> PagedFact:
    return PagedFact(
        user_id=1,
        page_id=1,
        at=at(f"2027-01-04T{paged}"),
        acknowledged_at=at(f"2027-01-04T{acknowledged}") if acknowledged else None,
        ended_at=at(f"2027-01-04T{ended}") if ended else None,
    )


def test_no_pages_are_no_load() -> None:
    found = tally([], CALENDAR, UNTIL)
    assert (found.pages, found.night_pages, found.wake_ups, found.active_minutes) == (0, 0, 0, 0)


def test_pages_within_the_hour_wake_once() -> None:
    facts = [_fact("02:00"), _fact("02:50"), _fact("05:00"), _fact("12:00")]
    found = tally(facts, CALENDAR, UNTIL)
    assert (found.pages, found.night_pages, found.wake_ups) == (4, 3, 2)


def test_two_pages_at_once_are_not_worked_twice() -> None:
    facts = [_fact("12:00", "12:05", "12:35"), _fact("12:10", "12:15", "12:45")]
    assert tally(facts, CALENDAR, UNTIL).active_minutes == 40


def test_a_page_left_open_counts_four_hours_at_most() -> None:
    assert tally([_fact("12:00", "12:00")], CALENDAR, UNTIL).active_minutes == 240
    soon = at("2027-01-04T12:10")
    assert tally([_fact("12:00", "12:00")], CALENDAR, soon).active_minutes == 10


def test_work_after_the_window_counts_in_the_next_one() -> None:
    fact = _fact("12:00", "12:05", "12:35")
    assert tally([fact], CALENDAR, fact.at + timedelta(minutes=1)).active_minutes == 0
