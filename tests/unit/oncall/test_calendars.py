from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from evenfall.oncall.logic import calendars
from evenfall.oncall.logic.calendar_events import CalendarEvent, CalendarUnreadable, counts, whose

BERLIN = ZoneInfo("Europe/Berlin")
SINCE, UNTIL = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC)
BERLIN_RULES = """BEGIN:VTIMEZONE
TZID:Office
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


def _calendar(*events: str, more: str = "") -> bytes:
    told = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    whole = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{more}{told}END:VCALENDAR\n"
    return whole.replace("\n", "\r\n").encode()


def _read(*events: str, more: str = "") -> list[tuple[str, str, str]]:
    found = calendars.read(_calendar(*events, more=more), zone=BERLIN, since=SINCE, until=UNTIL)
    return [(e.title, f"{e.starts_at:%m-%d %H:%M}", f"{e.ends_at:%m-%d %H:%M}") for e in found]


def test_whole_days_are_those_of_the_person() -> None:
    event = "UID:1\nSUMMARY:Off\nDTSTART;VALUE=DATE:20270110\nDTEND;VALUE=DATE:20270112"
    assert _read(event) == [("Off", "01-09 23:00", "01-11 23:00")]


def test_a_whole_day_without_an_end_lasts_one_day() -> None:
    assert _read("UID:1\nSUMMARY:Off\nDTSTART;VALUE=DATE:20270110") == [
        ("Off", "01-09 23:00", "01-10 23:00")
    ]


@pytest.mark.parametrize(
    "start",
    [
        "DTSTART:20270710T090000",
        "DTSTART:20270710T070000Z",
        "DTSTART;TZID=Europe/Berlin:20270710T090000",
        "DTSTART;TZID=W. Europe Standard Time:20270710T090000",
        "DTSTART;TZID=Office:20270710T090000",
        "DTSTART;TZID=Unheard Of:20270710T090000",
    ],
)
def test_times_are_understood_in_every_zone_a_program_writes(start: str) -> None:
    event = f"UID:1\nSUMMARY:x\n{start}\nDURATION:PT1H"
    assert _read(event, more=BERLIN_RULES) == [("x", "07-10 07:00", "07-10 08:00")]


def test_repetitions_moved_ones_and_left_out_ones() -> None:
    weekly = "UID:1\nSUMMARY:x\nDTSTART;VALUE=DATE:20270111\nRRULE:FREQ=WEEKLY;COUNT=4"
    moved = "UID:1\nRECURRENCE-ID;VALUE=DATE:20270125\nSUMMARY:y\nDTSTART;VALUE=DATE:20270127"
    gone = "UID:1\nRECURRENCE-ID;VALUE=DATE:20270201\nSTATUS:CANCELLED\nDTSTART;VALUE=DATE:20270201"
    found = _read(f"{weekly}\nEXDATE;VALUE=DATE:20270118", moved, gone)
    assert [(title, starts) for title, starts, _ in found] == [
        ("x", "01-10 23:00"),
        ("y", "01-26 23:00"),
    ]


def test_events_that_share_a_uid_are_all_read() -> None:
    one = "UID:same\nSUMMARY:a\nDTSTART;VALUE=DATE:20270110"
    other = "UID:same\nSUMMARY:b\nDTSTART;VALUE=DATE:20270210"
    assert [title for title, *_ in _read(one, other, one)] == ["a", "b"]


def test_cancelled_empty_and_broken_events_are_left_out() -> None:
    good = "UID:1\nSUMMARY:good\nDTSTART:20270110T090000Z\nDTEND:20270110T100000Z"
    cancelled = f"{good}\nSTATUS:CANCELLED".replace("UID:1", "UID:2")
    broken = "UID:3\nDTSTART:rubbish"
    without = "UID:4\nSUMMARY:no start"
    empty = "UID:5\nDTSTART:20270110T090000Z"
    assert [title for title, *_ in _read(good, cancelled, broken, without, empty)] == ["good"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=DAILY;BYSECOND=1,2",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=SOMETIMES",
        "rubbish",
    ],
)
def test_rules_that_repeat_within_a_day_or_never_end_are_left_out(rule: str) -> None:
    assert _read(f"UID:1\nDTSTART:20270110T090000Z\nDURATION:PT1H\nRRULE:{rule}") == []


def test_a_rule_that_began_long_ago_is_left_out() -> None:
    event = "UID:1\nDTSTART;VALUE=DATE:00010101\nRRULE:FREQ=DAILY"
    assert _read(event) == []
    assert _read("UID:1\nDTSTART;VALUE=DATE:19800101\nRRULE:FREQ=DAILY") == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>sign in</html>", "not an iCal calendar"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "broken"),
        (b"BEGIN:VCALENDAR" + b"x" * calendars.MOST_BYTES, "larger than 1 MB"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 5001, "More than 5000 events"),
    ],
)
def test_what_is_no_calendar_or_too_large_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(CalendarUnreadable, match=words):
        calendars.read(body, zone=BERLIN, since=SINCE, until=UNTIL)


def test_an_event_that_cannot_be_understood_is_told() -> None:
    with pytest.raises(CalendarUnreadable, match="cannot be read"):
        _read("UID:1\nDTSTART;VALUE=DATE:20270110\nDTEND;VALUE=DATE:99990101")


def test_other_parts_of_a_calendar_are_passed_over() -> None:
    todo = "BEGIN:VTODO\nUID:1\nSUMMARY:Pay\nEND:VTODO\n"
    assert _read("UID:2\nSUMMARY:x\nDTSTART;VALUE=DATE:20270110", more=todo)[0][0] == "x"


def test_too_many_rules_and_too_many_repetitions_are_refused() -> None:
    rules = [f"UID:{n}\nDTSTART;VALUE=DATE:20270110\nRRULE:FREQ=YEARLY" for n in range(301)]
    with pytest.raises(CalendarUnreadable, match="repeating"):
        _read(*rules)
    daily = [f"UID:{n}\nDTSTART;VALUE=DATE:20270101\nRRULE:FREQ=DAILY" for n in range(8)]
    with pytest.raises(CalendarUnreadable, match="More than 2000"):
        _read(*daily)


def _event(title: str, *categories: str, people: tuple[str, ...] = ()) -> CalendarEvent:
    return CalendarEvent(
        key="k",
        title=title,
        categories=categories,
        people=frozenset(people),
        starts_at=SINCE,
        ends_at=UNTIL,
    )


def test_words_are_looked_for_in_titles_and_categories() -> None:
    assert counts(_event("Ada: VACATION"), every_event=False, words=["vacation"])
    assert counts(_event("Ada", "OOO"), every_event=False, words=["ooo"])
    assert not counts(_event("Lunch"), every_event=False, words=["vacation"])
    assert counts(_event("Lunch"), every_event=True, words=[])


def test_events_of_a_team_are_of_those_who_attend_or_are_named() -> None:
    members = {1: ("Ada Byron", "ada@example.org"), 2: ("Bo", "bo@example.org"), 3: ("", "c@x.org")}
    assert whose(_event("Holiday ada byron"), members) == {1}
    assert whose(_event("Holiday", people=("bo@example.org",)), members) == {2}


def test_categories_and_people_are_read() -> None:
    event = (
        "UID:1\nSUMMARY:x\nDTSTART;VALUE=DATE:20270110\nCATEGORIES:OOO,Team\n"
        "CATEGORIES:More\nATTENDEE:mailto:Ada@Example.org\nORGANIZER:mailto:bo@example.org"
    )
    (found,) = calendars.read(_calendar(event), zone=BERLIN, since=SINCE, until=UNTIL)
    assert found.categories == ("OOO", "Team", "More")
    assert found.people == {"ada@example.org", "bo@example.org"}


def test_an_event_without_a_start_is_none_and_without_an_end_lasts_a_day() -> None:
    event = icalendar.Event()
    assert calendars._event(event, BERLIN) is None
    event.add("dtstart", date(2027, 1, 10))
    found = calendars._event(event, BERLIN)
    assert found is not None
    assert found.ends_at - found.starts_at == timedelta(days=1)
