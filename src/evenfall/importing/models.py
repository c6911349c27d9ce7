"""The tables of importing. Rows are written by `actions` only."""

from typing import Any, ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.importing.logic.origins import OriginKind

_KINDS = [(kind.value, kind.value) for kind in OriginKind]


class Upload(models.Model):
    """One file that somebody gave us. Its content is forgotten after a while (`items` null)."""

    vendor = models.CharField(max_length=32)
    team = models.ForeignKey("identity.Team", on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    items: "models.JSONField[list[Any] | None, list[Any] | None]" = models.JSONField(null=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=64)
    imported_at = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"upload {self.pk} from {self.vendor}"


class Origin(models.Model):
    """Which thing of ours (`own_id`) came from which thing of another tool.

    `digest` is of what was written last: the same again changes nothing.
    """

    vendor = models.CharField(max_length=32)
    kind = models.CharField(max_length=16, choices=_KINDS)
    origin = models.CharField(max_length=200)
    own_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["vendor", "kind", "origin"], name="origin_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in OriginKind]),
                name="origin_kind_known",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.own_id} from {self.vendor} {self.origin}"
