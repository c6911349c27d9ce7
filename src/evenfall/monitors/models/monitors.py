"""What looks, at what, and how it stands."""

from typing import ClassVar, Final

from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import NullIf

from evenfall.platform.crypto import EncryptedField

TOLD_OVER: Final = NullIf(
    KT("settings__integration"), models.Value(""), output_field=models.TextField()
)
"""The number of the integration over which a heartbeat is told, as text; null for most monitors."""
CALLED: Final = KT("settings__called")


class Monitor(models.Model):
    """One thing of one service that is looked at. Its team is that of the service.

    `settings` are checked by the kind; `secrets` is a JSON object of those that nobody may read.
    `run` counts the looks of `run_result` in a row. `memory` is what the kind remembers between
    looks. `version` grows with each change of the settings: a look of an older one counts no more.
    A monitor that was removed stays for what it saw.
    """

    service = models.ForeignKey("catalog.Service", on_delete=models.PROTECT, related_name="+")
    environment = models.CharField(max_length=8)
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    settings = models.JSONField(default=dict)
    secrets = EncryptedField(default="{}")
    interval_s = models.IntegerField(default=60)
    time_limit_s = models.IntegerField(default=10)
    bad_needed = models.IntegerField(default=2)
    good_needed = models.IntegerField(default=1)
    unknown_for_s = models.IntegerField(null=True, default=1800)
    severity = models.CharField(max_length=8, default="error")

    state = models.CharField(max_length=8, default="new")
    since = models.DateTimeField(null=True)
    run = models.IntegerField(default=0)
    run_result = models.CharField(max_length=8, blank=True, default="")
    run_since = models.DateTimeField(null=True)
    is_missed = models.BooleanField(default=False)
    warning = models.CharField(max_length=500, blank=True, default="")
    memory = models.JSONField(default=dict)
    last_at = models.DateTimeField(null=True)
    last_result = models.CharField(max_length=8, blank=True, default="")
    last_note = models.CharField(max_length=500, blank=True, default="")
    last_ms = models.IntegerField(null=True)
    last_value = models.FloatField(null=True)
    last_details = models.JSONField(default=dict)

    due_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="monitor_due"
            ),
            models.Index(fields=["service"], name="monitor_of_service"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(
                    interval_s__gte=1, time_limit_s__gte=1, bad_needed__gte=1, good_needed__gte=1
                ),
                name="monitor_counts_are_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at=None) | models.Q(due_at=None),
                name="removed_monitor_is_never_due",
            ),
            models.UniqueConstraint(
                TOLD_OVER,
                CALLED,
                condition=models.Q(removed_at=None),
                name="one_heartbeat_of_a_name",
                violation_error_code="one_heartbeat_of_a_name",
            ),
        ]
