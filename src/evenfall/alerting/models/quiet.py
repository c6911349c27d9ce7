"""The tables of silences and maintenance windows.

`applied_at` and `released_at` say when open alerts were decided again because it began or ended;
until then the drain "alerting.expire" has work to do.
"""

import uuid
from typing import ClassVar, override

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Silence(models.Model):
    """Quiet for what the matchers match. Ended early: `ends_at` is moved, `ended_by` is set."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4)
    matchers = models.JSONField()
    comment = models.CharField(max_length=500, blank=True, default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=40)
    created_by_name = models.CharField(max_length=120)
    ended_by = models.CharField(max_length=40, blank=True, default="")
    applied_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="silence_order"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ends_at", "id"], name="silence_by_end"),
            models.Index(
                fields=["id"], condition=Q(released_at__isnull=True), name="silence_unreleased"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"silence {self.id}"


class RecurringMaintenance(models.Model):
    """Planned work that comes back; see `logic.recurring`. Dates and times are on the wall.

    `plan_at` is when the next windows are to be written; null when there will be none. `version`
    grows with each change; what it was before is in the journal.
    """

    name = models.CharField(max_length=120)
    rule = models.CharField(max_length=300)
    begins_on = models.DateField()
    begins_at = models.TimeField()
    length_s = models.PositiveIntegerField()
    zone = models.CharField(max_length=60)
    exceptions = ArrayField(models.DateField(), default=list)
    last_on = models.DateField(null=True)
    service_ids = ArrayField(models.BigIntegerField(), default=list)
    environments = ArrayField(models.CharField(max_length=16), default=list)
    matchers = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=40)
    created_by_name = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=40, blank=True, default="")
    plan_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        db_table = "alerting_recurring_maintenance"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "id"], name="recurring_by_name"),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class MaintenanceWindow(models.Model):
    """Planned work. Empty scopes mean every service, or every environment.

    `series` is what comes back, `day` the date by which it knows this window.
    """

    name = models.CharField(max_length=120)
    service_ids = ArrayField(models.BigIntegerField(), default=list)
    environments = ArrayField(models.CharField(max_length=16), default=list)
    matchers = models.JSONField(default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=40)
    created_by_name = models.CharField(max_length=120)
    ended_by = models.CharField(max_length=40, blank=True, default="")
    applied_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    series = models.ForeignKey(
        RecurringMaintenance, null=True, on_delete=models.SET_NULL, related_name="windows"
    )
    day = models.DateField(null=True)

    class Meta:
        db_table = "alerting_maintenance"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["series", "day"], name="maintenance_once_a_day"),
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at")), name="maintenance_order"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ends_at", "id"], name="maintenance_by_end"),
            models.Index(
                fields=["id"], condition=Q(released_at__isnull=True), name="maintenance_unreleased"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name
