from datetime import UTC, timedelta
from typing import Any

from icalendar import Calendar
from tests.factories.oncall_specs import at

from evenfall.oncall.logic import feed_files, feeds
from evenfall.oncall.logic.feeds import FeedDuty
from evenfall.oncall.logic.spec import Role

NOW = at("2027-03-10T12:34:56")
URL = "https://evenfall.example.org/rotas/3/"


def duty(
    name: str = "Ada", role: Role = Role.PRIMARY, starts: str = "2027-03-08T08:00"
) -> FeedDuty:
    return FeedDuty(
        rota_id=3,
        rota="Payments",
        role=role,
        name=name,
        starts_at=at(starts),
        ends_at=at(starts) + timedelta(days=7),
        why="Turn in layer Main; a comma, a semicolon\nand a line.",
        url=URL,
    )


def read(*duties: FeedDuty, title: str = "On call: Payments") -> list[Any]:
    """What another program understands of the file."""
    body = feed_files.calendar_file(title, duties, host="evenfall.example.org", now=NOW)
    calendar = Calendar.from_ical(body)
    assert calendar["X-WR-CALNAME"] == title
    assert calendar["VERSION"] == "2.0"
    return list(calendar.walk("VEVENT"))


def test_event_tells_who_what_when_why_and_where() -> None:
    (event,) = read(duty())
    assert event["SUMMARY"] == "Ada on call: Payments"
    assert event["DTSTART"].dt == at("2027-03-08T08:00")
    assert event["DTSTART"].dt.utcoffset() == timedelta(0)
    assert event["DTEND"].dt == at("2027-03-15T08:00")
    assert event["DTSTAMP"].dt == NOW.astimezone(UTC)
    assert event["DESCRIPTION"] == f"{duty().why}\n{URL}"
    assert event["URL"] == URL


def test_event_takes_nobodys_time() -> None:
    (event,) = read(duty())
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["X-MICROSOFT-CDO-BUSYSTATUS"] == "FREE"


def test_event_of_a_lieutenant_says_so() -> None:
    (event,) = read(duty(role=Role.LIEUTENANT))
    assert event["SUMMARY"] == "Ada lieutenant: Payments"


def test_id_stays_when_another_person_takes_the_shift() -> None:
    first, second = read(duty("Ada"))[0], read(duty("Ben"))[0]
    assert first["UID"] == second["UID"]
    assert first["UID"].endswith("@evenfall.example.org")


def test_ids_differ_by_role_and_start() -> None:
    events = read(duty(), duty(role=Role.LIEUTENANT), duty(starts="2027-03-15T08:00"))
    assert len({event["UID"] for event in events}) == 3


def test_tag_changes_when_and_only_when_the_content_does() -> None:
    assert feeds.tag("On call", [duty()]) == feeds.tag("On call", [duty()])
    other = {feeds.tag("On call", [duty("Ben")]), feeds.tag("Other", [duty()])}
    assert feeds.tag("On call", [duty()]) not in other


def test_window_is_four_weeks_back_and_half_a_year_on_and_moves_on_mondays() -> None:
    starts_at, ends_at = feeds.window(NOW)
    assert starts_at == at("2027-02-08")
    assert ends_at - NOW >= timedelta(weeks=26)
    assert feeds.window(NOW + timedelta(days=3)) == (starts_at, ends_at)
