"""What a page was: whether anybody did anything, whether it was over by itself, whose night.

The journal's facts are read as data, by their kinds.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.platform.wall_clock import reading

ACTS: Final = (
    "incidents.incident_mobilised",
    "incidents.incident_moved",
    "incidents.incident_paused",
    "incidents.incident_resolved",
    "incidents.incident_merged",
    "incidents.severity_changed",
    "incidents.suspect_judged",
    "incidents.note_added",
    "incidents.role_taken",
    "incidents.task_added",
    "incidents.task_taken",
    "incidents.task_done",
    "incidents.update_told",
    "incidents.more_paged",
    "paging.page_mobilised",
    "paging.page_escalated",
    "paging.help_requested",
    "paging.page_resolved",
)
"""What counts as work when a person did it; to acknowledge alone is none."""
_PEOPLE: Final = ("user:", "token:")
_CLOSING: Final = frozenset({"incidents.incident_resolved", "paging.page_resolved"})

SELF_HEALED: Final = timedelta(minutes=5)
AGAIN_WITHIN: Final = timedelta(minutes=30)
DAY_HOURS: Final = 24


class Act(Struct, frozen=True):
    """A fact of the journal; `actor` as it stands there."""

    kind: str
    actor: str


class Night(Struct, frozen=True):
    """When somebody is taken to be asleep, in minutes after midnight; may run over it."""

    starts: int = 22 * 60
    ends: int = 7 * 60


def was_acted(acts: Iterable[Act], *, not_actionable: bool) -> bool:
    """Whether a person did more than acknowledge.

    Closing what was said not to need anybody is no work: that is how it is said.
    """
    return any(
        one.kind in ACTS
        and one.actor.startswith(_PEOPLE)
        and not (not_actionable and one.kind in _CLOSING)
        for one in acts
    )


def night_of(at: datetime, zone: ZoneInfo, night: Night) -> date | None:
    """The day on whose evening the night began that this moment is in; None by day."""
    wall = reading(at, zone)
    minute = wall.hour * 60 + wall.minute
    if night.starts < night.ends:
        return wall.date() if night.starts <= minute < night.ends else None
    if minute >= night.starts:
        return wall.date()
    return wall.date() - timedelta(days=1) if minute < night.ends else None


def hour_of(at: datetime, zone: ZoneInfo) -> int:
    """The hour of the week on the wall: 0 is Monday from 0:00, 167 Sunday from 23:00."""
    wall = reading(at, zone)
    return wall.weekday() * DAY_HOURS + wall.hour


def seconds_between(start: datetime, end: datetime | None) -> int | None:
    """None when it has no end; an end before the start is at once."""
    return None if end is None else max(0, int((end - start).total_seconds()))


def lead_alert(alerts: Collection[tuple[int, datetime]], at: datetime) -> int | None:
    """The alert a page is about: the last that joined before it, or else the first of all."""
    before = [alert_id for alert_id, joined in alerts if joined <= at]
    if before:
        return before[-1]
    return next((alert_id for alert_id, _ in alerts), None)


def problem_key(*, service_id: int | None, environment: str, name: str) -> str:
    """What has the same name in the same service and environment is the same problem."""
    return f"{service_id or 0}|{environment}|{name}"[:300]


def first_called(calls: Mapping[int, datetime]) -> int | None:
    """The person who was called first; of several at once the one with the lowest number."""
    return min(calls, key=lambda user_id: (calls[user_id], user_id), default=None)
