"""Whether there is a backup that could be restored: young enough, of a sane size, and tried."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from msgspec import Struct

from evenfall.monitors.logic.looks import Look, Result
from evenfall.platform import durations

COMPARED: Final = 7
"""So many backups before the newest tell what size is usual."""
_FEWEST: Final = 3


class Wanted(Struct, frozen=True, kw_only=True):
    """`size_share` is how far the size may be from the usual one, 0.5 for half; None for any."""

    longest_age: timedelta = timedelta(days=1)
    size_share: float | None = 0.5
    least_bytes: int = 1
    drill_age: timedelta | None = None
    longest_restore: timedelta | None = None


class Made(Struct, frozen=True, kw_only=True):
    """One backup as it was reported."""

    finished_at: datetime
    ok: bool = True
    size_bytes: int | None = None
    note: str = ""


class Tried(Struct, frozen=True, kw_only=True):
    """One restore."""

    at: datetime
    took_s: float
    ok: bool


def judge(
    wanted: Wanted,
    backups: Sequence[Made],
    drill: Tried | None,
    *,
    since: datetime,
    now: datetime,
) -> Look | None:
    """How it stands; `backups` newest first, `since` is when somebody began to ask.

    None until the first report, as long as it is not late. The first of these that is wrong is
    told: the last backup failed, it is too old, too small, of an unusual size, no restore was
    tried, the last one failed, is too old or took too long.
    """
    size = _newest_size(backups)
    value = None if size is None else float(size)
    for note in (
        _backup_flaw(wanted, backups, since, now),
        _drill_flaw(wanted, drill, since, now),
    ):
        if note:
            return Look(result=Result.BAD, note=note, value=value)
    if not backups:
        return None
    age = _since(backups[0].finished_at, now)
    return Look(
        result=Result.GOOD,
        note=f"The last backup is {age} old.",
        value=value,
        next_at=_changes_at(wanted, backups, drill, now),
    )


def usual_size(backups: Sequence[Made]) -> float | None:
    """The median of the good ones before the newest; None while there are fewer than three."""
    sizes = [one.size_bytes for one in backups[1:] if one.ok and one.size_bytes is not None]
    return median(sizes[:COMPARED]) if len(sizes) >= _FEWEST else None


def _backup_flaw(wanted: Wanted, backups: Sequence[Made], since: datetime, now: datetime) -> str:
    limit = durations.exact(wanted.longest_age)
    if not backups:
        is_late = now - since > wanted.longest_age
        return f"No backup was reported within {limit}." if is_late else ""
    newest = backups[0]
    if not newest.ok:
        return f"The last backup failed. {newest.note}".strip()
    if now - newest.finished_at > wanted.longest_age:
        age = _since(newest.finished_at, now)
        return f"The last backup is {age} old; {limit} are allowed."
    return _size_flaw(wanted, backups)


def _size_flaw(wanted: Wanted, backups: Sequence[Made]) -> str:
    size = backups[0].size_bytes
    if size is None:
        return ""
    if size < wanted.least_bytes:
        return f"The last backup has {size} bytes; at least {wanted.least_bytes} are expected."
    usual = usual_size(backups)
    if wanted.size_share is None or not usual:
        return ""
    share = (size - usual) / usual
    if abs(share) <= wanted.size_share:
        return ""
    word = "larger" if share > 0 else "smaller"
    return f"The last backup is {abs(share):.0%} {word} than usual ({size} of {usual:.0f} bytes)."


def _drill_flaw(wanted: Wanted, drill: Tried | None, since: datetime, now: datetime) -> str:
    if drill is None:
        is_late = wanted.drill_age is not None and now - since > wanted.drill_age
        return "No restore was ever tried." if is_late else ""
    if not drill.ok:
        return "The last restore failed."
    limit = wanted.longest_restore
    if limit is not None and drill.took_s > limit.total_seconds():
        took = durations.spoken(drill.took_s)
        return f"The last restore took {took}; {durations.exact(limit)} are allowed."
    if wanted.drill_age is not None and now - drill.at > wanted.drill_age:
        return f"The last restore was tried {_since(drill.at, now)} ago."
    return ""


def _changes_at(
    wanted: Wanted, backups: Sequence[Made], drill: Tried | None, now: datetime
) -> datetime | None:
    """The moment at which something becomes too old."""
    ends = [backups[0].finished_at + wanted.longest_age]
    if drill is not None and wanted.drill_age is not None:
        ends.append(drill.at + wanted.drill_age)
    coming = [end for end in ends if end >= now]
    return min(coming) + timedelta(milliseconds=1) if coming else None


def _newest_size(backups: Sequence[Made]) -> int | None:
    return backups[0].size_bytes if backups else None


def _since(at: datetime, now: datetime) -> str:
    # the clock of another machine may run ahead of ours
    return durations.spoken(max(now - at, timedelta(0)))
