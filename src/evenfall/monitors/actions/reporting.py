"""What is reported over the API: backups, restore drills, live states, declared ones."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from msgspec import Struct
from msgspec.structs import asdict

from evenfall.monitors import errors, events
from evenfall.monitors.actions.writing import LOOK, about, locked
from evenfall.monitors.logic import comparing, declared
from evenfall.monitors.logic.inside import BACKUP, DRIFT, compared_of
from evenfall.monitors.logic.looks import State
from evenfall.monitors.logic.reading import MOST_CHARACTERS, Unreadable
from evenfall.monitors.models import Backup, Drift, Drill, Monitor
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake

LONGEST_OUTPUT: Final = 20_000
_AHEAD: Final = timedelta(minutes=5)
_LONG_AGO: Final = timedelta(days=3650)


class BackupWish(Struct, frozen=True, kw_only=True):
    """`finished_at` None is now."""

    ok: bool = True
    size_bytes: int | None = None
    finished_at: datetime | None = None
    note: str = ""


class DrillWish(Struct, frozen=True, kw_only=True):
    """A restore that ended now after `took_s` seconds. `output` is its end."""

    ok: bool
    took_s: float
    exit_code: int | None = None
    command: str = ""
    output: str = ""


@transaction.atomic
def report_backup(*, monitor_id: int, wish: BackupWish, now: datetime, actor: str) -> int:
    """Write a backup down; returns its id. The same one reported twice is there once.

    Raises `MonitorNotFound`, `NotOfThisKind`, `MonitorUnclear` for a time that cannot be.
    """
    row = locked(monitor_id, BACKUP)
    finished_at = wish.finished_at or now
    if not now - _LONG_AGO <= finished_at <= now + _AHEAD:
        reason = "It cannot have ended then."
        raise errors.MonitorUnclear(field="finished_at", reason=reason)
    made, is_new = Backup.objects.get_or_create(
        monitor=row,
        finished_at=finished_at,
        ok=wish.ok,
        size_bytes=wish.size_bytes,
        defaults={"reported_at": now, "note": _line(wish.note), "actor": actor[:80]},
    )
    if is_new:
        publish(
            events.BackupReported(
                **about(row), ok=wish.ok, size_bytes=wish.size_bytes, at=now, actor=actor
            )
        )
        _judge_soon(row, now)
    return made.pk


@transaction.atomic
def report_drill(*, monitor_id: int, wish: DrillWish, now: datetime, actor: str) -> int:
    """Write a restore down that was tried; returns its id.

    Raises `MonitorNotFound`, `NotOfThisKind`.
    """
    row = locked(monitor_id, BACKUP)
    made = Drill.objects.create(
        monitor=row,
        started_at=now - timedelta(seconds=wish.took_s),
        reported_at=now,
        took_s=wish.took_s,
        ok=wish.ok,
        exit_code=wish.exit_code,
        command=_line(wish.command),
        output=wish.output.replace("\0", "")[-LONGEST_OUTPUT:],
        actor=actor[:80],
    )
    publish(
        events.RestoreDrilled(**about(row), ok=wish.ok, took_s=wish.took_s, at=now, actor=actor)
    )
    _judge_soon(row, now)
    return made.pk


@transaction.atomic
def report_live(*, monitor_id: int, text: str, now: datetime, actor: str) -> int | None:
    """Compare a live state with the declared one; returns the number of differences.

    None where they cannot be compared; the monitor is unknown then and says why. Raises
    `MonitorNotFound`, `NotOfThisKind`, `MonitorUnclear` for a text that is too long.
    """
    row = locked(monitor_id, DRIFT)
    drift = Drift.objects.select_for_update().get(monitor=row)
    drift.live, drift.live_at, drift.live_by = _text(text), now, actor[:80]
    _compare(row, drift)
    drift.save()
    _judge_soon(row, now)
    return None if drift.differences is None else len(drift.differences)


@transaction.atomic
def declare_state(*, monitor_id: int, text: str, reason: str, now: datetime, actor: str) -> None:
    """Say what should be; what is live is compared with it at once.

    Raises `MonitorNotFound`, `NotOfThisKind`, and `MonitorUnclear` for a text that cannot be read,
    or where it is fetched from elsewhere.
    """
    row = locked(monitor_id, DRIFT)
    _check_given_here(row, "text")
    wanted = compared_of(row.settings)
    try:
        comparing.check_declared(wanted, _text(text))
    except Unreadable as error:
        raise errors.MonitorUnclear(field="text", reason=str(error)) from error
    drift = Drift.objects.select_for_update().get(monitor=row)
    declare(row, drift, text, reason=reason, accepted=False, now=now, actor=actor)


@transaction.atomic
def accept_live(*, monitor_id: int, reason: str, now: datetime, actor: str) -> None:
    """Say that what is live is what should be. Raises `NothingDeclared` before the first report.

    Raises `MonitorUnclear` without a reason, for a plan, which only applying it ends, and for what
    is fetched from elsewhere.
    """
    row = locked(monitor_id, DRIFT)
    if not reason.strip():
        raise errors.MonitorUnclear(field="reason", reason="Say why it is good as it is.")
    if compared_of(row.settings).reader is comparing.Reader.PLAN:
        why = "A plan is over when it is applied, or when the code says what is live."
        raise errors.MonitorUnclear(field="reason", reason=why)
    _check_given_here(row, "reason")
    drift = Drift.objects.select_for_update().get(monitor=row)
    if drift.live_at is None:
        raise errors.NothingDeclared
    declare(row, drift, drift.live, reason=reason, accepted=True, now=now, actor=actor)


def _check_given_here(row: Monitor, field: str) -> None:
    """What is fetched would be there again with the next fetch."""
    place = declared.place_of(row.settings)
    if place.origin is not declared.Origin.GIVEN:
        reason = f"What should be is fetched from {place.words}. Change it there."
        raise errors.MonitorUnclear(field=field, reason=reason)


def declare(
    row: Monitor,
    drift: Drift,
    text: str,
    *,
    reason: str,
    accepted: bool,
    now: datetime,
    actor: str,
) -> None:
    """Let a text be what should be; in the caller's transaction, with both rows locked."""
    before = len(drift.differences or ())
    drift.declared, drift.declared_at, drift.declared_by = text, now, actor[:80]
    drift.reason = _line(reason)
    if drift.live_at is not None:
        _compare(row, drift)
    drift.save()
    publish(
        events.StateDeclared(
            **about(row),
            reason=drift.reason,
            accepted=accepted,
            differences=before,
            at=now,
            actor=actor,
        )
    )
    _judge_soon(row, now)


def _compare(row: Monitor, drift: Drift) -> None:
    wanted = compared_of(row.settings)
    if drift.declared_at is None and wanted.reader is not comparing.Reader.PLAN:
        drift.differences, drift.problem = None, "Nobody declared yet what should be."
        return
    try:
        found = comparing.compare(wanted, drift.declared, drift.live)
    except Unreadable as error:
        drift.differences, drift.problem = None, _line(str(error))
    else:
        drift.differences, drift.problem = [asdict(one) for one in found], ""


def _judge_soon(row: Monitor, now: datetime) -> None:
    if row.state != State.PAUSED:
        Monitor.objects.filter(id=row.pk).update(due_at=now)
        wake(LOOK)


def _text(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        reason = f"It has more than {MOST_CHARACTERS} characters."
        raise errors.MonitorUnclear(field="text", reason=reason)
    return text.replace("\0", "")


def _line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())[:500]
