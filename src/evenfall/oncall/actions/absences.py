"""Absences: when people are away. Whoever has a duty then is replaced in the same transaction."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from evenfall.oncall import errors, events, queries
from evenfall.oncall.actions import checks
from evenfall.oncall.actions.standing_in import stand_in
from evenfall.oncall.logic.away import Kind, end_of_tomorrow
from evenfall.oncall.models import MOST_ABSENCE_NOTE, Absence, Source
from evenfall.oncall.queries.standing_in import rotas_with
from evenfall.platform.events import publish

MOST_ABSENCE_DAYS = 5 * 366


@transaction.atomic
def add_absence(
    *,
    user_id: int,
    kind: Kind,
    starts_at: datetime,
    ends_at: datetime,
    note: str = "",
    now: datetime,
    actor: str,
) -> int:
    """Return the id of a new absence; the person is replaced wherever they would be on call.

    Raises `AbsenceEmpty`, `AbsenceInPast`, `AbsenceTooLong`, `MemberUnknown`. Locks rotas.
    """
    _check(starts_at, ends_at, now)
    checks.check_people({user_id})
    row = Absence.objects.create(
        user_id=user_id,
        kind=kind.value,
        starts_at=starts_at,
        ends_at=ends_at,
        note=_clean_note(note),
        source=Source.HAND.value,
        created_at=now,
        created_by=actor,
    )
    publish(added(row, now=now, actor=actor))
    stand_in(rota_ids=rotas_with({user_id}, now=now), now=now)
    return row.id


def report_ill(*, user_id: int, zone: str, now: datetime, actor: str) -> int:
    """Be away from now until the end of tomorrow in the zone; nobody asks why. Return the id.

    Saying it twice is saying it once: an absence for illness that runs is the answer.
    """
    running = Absence.objects.filter(
        user_id=user_id,
        kind=Kind.SICK.value,
        cancelled_at=None,
        starts_at__lte=now,
        ends_at__gt=now,
    ).first()
    if running is not None:
        return running.id
    return add_absence(
        user_id=user_id,
        kind=Kind.SICK,
        starts_at=now,
        ends_at=end_of_tomorrow(now, ZoneInfo(zone)),
        now=now,
        actor=actor,
    )


@transaction.atomic
def change_absence(
    *,
    absence_id: int,
    kind: Kind,
    starts_at: datetime,
    ends_at: datetime,
    note: str = "",
    now: datetime,
    actor: str,
) -> None:
    """Change an absence that is not over; where it has begun its start stays.

    Raises `AbsenceNotFound`, `AbsenceOver`, `AbsenceOfCalendar` and what `add_absence` raises.
    """
    row = _open(absence_id, now)
    before = times(row)
    starts_at = row.starts_at if row.starts_at <= now else max(starts_at, now)
    _check(starts_at, ends_at, now)
    row.kind, row.note = kind.value, _clean_note(note)
    row.starts_at, row.ends_at = starts_at, ends_at
    row.save(update_fields=["kind", "note", "starts_at", "ends_at"])
    publish(
        events.AbsenceChanged(
            absence_id=row.id,
            user_id=row.user_id,
            before=before,
            after=times(row),
            at=now,
            actor=actor,
        )
    )
    stand_in(rota_ids=rotas_with({row.user_id}, now=now), now=now)


@transaction.atomic
def cancel_absence(*, absence_id: int, now: datetime, actor: str) -> None:
    """End an absence now; those who stood in are released. One that has not begun never counts.

    Raises `AbsenceNotFound`, `AbsenceOver`, `AbsenceOfCalendar`.
    """
    row = _open(absence_id, now)
    row.cancelled_at, row.cancelled_by = now, actor
    row.save(update_fields=["cancelled_at", "cancelled_by"])
    publish(cancelled(row, now=now, actor=actor))
    stand_in(rota_ids=rotas_with({row.user_id}, now=now), now=now)


def added(row: Absence, *, now: datetime, actor: str) -> events.AbsenceAdded:
    return events.AbsenceAdded(
        absence_id=row.id, user_id=row.user_id, after=times(row), at=now, actor=actor
    )


def cancelled(row: Absence, *, now: datetime, actor: str) -> events.AbsenceCancelled:
    return events.AbsenceCancelled(
        absence_id=row.id, user_id=row.user_id, before=times(row), at=now, actor=actor
    )


def times(row: Absence) -> dict[str, Any]:
    return {"starts_at": row.starts_at, "ends_at": row.ends_at, "source": row.source}


def _open(absence_id: int, now: datetime) -> Absence:
    row = Absence.objects.select_for_update(of=("self",)).filter(id=absence_id).first()
    if row is None:
        raise errors.AbsenceNotFound(absence_id=absence_id)
    if row.feed_id is not None:
        raise errors.AbsenceOfCalendar
    if row.cancelled_at is not None or row.ends_at <= now:
        raise errors.AbsenceOver
    return row


def _check(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    queries.check_times(starts_at, ends_at)
    if ends_at <= starts_at:
        raise errors.AbsenceEmpty(field="ends_at")
    if ends_at <= now:
        raise errors.AbsenceInPast(field="ends_at")
    if ends_at - starts_at > timedelta(days=MOST_ABSENCE_DAYS):
        raise errors.AbsenceTooLong(most=MOST_ABSENCE_DAYS, field="ends_at")


def _clean_note(note: str) -> str:
    return checks.clean_text(note)[:MOST_ABSENCE_NOTE]
