"""Whom Opsgenie says it would page: the final timelines of the schedules."""

from collections import defaultdict
from collections.abc import Iterator

from evenfall.importing.ports import Export, Held, Notes, Unreadable
from evenfall.integrations.opsgenie.schedules import person
from evenfall.integrations.opsgenie.shapes import Named, Period, Timeline


def read(export: Export, notes: Notes) -> dict[str, tuple[Held, ...]]:
    found: dict[str, list[Held]] = defaultdict(list)
    for item in export.of("timelines"):
        timeline = item.read(Timeline)
        schedule = timeline.schedule.id if timeline.schedule else item.about
        if not schedule:
            why = "It does not say which schedule this is of. Name the file "
            raise Unreadable(item.where, why + "timelines/SCHEDULE_ID.json.")
        for rotation in timeline.final.rotations or ():
            for period in rotation.periods or ():
                found[schedule] += _held(period, notes)
    return {schedule: tuple(spans) for schedule, spans in found.items() if spans}


def _held(period: Period, notes: Notes) -> Iterator[Held]:
    if period.start_date >= period.end_date:
        return
    for one in _users(period):
        yield Held(period.start_date, period.end_date, person(one, notes))


def _users(period: Period) -> list[Named]:
    """A team or an escalation comes with the people it leads to."""
    named = [period.recipient] if period.recipient else []
    if not any(one.is_user for one in named):
        named = period.flattened_recipients or []
    return [one for one in named if one.is_user]
