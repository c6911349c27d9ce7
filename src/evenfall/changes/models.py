"""The ledger. Rows are only ever added."""

from typing import ClassVar

from django.db import models

from evenfall.changes.ports import ChangeKind

_KINDS = [(kind.value, kind.value) for kind in ChangeKind]


class Change(models.Model):
    """One reported change. `at` is when it took effect, `recorded_at` when we heard of it."""

    service = models.ForeignKey(
        "catalog.Service", on_delete=models.PROTECT, null=True, related_name="+"
    )
    environment = models.CharField(max_length=8, blank=True, default="")
    kind = models.CharField(max_length=16, choices=_KINDS, default=ChangeKind.OTHER.value)
    summary = models.CharField(max_length=1024)
    source = models.CharField(max_length=200, blank=True, default="")
    external_id = models.CharField(max_length=200, blank=True, default="")
    links = models.JSONField(default=list)
    details = models.JSONField(default=dict)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~models.Q(external_id=""),
                name="change_reported_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["service", "-at", "-id"], name="change_by_service"),
            models.Index(fields=["-at", "-id"], name="change_by_time"),
        ]
