"""Partitions by time that need no care.

Every partitioned table has a default partition, so that an insert never fails for want of one.
``ensure`` makes the partitions ahead of time and moves rows out of the default
one where it was late.
"""

from datetime import UTC, datetime, timedelta
from typing import Literal

from django.db import connection, transaction
from msgspec import Struct


class Partitioned(Struct, frozen=True, kw_only=True):
    """A table partitioned by a timestamp column; ``keep`` None means for ever."""

    table: str
    column: str
    unit: Literal["day", "month"]
    keep: timedelta | None = None


def ensure(table: Partitioned, *, now: datetime, ahead: int = 3) -> list[str]:
    """Create the partition of ``now`` and the next ones; return the names of the new ones.

    Also those of the past that rows wait for in the default partition: when nobody called this for
    weeks, what came meanwhile would otherwise stay for ever, past every retention.
    Takes a lock on the parent table for an instant; call it outside of hot transactions.
    """
    made = []
    starts = _late(table, now)
    start = _floor(now, table.unit)
    for _ in range(ahead + 1):
        starts.append(start)
        start = _next(start, table.unit)
    for start in starts:
        end = _next(start, table.unit)
        name = f"{table.table}_{start:%Y%m%d}"
        if not _exists(name):
            _create(table, name=name, start=start, end=end)
            made.append(name)
    return made


def drop_expired(table: Partitioned, *, now: datetime) -> list[str]:
    """Drop the partitions whose every row is older than ``keep``; return their names."""
    if table.keep is None:
        return []
    oldest = f"{table.table}_{_floor(now - table.keep, table.unit):%Y%m%d}"
    gone = [name for name in _partitions(table.table) if name < oldest]
    with connection.cursor() as cursor:
        for name in gone:
            cursor.execute(f'DROP TABLE "{name}"')
    return gone


def _late(table: Partitioned, now: datetime) -> list[datetime]:
    """The beginnings of past partitions whose rows are in the default one, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT date_trunc('{table.unit}', \"{table.column}\" AT TIME ZONE 'UTC') "  # noqa: S608 - names are ours
            f'FROM "{table.table}_default" WHERE "{table.column}" < %s ORDER BY 1',
            [_floor(now, table.unit)],
        )
        return [row[0].replace(tzinfo=UTC) for row in cursor.fetchall()]


def _floor(at: datetime, unit: str) -> datetime:
    at = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return at if unit == "day" else at.replace(day=1)


def _next(start: datetime, unit: str) -> datetime:
    step = timedelta(days=1 if unit == "day" else 32)
    return _floor(start + step, unit)


def _exists(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        return bool(cursor.fetchone()[0])


def _partitions(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid "
            "WHERE inhparent = %s::regclass AND child.relname ~ '_[0-9]{8}$' ORDER BY 1",
            [table],
        )
        return [row[0] for row in cursor.fetchall()]


def _create(table: Partitioned, *, name: str, start: datetime, end: datetime) -> None:
    """Make the partition beside the table, fill it from the default one, then attach it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TABLE "{name}" (LIKE "{table.table}" INCLUDING DEFAULTS INCLUDING STORAGE '
            "INCLUDING COMPRESSION INCLUDING CONSTRAINTS)"
        )
        cursor.execute(
            f'WITH late AS (DELETE FROM "{table.table}_default" '  # noqa: S608 - names are ours
            f'WHERE "{table.column}" >= %s AND "{table.column}" < %s RETURNING *) '
            f'INSERT INTO "{name}" SELECT * FROM late',
            [start, end],
        )
        cursor.execute(
            f'ALTER TABLE "{table.table}" ATTACH PARTITION "{name}" '
            f"FOR VALUES FROM ('{start.isoformat()}') TO ('{end.isoformat()}')"
        )
