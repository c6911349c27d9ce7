"""Housekeeping of the installation as a whole."""

from datetime import timedelta

from django.conf import settings

from evenfall.platform import partitions
from evenfall.platform.clock import utc_now
from evenfall.platform.jobs import job
from evenfall.platform.logs import get_logger
from evenfall.platform.partitions import Partitioned

log = get_logger(__name__)

PARTITIONED = (
    Partitioned(table="platform_journal", column="at", unit="month"),
    Partitioned(
        table="alerting_signal",
        column="received_at",
        unit="day",
        keep=timedelta(days=settings.EVENFALL.signal_retention_days),
    ),
    # a year and a month: what a window of a year needs, and a look back at its first day
    Partitioned(table="slo_count", column="at", unit="month", keep=timedelta(days=400)),
)


@job(periodic="7 * * * *")
def keep_partitions(timestamp: int) -> None:
    """Make the partitions of the next days and months; drop those past their retention."""
    del timestamp  # procrastinate tells when it was due; what counts is now
    now = utc_now()
    for table in PARTITIONED:
        made = partitions.ensure(table, now=now)
        dropped = partitions.drop_expired(table, now=now)
        if made or dropped:
            log.info("partitions kept", table=table.table, made=made, dropped=dropped)
