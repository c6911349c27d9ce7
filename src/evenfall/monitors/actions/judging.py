"""Judging what was told: heartbeats, backups and drift. No network, one transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Min, Window
from django.db.models.functions import RowNumber

from evenfall.monitors.actions.recording import Looked, record
from evenfall.monitors.logic import backups, comparing, heartbeats
from evenfall.monitors.logic.declared import is_stale
from evenfall.monitors.logic.drift import Difference
from evenfall.monitors.logic.inside import (
    BACKUP,
    DRIFT,
    HEARTBEAT,
    plan_of,
    silence_of,
    wanted_of,
)
from evenfall.monitors.logic.looks import Look, Result
from evenfall.monitors.models import Backup, Beat, Drift, DriftSource, Drill, Monitor
from evenfall.platform.wakeups import DrainResult

AT_ONCE: Final = 200
TOLD: Final = (HEARTBEAT, BACKUP, DRIFT)

type Looks = Mapping[int, Look | None]


@transaction.atomic
def judge_told(*, now: datetime) -> DrainResult:
    """Judge what is due of the kinds that are told something; a few queries, however many."""
    due = Monitor.objects.filter(kind__in=TOLD, due_at__lte=now).order_by("due_at", "id")
    rows = list(due.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    if not rows:
        found = Monitor.objects.filter(kind__in=TOLD).aggregate(due=Min("due_at"))
        return DrainResult(done=0, next_due=found["due"])
    looks: dict[int, Look | None] = {}
    for kind, judge in _JUDGES.items():
        looks |= judge([row for row in rows if row.kind == kind], now)
    record([Looked(row, looks[row.pk]) for row in rows], now=now)
    return DrainResult(done=len(rows))


def _heartbeats(rows: Sequence[Monitor], now: datetime) -> Looks:
    beats = {beat.monitor_id: beat for beat in Beat.objects.filter(monitor__in=rows)}
    return {
        row.pk: heartbeats.judge(plan_of(row.settings), _told(beats.get(row.pk)), now=now)
        for row in rows
    }


def _told(beat: Beat | None) -> heartbeats.Told:
    if beat is None:
        return heartbeats.Told()
    return heartbeats.Told(
        started_at=beat.started_at,
        ended_at=beat.ended_at,
        good_at=beat.good_at,
        ok=beat.ok,
        exit_code=beat.exit_code,
        took_s=beat.took_s,
    )


def _backups(rows: Sequence[Monitor], now: datetime) -> Looks:
    made = _newest_backups([row.pk for row in rows])
    tried = {
        one.monitor_id: backups.Tried(at=one.started_at, took_s=one.took_s, ok=one.ok)
        for one in Drill.objects.filter(monitor__in=rows)
        .order_by("monitor_id", "-started_at", "-id")
        .distinct("monitor_id")
    }
    return {
        row.pk: backups.judge(
            wanted_of(row.settings),
            made.get(row.pk, []),
            tried.get(row.pk),
            since=row.created_at,
            now=now,
        )
        for row in rows
    }


def _newest_backups(ids: Sequence[int]) -> dict[int, list[backups.Made]]:
    """The newest of each, as many as tell what size is usual; newest first."""
    place = Window(RowNumber(), partition_by="monitor_id", order_by=("-finished_at", "-id"))
    found = Backup.objects.filter(monitor_id__in=ids).annotate(place=place)
    made: dict[int, list[backups.Made]] = {}
    for one in found.filter(place__lte=backups.COMPARED + 3).order_by("monitor_id", "place"):
        made.setdefault(one.monitor_id, []).append(
            backups.Made(
                finished_at=one.finished_at, ok=one.ok, size_bytes=one.size_bytes, note=one.note
            )
        )
    return made


def _drifts(rows: Sequence[Monitor], now: datetime) -> Looks:
    # the texts are large and encrypted, and nobody needs them here
    told = Drift.objects.filter(monitor__in=rows).only(
        "monitor_id", "live_at", "differences", "problem"
    )
    found = {one.monitor_id: one for one in told}
    failing = DriftSource.objects.filter(monitor__in=rows).exclude(failed_since=None)
    sources = {one.monitor_id: one for one in failing}
    return {row.pk: _drift(row, found.get(row.pk), sources.get(row.pk), now) for row in rows}


def _drift(
    row: Monitor, told: Drift | None, source: DriftSource | None, now: datetime
) -> Look | None:
    if told is None:
        return None
    if source is not None and is_stale(source.failed_since, now=now):
        note = f"What should be could not be fetched for too long. {source.problem}"
        return Look(result=Result.UNKNOWN, note=note)
    silence = silence_of(row.settings)
    heard = told.live_at or row.created_at
    if silence is not None and now - heard > silence:
        return Look(result=Result.UNKNOWN, note="The live state was not reported for too long.")
    listed = told.differences
    differences = None if listed is None else [Difference(**one) for one in listed]
    look = comparing.judge(differences, told.problem)
    if look is None or silence is None:
        return look
    return Look(
        result=look.result,
        note=look.note,
        value=look.value,
        next_at=heard + silence + timedelta(milliseconds=1),
    )


_JUDGES: Final[Mapping[str, Callable[[Sequence[Monitor], datetime], Looks]]] = {
    HEARTBEAT: _heartbeats,
    BACKUP: _backups,
    DRIFT: _drifts,
}
"""How each kind is judged."""
