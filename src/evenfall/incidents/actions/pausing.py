"""Work that waits for something, and what happens when it has waited long enough."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Final

from django.db import transaction
from django.db.models import Min, QuerySet
from msgspec import Struct

from evenfall.incidents import errors, events
from evenfall.incidents.actions import calling, moving
from evenfall.incidents.actions.advancing import read_reason
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.severity import Sev, loudness
from evenfall.incidents.logic.states import LONGEST_PAUSE, Act, State
from evenfall.incidents.models import Incident
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News, Urgency
from evenfall.platform.events import SYSTEM, Event
from evenfall.platform.wakeups import wake

RESUME: Final = "incidents.resume"
PURPOSE: Final = "incident"
BATCH: Final = 50


class Reminded(Struct, frozen=True):
    """How many pauses came to their end, and when the next one does."""

    done: int
    next_due: datetime | None


def pause_incident(
    *,
    incident_id: int,
    reason: str,
    resume_by: datetime,
    user_id: int | None,
    now: datetime,
    actor: str,
) -> None:
    """Let the work wait until `resume_by` at the longest; its page stops, its alerts stay.

    What customers feel goes on, so no time is taken out of any figure. Raises ReasonMissing,
    ReasonTooLong, PauseNotPossible, IncidentNotFound, NotPossible.
    """
    said = read_reason(reason)
    if not now < resume_by <= now + LONGEST_PAUSE:
        raise errors.PauseNotPossible(field="resume_by", days=LONGEST_PAUSE.days)
    with transaction.atomic():
        incident = moving.lock(incident_id)
        moving.check(incident, Act.PAUSE)
        by = By(actor=actor, at=now, user_id=user_id)
        facts = moving.pause(incident, by, reason=said, resume_by=resume_by)
        moving.save([incident], facts, now=now)
        calling.stop([incident], reason="the work on it is paused", by=by)
        wake(RESUME)


def remind_of_pauses(*, now: datetime) -> Reminded:
    """Tell whoever acknowledged, else whoever paused, that a pause is over; once for each pause.

    An incident that nobody is known to hold is open again, and people are called for it.
    """
    with transaction.atomic():
        due = _untold().filter(resume_by__lte=now).select_for_update(skip_locked=True, no_key=True)
        rows = list(due.order_by("id")[:BATCH])
        by = By(actor=SYSTEM, at=now)
        held = {row.pk: number for row in rows if (number := _holder(row)) is not None}
        lost = [row for row in rows if row.pk not in held]
        for row in rows:
            row.resume_told_at = now
        facts = [_fact(row, held.get(row.pk), by) for row in rows]
        moving.save(rows, [*facts, *_alarms(lost, by)], now=now)
        _tell([row for row in rows if row.pk in held], held, now=now)
        calling.call(lost, by)
    return Reminded(len(rows), _untold().aggregate(next=Min("resume_by"))["next"])


def _untold() -> QuerySet[Incident]:
    return Incident.objects.filter(state=State.PAUSED.value, resume_told_at=None)


def _holder(row: Incident) -> int | None:
    return row.acknowledged_by_id or row.state_by_id


def _fact(row: Incident, user_id: int | None, by: By) -> Event:
    return events.PauseOver(**moving.about(row, by), user_id=user_id)


def _alarms(rows: Iterable[Incident], by: By) -> Iterable[Event]:
    why = "its pause is over and nobody is known to have it"
    return chain.from_iterable(moving.alarm(row, by, why=why) for row in rows)


def _tell(rows: Sequence[Incident], held: dict[int, int], *, now: datetime) -> None:
    news = [_news(row, held[row.pk]) for row in rows]
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=now)


def _news(row: Incident, user_id: int) -> News:
    return News(
        user_id=user_id,
        subject=calling.subject(row.pk),
        urgency=Urgency(row.urgency),
        content=Content(
            title=f"The pause of #{row.pk} is over: {row.headline}",
            lines=(f"It waited for: {row.state_reason}", "Go on with it, or say how long still."),
            url=f"/incidents/{row.pk}/",
            severity=loudness(Sev(row.severity)).value,
            tag=f"incident-{row.pk}-pause",
        ),
    )
