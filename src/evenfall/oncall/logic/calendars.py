"""Reading a calendar that somebody else wrote (RFC 5545): which events say that a person is away.

Whatever a calendar holds, the work is bounded: sizes and counts are limited, and rules that repeat
within a day or began decades ago are left out. Loaded at the first calendar that is read: icalendar
takes 3 MB.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from evenfall.oncall.logic.calendar_events import CalendarEvent, CalendarUnreadable
from evenfall.platform.wall_clock import YEARS, instant

MOST_BYTES = 1_000_000
MOST_EVENTS = 5_000
MOST_RULES = 300
MOST_FOUND = 2_000
OLDEST_RULE = 1990
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_WITHIN_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")


def read(
    body: bytes, *, zone: ZoneInfo, since: datetime, until: datetime
) -> tuple[CalendarEvent, ...]:
    """The events that touch the stretch, by start; without cancelled ones.

    Days and times without a zone are those of `zone`. Raises `CalendarUnreadable`.
    """
    _check_size(body)
    calendar = _parse(body)
    _prepare(calendar)
    found: dict[str, CalendarEvent] = {}
    try:
        query = recurring_ical_events.of(calendar, skip_bad_series=True)
        for component in query.between(since, until):
            event = _event(component, zone)
            if event is not None and event.starts_at < until and event.ends_at > since:
                found[event.key] = event
    except (ValueError, TypeError, OverflowError, KeyError, AttributeError) as error:
        raise CalendarUnreadable("An event of the calendar cannot be read.") from error
    if len(found) > MOST_FOUND:
        raise CalendarUnreadable(f"More than {MOST_FOUND} events in a year. Share a smaller one.")
    return tuple(sorted(found.values(), key=lambda event: (event.starts_at, event.key)))


def _check_size(body: bytes) -> None:
    if len(body) >= MOST_BYTES:
        raise CalendarUnreadable("The calendar is larger than 1 MB. Share a smaller one.")
    upper = body.upper()
    if b"BEGIN:VCALENDAR" not in upper:
        raise CalendarUnreadable("What came is not an iCal calendar. Copy its secret iCal address.")
    if upper.count(b"BEGIN:VEVENT") > MOST_EVENTS:
        raise CalendarUnreadable(f"More than {MOST_EVENTS} events. Share a smaller calendar.")


def _parse(body: bytes) -> icalendar.Calendar:
    try:
        return icalendar.Calendar.from_ical(body)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        raise CalendarUnreadable(f"The calendar is broken: {str(error)[:120]}") from error


def _prepare(calendar: icalendar.Calendar) -> None:
    """Leave out what is not wanted or not bounded, and tell apart events that share a UID."""
    kept = []
    starts: dict[str, dict[object, int]] = {}
    rules = 0
    for component in calendar.subcomponents:
        if component.name == "VEVENT":
            if not _is_bounded(component):
                continue
            rules += "RRULE" in component
            _give_own_uid(component, starts)
        if component.name in {"VEVENT", "VTIMEZONE"}:
            kept.append(component)
    if rules > MOST_RULES:
        raise CalendarUnreadable(f"More than {MOST_RULES} repeating events. Share fewer.")
    calendar.subcomponents = kept


def _is_bounded(event: icalendar.cal.Component) -> bool:
    begins = _moment(event, "DTSTART")
    if begins is None or begins.year not in YEARS:
        return False
    return all(
        begins.year >= OLDEST_RULE and _is_bounded_rule(rule)
        for rule in _listed(event.get("RRULE"))
    )


def _is_bounded_rule(rule: object) -> bool:
    """One that goes on by whole days; an interval of nothing would never end."""
    if not isinstance(rule, icalendar.vRecur):
        return False
    often = {str(word).upper() for word in rule.get("FREQ", [])}
    steps = rule.get("INTERVAL", [1])
    return (
        bool(often)
        and not often & _TOO_OFTEN
        and not any(part in rule for part in _WITHIN_DAY)
        and all(isinstance(step, int) and step > 0 for step in steps)
    )


def _moment(event: icalendar.cal.Component, name: str) -> date | None:
    """The day or time of this name; None where there is none that can be read."""
    try:
        found = getattr(event.get(name), "dt", None)
    except ValueError:
        return None
    return found if isinstance(found, date) else None


def _give_own_uid(event: icalendar.cal.Component, starts: dict[str, dict[object, int]]) -> None:
    """Some programs give one UID to several events: with another start it is another event."""
    if "RECURRENCE-ID" in event:
        return
    uid = str(event.get("UID", ""))
    same = starts.setdefault(uid, {})
    number = same.setdefault(str(_moment(event, "DTSTART")), len(same))
    if number:
        event["UID"] = icalendar.vText(f"{uid}#{number}")


def _event(component: icalendar.cal.Component, zone: ZoneInfo) -> CalendarEvent | None:
    if str(component.get("STATUS", "")).upper() == "CANCELLED":
        return None
    begins = _moment(component, "DTSTART")
    if begins is None:
        return None
    ends = _moment(component, "DTEND") or begins
    if ends == begins and not isinstance(begins, datetime):
        ends = begins + timedelta(days=1)
    starts_at, ends_at = _instant(begins, zone), _instant(ends, zone)
    if ends_at <= starts_at:
        return None
    uid = str(component.get("UID", ""))
    named = f"{uid}|{starts_at.isoformat()}|{ends_at.isoformat()}"
    return CalendarEvent(
        key=sha256(named.encode()).hexdigest(),
        title=str(component.get("SUMMARY", "")),
        categories=tuple(_categories(component)),
        people=frozenset(_people(component)),
        starts_at=starts_at,
        ends_at=ends_at,
    )


def _instant(moment: date, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        return instant(datetime.combine(moment, time.min), zone)
    if moment.tzinfo is None:
        return instant(moment, zone)
    return moment.astimezone(UTC)


def _categories(component: icalendar.cal.Component) -> Iterator[str]:
    for found in _listed(component.get("CATEGORIES")):
        yield from map(str, getattr(found, "cats", [found]))


def _people(component: icalendar.cal.Component) -> Iterator[str]:
    for name in ("ATTENDEE", "ORGANIZER"):
        for found in _listed(component.get(name)):
            yield str(found).casefold().removeprefix("mailto:")


def _listed(found: object) -> Collection[object]:
    if found is None:
        return ()
    return found if isinstance(found, list) else (found,)
