"""Bringing the schema up to date."""

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from evenfall.config.jobs import PARTITIONED
from evenfall.platform import partitions
from evenfall.platform.clock import utc_now

# Any number nobody else uses; held while migrating, so that of several nodes one migrates.
_LOCK = 7_130_420
# of the steps that are not known, in the message
_NAMED = 3


class OtherVersionError(Exception):
    """The database has been migrated by a version that this one does not know."""


def migrate() -> None:
    """Migrate and make the partitions. Waits while another process migrates.

    Raises:
        OtherVersionError: the schema is that of a newer version; nothing was changed.

    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        # A step that is lost with the power is done again, and a new database has a hundred of
        # them. What is committed afterwards takes them to the disk before itself.
        cursor.execute("SET synchronous_commit TO off")
        try:
            _refuse_other_version()
            call_command("migrate", interactive=False, verbosity=0)
            for table in PARTITIONED:
                partitions.ensure(table, now=utc_now())
        finally:
            cursor.execute("RESET synchronous_commit")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _refuse_other_version() -> None:
    loader = MigrationLoader(connection)
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("evenfall.")}
    steps = set(loader.applied_migrations) - set(loader.graph.nodes)
    unknown = sorted(f"{app}.{name}" for app, name in steps if app in ours)
    if unknown:
        named = ", ".join(unknown[:_NAMED]) + (" …" if unknown[_NAMED:] else "")
        raise OtherVersionError(
            f"This database was migrated by another version of Evenfall, to {named},"
            " which this version does not know. Nothing was changed. Run the version that made"
            " it, or a newer one. A database from before 0.1.0 has to be made anew."
        )
