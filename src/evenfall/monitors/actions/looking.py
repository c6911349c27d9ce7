"""Looking outside: claimed in one transaction, looked at without any, written down in others.

Whoever looks has claimed the monitors until a moment after the longest look; if it dies, another
one looks then. Looks go side by side, and those that are done are written while slow ones go on.
"""

import asyncio
import json
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Min, Q
from django.db.models.functions import Greatest
from msgspec import Struct

from evenfall.monitors import ports
from evenfall.monitors.actions.recording import Looked, record
from evenfall.monitors.logic.looks import Look, Result
from evenfall.monitors.models import Monitor
from evenfall.platform.logs import get_logger
from evenfall.platform.wakeups import DrainResult

AT_ONCE: Final = 100
LEASE: Final = timedelta(seconds=75)
"""Longer than the longest time limit with its patience, and a transaction."""
_PATIENCE_S: Final = 2.0
_WRITE_EVERY_S: Final = 0.5

log = get_logger(__name__)


class Errand(Struct, frozen=True, kw_only=True):
    """One look to take: what a worker needs to know of a monitor that it claimed."""

    monitor_id: int
    version: int
    kind: str
    settings: Mapping[str, str]
    time_limit_s: int


def look_outside(*, now: datetime, most: int = AT_ONCE) -> DrainResult:
    """Look at what is due of the kinds that look outside; returns when all of them are done."""
    names = [one.name for one in ports.probe_kinds()]
    errands = [errand_of(row) for row in claim(names, most=most, now=now)]
    if not errands:
        return DrainResult(done=0, next_due=next_due(names))
    began = time.monotonic()
    with asyncio.Runner() as runner:
        tasks = [runner.get_loop().create_task(_looked(one, now)) for one in errands]
        pending = set(tasks)
        while pending:
            done, pending = runner.run(_some(pending))
            took = timedelta(seconds=time.monotonic() - began)
            settle([task.result() for task in done], now=now + took)
    return DrainResult(done=len(errands))


@transaction.atomic
def claim(kinds: Collection[str], *, most: int, now: datetime) -> list[Monitor]:
    """Take due monitors of these kinds that nobody holds; two who ask at once get different ones.

    Those that wait longest come first. Their rows say until when they are held.
    """
    rows = Monitor.objects.filter(_is_free(now), kind__in=kinds, due_at__lte=now)
    taken = list(
        rows.order_by("due_at", "id").select_for_update(of=("self",), skip_locked=True)[:most]
    )
    Monitor.objects.filter(id__in=[row.pk for row in taken]).update(claimed_until=now + LEASE)
    return taken


@transaction.atomic
def settle(looks: Sequence[tuple[Errand, Look]], *, now: datetime) -> None:
    """Write down what was seen; of monitors that were changed or paused meanwhile, nothing."""
    found = {errand.monitor_id: (errand, look) for errand, look in looks}
    rows = Monitor.objects.select_for_update(of=("self",)).filter(id__in=found, removed_at=None)
    record(
        [
            Looked(row, found[row.pk][1])
            for row in rows.exclude(due_at=None).order_by("id")
            if row.version == found[row.pk][0].version
        ],
        now=now,
    )


def next_due(kinds: Collection[str]) -> datetime | None:
    """When the next of these is to be looked at; what another one holds, not before it is free."""
    rows = Monitor.objects.filter(kind__in=kinds)
    found: datetime | None = rows.aggregate(due=Min(Greatest("due_at", "claimed_until")))["due"]
    return found


def errand_of(row: Monitor) -> Errand:
    return Errand(
        monitor_id=row.pk,
        version=row.version,
        kind=row.kind,
        settings={**row.settings, **json.loads(row.secrets)},
        time_limit_s=row.time_limit_s,
    )


def _is_free(now: datetime) -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lte=now)


async def _some(
    pending: set[asyncio.Task[tuple[Errand, Look]]],
) -> tuple[set[asyncio.Task[tuple[Errand, Look]]], set[asyncio.Task[tuple[Errand, Look]]]]:
    """Those that are done after a moment, and those that are not."""
    return await asyncio.wait(pending, timeout=_WRITE_EVERY_S)


async def _looked(errand: Errand, now: datetime) -> tuple[Errand, Look]:
    """A look that always comes back: what fails here is unknown, what takes too long is bad."""
    kind = ports.probe_kind(errand.kind)
    assert kind is not None  # noqa: S101 - only kinds that are there are claimed
    limit = errand.time_limit_s
    try:
        async with asyncio.timeout(limit + _PATIENCE_S):
            look = await kind.look(errand.settings, now=now, time_limit_s=limit)
    except TimeoutError:
        look = Look(result=Result.BAD, note=f"No answer within {limit} s.")
    except Exception as error:
        log.exception("a look failed", monitor=errand.monitor_id, kind=errand.kind)
        note = f"The look itself failed: {type(error).__name__}."
        look = Look(result=Result.UNKNOWN, note=note)
    return errand, look
