"""Partitions are made ahead, mended when late, dropped when old."""

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from evenfall.platform import partitions
from evenfall.platform.models import JournalEntry
from evenfall.platform.partitions import Partitioned

pytestmark = pytest.mark.django_db

JOURNAL = Partitioned(table="platform_journal", column="at", unit="month")


def _partition_of(row: JournalEntry) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text FROM platform_journal WHERE id = %s", [row.id]
        )
        return str(cursor.fetchone()[0])


def _entry(at: datetime) -> JournalEntry:
    return JournalEntry.objects.create(at=at, kind="t", subjects=["t:1"], actor="system", data={})


def test_ensure_makes_the_next_ones_once(now: datetime) -> None:
    made = partitions.ensure(JOURNAL, now=now, ahead=1)
    assert made == ["platform_journal_20270101", "platform_journal_20270201"]
    assert partitions.ensure(JOURNAL, now=now, ahead=1) == []
    assert _partition_of(_entry(now)) == "platform_journal_20270101"


def test_a_late_partition_takes_the_rows_that_came_before_it(now: datetime) -> None:
    early = _entry(now)
    assert _partition_of(early) == "platform_journal_default"
    partitions.ensure(JOURNAL, now=now, ahead=0)
    assert _partition_of(early) == "platform_journal_20270101"


def test_only_what_is_wholly_past_its_retention_is_dropped(now: datetime) -> None:
    kept = Partitioned(table="platform_journal", column="at", unit="month", keep=timedelta(days=40))
    for months_ago in (3, 1, 0):
        partitions.ensure(kept, now=now - timedelta(days=31 * months_ago), ahead=0)
    assert partitions.drop_expired(kept, now=now) == ["platform_journal_20261001"]
    assert partitions.drop_expired(JOURNAL, now=now) == []


def test_rows_survive_a_rolled_back_ensure(now: datetime) -> None:
    row = _entry(now)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        partitions.ensure(JOURNAL, now=now, ahead=0)
        _ = 1 / 0
    assert _partition_of(row) == "platform_journal_default"


def test_after_weeks_without_care_what_came_meanwhile_goes_in_its_time(now: datetime) -> None:
    """Rows of the past that wait in the default partition are sorted in, and then dropped."""
    kept = Partitioned(table="platform_journal", column="at", unit="month", keep=timedelta(days=40))
    old, newer = _entry(now - timedelta(days=100)), _entry(now - timedelta(days=30))
    assert partitions.ensure(kept, now=now, ahead=0) == [
        "platform_journal_20261001",
        "platform_journal_20261201",
        "platform_journal_20270101",
    ]
    assert _partition_of(newer) == "platform_journal_20261201"
    assert partitions.drop_expired(kept, now=now) == ["platform_journal_20261001"]
    assert not JournalEntry.objects.filter(id=old.id).exists()
