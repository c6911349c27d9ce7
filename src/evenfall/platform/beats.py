"""Signs of life: each worker lane says every few seconds that it is there."""

from datetime import datetime, timedelta
from functools import partial

from evenfall.platform.models import Beat
from evenfall.platform.wakeups import Drain, DrainResult

EVERY = timedelta(seconds=5)
SILENT_AFTER = timedelta(seconds=30)


def drain(lane: str) -> Drain:
    """Return the drain that beats for a lane; it writes at most every five seconds."""
    return Drain(name=f"beat.{lane}", lane=lane, run=partial(_beat, lane, {}))


def silent_lanes(lanes: tuple[str, ...], *, now: datetime) -> list[str]:
    """Return the lanes no worker has beaten for lately."""
    recent = Beat.objects.filter(name__in=lanes, at__gt=now - SILENT_AFTER)
    alive = set(recent.values_list("name", flat=True))
    return [lane for lane in lanes if lane not in alive]


def _beat(lane: str, last: dict[str, datetime], now: datetime) -> DrainResult:
    # "abs": where the clock was set back, beat again instead of waiting for the old time
    if lane not in last or abs(now - last[lane]) >= EVERY:
        Beat.objects.update_or_create(name=lane, defaults={"at": now})
        last[lane] = now
    return DrainResult(done=0)
