"""The table of what somebody did to many alerts at once, to take it back."""

from typing import ClassVar, override

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from evenfall.alerting.logic.states import Move


class BulkAct(models.Model):
    """One act; `alert_ids` are those that it changed, and no others that were chosen with them."""

    act = models.CharField(max_length=12)
    alert_ids = ArrayField(models.BigIntegerField())
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        db_table = "alerting_bulk_act"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(act__in=sorted(one.value for one in Move)), name="bulk_act_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"], name="bulk_act_at")]

    @override
    def __str__(self) -> str:
        return f"{self.act} of {len(self.alert_ids)}"
