"""What was told and reported."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from evenfall.identity import queries as identity_queries
from evenfall.monitors.logic.declared import place_of
from evenfall.monitors.logic.drift import Difference
from evenfall.monitors.logic.inside import HEARTBEAT
from evenfall.monitors.models import Backup, Beat, Drift, DriftSource, Drill, Monitor, Ping
from evenfall.monitors.models.monitors import CALLED, TOLD_OVER


class BeatView(Struct, frozen=True, kw_only=True):
    """Where it is told, and what it told last."""

    key_hint: str
    started_at: datetime | None
    ended_at: datetime | None
    ok: bool | None
    exit_code: int | None
    took_s: float | None


class PingLine(Struct, frozen=True, kw_only=True):
    """One thing that was told; `what` is success, start, fail or log."""

    at: datetime
    what: str
    exit_code: int | None
    took_s: float | None
    text: str


class BackupLine(Struct, frozen=True, kw_only=True):
    """One backup."""

    id: int
    finished_at: datetime
    ok: bool
    size_bytes: int | None
    note: str
    actor: str
    by: str = ""
    """The name of the actor, in lists."""


class DrillLine(Struct, frozen=True, kw_only=True):
    """One restore that was tried."""

    id: int
    started_at: datetime
    took_s: float
    ok: bool
    exit_code: int | None
    command: str
    output: str
    actor: str
    by: str = ""
    """The name of the actor, in lists."""


class DriftSourceView(Struct, frozen=True, kw_only=True):
    """Where the declared state is fetched; `failed_since` is None while it goes well."""

    place: str
    fetched_at: datetime | None
    failed_since: datetime | None
    problem: str


class DriftView(Struct, frozen=True, kw_only=True):
    """How what is differs from what was declared; None until something was compared."""

    declared_at: datetime | None
    declared_by: str
    declared_name: str
    reason: str
    live_at: datetime | None
    live_by: str
    live_name: str
    differences: Sequence[Difference] | None
    problem: str
    source: DriftSourceView | None


def beat(monitor_id: int) -> BeatView | None:
    """None for a kind that is told nothing."""
    row = Beat.objects.filter(monitor_id=monitor_id).first()
    return _same(BeatView, row) if row else None


def told_by_name(integration_id: int, called: str) -> tuple[int, BeatView] | None:
    """The monitor that is told over this integration under a name, and what it told last."""
    rows = Monitor.objects.annotate(told_over=TOLD_OVER, called=CALLED)
    mine = rows.filter(
        told_over=str(integration_id), called=called, kind=HEARTBEAT, removed_at=None
    )
    row = Beat.objects.filter(monitor__in=mine.values("id")).first()
    return (row.monitor_id, _same(BeatView, row)) if row else None


def told_over_count(integration_id: int) -> int:
    """How many monitors are told over this integration."""
    rows = Monitor.objects.annotate(told_over=TOLD_OVER)
    return rows.filter(told_over=str(integration_id), removed_at=None).count()


def pings(monitor_id: int, *, limit: int = 20) -> list[PingLine]:
    """The newest first."""
    rows = Ping.objects.filter(monitor_id=monitor_id).order_by("-id")[:limit]
    return [_same(PingLine, row) for row in rows]


def backups(monitor_id: int, *, limit: int = 60) -> list[BackupLine]:
    """The newest first."""
    rows = Backup.objects.filter(monitor_id=monitor_id).order_by("-finished_at", "-id")[:limit]
    return _named([_same(BackupLine, row) for row in rows])


def backup(backup_id: int) -> BackupLine:
    """One that is there."""
    return _same(BackupLine, Backup.objects.get(id=backup_id))


def drill(drill_id: int) -> DrillLine:
    """One that is there."""
    return _same(DrillLine, Drill.objects.get(id=drill_id))


def drills(monitor_id: int, *, limit: int = 30) -> list[DrillLine]:
    """The newest first."""
    rows = Drill.objects.filter(monitor_id=monitor_id).order_by("-started_at", "-id")[:limit]
    return _named([_same(DrillLine, row) for row in rows])


def drift(monitor_id: int) -> DriftView | None:
    """None for a monitor of another kind. The texts themselves may hold secrets and stay here."""
    row = Drift.objects.filter(monitor_id=monitor_id).defer("declared", "live").first()
    if row is None:
        return None
    told = row.differences
    names = identity_queries.actor_names({row.declared_by, row.live_by} - {""})
    return DriftView(
        declared_at=row.declared_at,
        declared_by=row.declared_by,
        declared_name=names.get(row.declared_by, row.declared_by),
        reason=row.reason,
        live_at=row.live_at,
        live_by=row.live_by,
        live_name=names.get(row.live_by, row.live_by),
        differences=None if told is None else [Difference(**one) for one in told],
        problem=row.problem,
        source=_source(monitor_id),
    )


def _source(monitor_id: int) -> DriftSourceView | None:
    row = DriftSource.objects.select_related("monitor").filter(monitor_id=monitor_id).first()
    if row is None:
        return None
    return DriftSourceView(
        place=place_of(row.monitor.settings).words,
        fetched_at=row.fetched_at,
        failed_since=row.failed_since,
        problem=row.problem,
    )


def _named[T: (BackupLine, DrillLine)](lines: list[T]) -> list[T]:
    """The lines with the names of those who reported them; one query."""
    names = identity_queries.actor_names({one.actor for one in lines})
    return [replace(one, by=names.get(one.actor, one.actor)) for one in lines]


def _same[T: Struct](shape: type[T], row: object) -> T:
    """The columns of a row that have the names of the fields."""
    names = {*shape.__struct_fields__} - {"by"}
    return shape(**{name: getattr(row, name) for name in names})
