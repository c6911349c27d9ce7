"""Promises as rows: made, moved, settled. Whoever calls holds the lock of the incidents.

Locks: incidents in the order of their ids, then promises.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from evenfall.incidents import events
from evenfall.incidents.actions import moving
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic import cadence, promises
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.promises import Outcome, Step
from evenfall.incidents.models import Incident, Promise
from evenfall.incidents.queries.pacing import Pacing
from evenfall.platform.events import Event

DRAIN: Final = "incidents.promises"


def open_promises(incident_ids: Collection[int]) -> dict[tuple[int, Audience], Promise]:
    """Return the open promises of locked incidents, locked too."""
    rows = Promise.objects.filter(incident_id__in=incident_ids, outcome=Outcome.OPEN.value)
    found = rows.select_for_update().order_by("id")
    return {(row.incident_id, Audience(row.audience)): row for row in found}


def made(
    incident: Incident,
    audience: Audience,
    *,
    made_at: datetime,
    due_at: datetime,
    is_first: bool = False,
    named_by: str = "",
) -> Promise:
    """A new promise, not saved yet."""
    row = Promise(
        incident=incident,
        audience=audience.value,
        severity=incident.severity,
        is_first=is_first,
        made_at=made_at,
        due_at=due_at,
        interval=due_at - made_at,
        named_by=named_by,
    )
    rearm(row)
    return row


def rearm(row: Promise) -> None:
    """Let the clock of an open promise tick as its times say now."""
    row.step_at = promises.next_moment(clock(row))


def clock(row: Promise) -> promises.Promise:
    return promises.Promise(
        made_at=row.made_at,
        due_at=row.due_at,
        interval=row.interval,
        taken=Step(row.taken) if row.taken else None,
    )


def hasten(row: Promise, pacing: Pacing, *, at: datetime) -> datetime | None:
    """Move an open promise as it is due after something became worse; return the old time if so."""
    audience, before = Audience(row.audience), row.due_at
    pace = pacing.pace(audience, is_first=row.is_first)
    if pace is None:
        return None
    due_at = max(cadence.due(pace, at, zone=pacing.zone), row.made_at)
    sooner = promises.raised(clock(row), pace.every, due_at=due_at)
    row.due_at, row.interval = sooner.due_at, sooner.interval
    rearm(row)
    return before if row.due_at != before else None


def settle(row: Promise, outcome: Outcome, by: By) -> timedelta:
    """End a promise; return how late the word comes, for one that is kept."""
    row.outcome, row.settled_at, row.settled_by = outcome.value, by.at, by.actor
    row.step_at = None
    broken_at = row.due_at + row.interval
    if row.broken_at is None and by.at >= broken_at:
        row.broken_at = broken_at  # nobody looked since; it is broken all the same
    return promises.lateness(row.due_at, by.at)


_COLUMNS: Final = (
    "severity",
    "due_at",
    "interval",
    "named_by",
    "taken",
    "step_at",
    "nudges",
    "broken_at",
    "outcome",
    "settled_at",
    "settled_by",
    "page_id",
)


def save(changed: Sequence[Promise], new: Sequence[Promise] = ()) -> None:
    """Write them: first those that end, so that there is room for those that follow them."""
    Promise.objects.bulk_update(changed, _COLUMNS)
    Promise.objects.bulk_create(new)


def moved(incident: Incident, row: Promise, before: datetime, by: By, *, why: str) -> Event:
    return events.PromiseMoved(
        **moving.about(incident, by),
        audience=row.audience,
        before=before,
        after=row.due_at,
        why=why,
    )


def promised(incident: Incident, rows: Sequence[Promise], by: By) -> list[Event]:
    """The fact about new promises of one incident; none without any."""
    told = tuple(events.PromisedTo(audience=row.audience, due_at=row.due_at) for row in rows)
    return [events.UpdatesPromised(**moving.about(incident, by), promised=told)] if told else []
