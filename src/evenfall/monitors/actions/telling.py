"""What is told at the address of a monitor: heartbeats, and backups of simple scripts."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from msgspec import Struct

from evenfall.monitors import errors, events
from evenfall.monitors.actions.keys import make_key
from evenfall.monitors.actions.naming import named
from evenfall.monitors.actions.writing import LOOK, TOLD, about, locked
from evenfall.monitors.logic.inside import BACKUP, MOST_CALLED
from evenfall.monitors.logic.looks import State
from evenfall.monitors.models import Backup, Beat, Monitor, Ping
from evenfall.platform.crypto import token_hash
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake

KEPT: Final = 100
LONGEST_TEXT: Final = 10_000
_MOST_BYTES: Final = 2**62

SUCCESS, START, FAIL, LOG = "success", "start", "fail", "log"


class PingWish(Struct, frozen=True, kw_only=True):
    """`what` is "success", "start", "fail" or "log". Of a backup it may tell the size."""

    what: str
    exit_code: int | None = None
    text: str = ""
    size_bytes: int | None = None


@transaction.atomic
def take_ping(*, key: str, wish: PingWish, now: datetime) -> None:
    """Write down what was told with this key; the monitor is judged at once.

    A paused monitor takes it too. Raises `KeyNotFound`.
    """
    beat = _beats().filter(key_hash=token_hash(key)).first()
    if beat is None:
        raise errors.KeyNotFound
    _take(beat, wish, now)


@transaction.atomic
def take_named_ping(*, integration_id: int, called: str, wish: PingWish, now: datetime) -> None:
    """Write down what was told with the key of an integration, by the heartbeat's name there.

    Raises `HeartbeatNotFound`.
    """
    monitor = named(integration_id, called)
    beat = _beats().filter(monitor=monitor).first() if monitor else None
    if beat is None:
        raise errors.HeartbeatNotFound(called=called[:MOST_CALLED])
    _take(beat, wish, now)


def _beats() -> QuerySet[Beat]:
    """Of monitors that are there; whoever reads a row of them has it locked."""
    rows = Beat.objects.select_for_update(of=("self",)).select_related("monitor")
    return rows.filter(monitor__removed_at=None)


def _take(beat: Beat, wish: PingWish, now: datetime) -> None:
    if wish.what != LOG:
        _put(beat, wish, now)
    Ping.objects.create(
        monitor_id=beat.monitor_id,
        at=now,
        what=wish.what,
        exit_code=wish.exit_code,
        took_s=beat.took_s if wish.what in {SUCCESS, FAIL} else None,
        text=wish.text.replace("\0", "")[-LONGEST_TEXT:],
    )
    _forget_old(beat.monitor_id)
    if beat.monitor.kind == BACKUP and wish.what in {SUCCESS, FAIL}:
        _backup(beat.monitor, wish, now)
    if beat.monitor.state != State.PAUSED:
        Monitor.objects.filter(id=beat.monitor_id).update(due_at=now)
        wake(LOOK)


@transaction.atomic
def rotate_key(*, monitor_id: int, now: datetime, actor: str) -> str:
    """Give it a new key and return it: it is not shown again. The old one works no more.

    Raises `MonitorNotFound`, and `NotOfThisKind` where nothing can be told.
    """
    row = locked(monitor_id)
    if row.kind not in TOLD:
        raise errors.NotOfThisKind(name=row.name, wanted="heartbeat or backup")
    key = make_key(row)
    publish(events.KeyRotated(**about(row), at=now, actor=actor))
    return key


def _put(beat: Beat, wish: PingWish, now: datetime) -> None:
    if wish.what == START:
        beat.started_at = now
    else:
        began = beat.started_at
        beat.took_s = None if began is None else max((now - began).total_seconds(), 0.0)
        beat.started_at, beat.ended_at = None, now
        beat.ok, beat.exit_code = wish.what == SUCCESS, wish.exit_code
        beat.good_at = now if beat.ok else beat.good_at
    beat.save(update_fields=["started_at", "ended_at", "good_at", "ok", "exit_code", "took_s"])


def _forget_old(monitor_id: int) -> None:
    """Keep the newest; the subquery is the id of the first that is too many."""
    rows = Ping.objects.filter(monitor_id=monitor_id).order_by("-id")
    first = rows.values_list("id", flat=True)[KEPT : KEPT + 1]
    Ping.objects.filter(monitor_id=monitor_id, id__lte=first).delete()


def _backup(row: Monitor, wish: PingWish, now: datetime) -> None:
    size = wish.size_bytes
    Backup.objects.create(
        monitor=row,
        finished_at=now,
        reported_at=now,
        ok=wish.what == SUCCESS,
        size_bytes=None if size is None else min(max(size, 0), _MOST_BYTES),
        note=wish.text.replace("\0", "")[-500:].strip(),
        actor="ping",
    )
