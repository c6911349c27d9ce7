from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class JournalEntry(models.Model):
    """Everything that happened, one row each; append-only, partitioned by month.

    The table's primary key is (id, at), as PostgreSQL wants of a partitioned table; ids alone are
    unique all the same, since they come from one sequence.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.TextField()
    subjects = ArrayField(models.TextField())
    actor = models.TextField()
    data = models.JSONField()

    class Meta:
        db_table = "platform_journal"
        indexes = (
            models.Index(fields=["kind", "-id"], name="journal_kind"),
            GinIndex(fields=["subjects"], name="journal_subjects"),
        )


class PendingReaction(models.Model):
    """One event that one reactor has yet to handle: the outbox."""

    reactor = models.TextField()
    event_id = models.BigIntegerField()
    event_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(default="", blank=True)

    class Meta:
        db_table = "platform_pending_reaction"
        indexes = (models.Index(fields=["reactor", "event_id"], name="pending_by_reactor"),)


class Beat(models.Model):
    """When a process or a part of one was last alive; read by /readyz, doctor and the auditor."""

    name = models.TextField(primary_key=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "platform_beat"
