"""Bringing the schema up to date."""

from django.core.management import call_command
from django.db import connection

from evenfall.config.jobs import PARTITIONED
from evenfall.platform import partitions
from evenfall.platform.clock import utc_now

# Any number nobody else uses; held while migrating, so that of several nodes one migrates.
_LOCK = 7_130_420


def migrate() -> None:
    """Migrate and make the partitions. Waits while another process migrates."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            call_command("migrate", interactive=False, verbosity=0)
            for table in PARTITIONED:
                partitions.ensure(table, now=utc_now())
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
