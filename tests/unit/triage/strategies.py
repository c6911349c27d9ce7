"""Any calendar, and any story of a clock: what the properties of clocks are tried with."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

from evenfall.triage.logic.calendar import Calendar, Hours, Version
from evenfall.triage.logic.clocks import Happened, Mark
from evenfall.triage.logic.priority import Priority

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
LONGEST = 60 * 24 * 30
"""Minutes that a story takes: from any start it often meets a night in which clocks change."""
instants = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2028, 12, 31),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
durations = st.integers(min_value=0, max_value=60 * 200).map(lambda count: timedelta(minutes=count))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any zone, any hours with gaps, holidays of a country, and one to three versions."""
    count = draw(st.integers(1, 3))
    since = sorted(draw(st.lists(instants, min_size=count, max_size=count, unique=True)))
    return Calendar(versions=tuple(draw(versions(at)) for at in since))


@st.composite
def versions(draw: st.DrawFn, since: datetime) -> Version:
    hours = set[Hours]()
    for day in draw(st.sets(st.integers(0, 6), min_size=1)):
        edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=2, max_size=6)))
        hours |= {Hours(day, *edges[at : at + 2]) for at in range(0, len(edges) - 1, 2)}
    # hours that would all be skipped with the clocks leave a week empty, never a calendar
    hours.add(Hours(2, 600, 720))
    kept = [one for one in sorted(hours) if one == Hours(2, 600, 720) or one.day != 2]
    return Version(
        zone=ZoneInfo(draw(st.sampled_from(ZONES))),
        hours=tuple(kept),
        country=draw(st.sampled_from(["", "DE", "US", "IN"])),
        since=since,
    )


minutes = st.integers(0, LONGEST).map(lambda count: timedelta(minutes=count))


@st.composite
def stories(draw: st.DrawFn) -> list[Happened]:
    """A start, then pauses, ends of pauses and other priorities, in the order of time."""
    starts = draw(instants)
    priorities = st.sampled_from(Priority)
    found = [Happened(mark=Mark.START, at=starts, priority=draw(priorities))]
    for passed in sorted(draw(st.lists(minutes, max_size=6))):
        mark = draw(st.sampled_from([Mark.PAUSE, Mark.RESUME, Mark.PRIORITY]))
        priority = draw(priorities) if mark is Mark.PRIORITY else None
        found.append(Happened(mark=mark, at=starts + passed, priority=priority))
    return found
