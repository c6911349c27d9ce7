"""What is counted."""

from typing import ClassVar, override

from django.contrib.postgres.fields import ArrayField
from django.db import models

from evenfall.catalog.ports import Environment
from evenfall.slo.logic.spec import Measure, Op, Origin
from evenfall.slo.models.columns import choices, one_of
from evenfall.slo.models.counts import Series


class Indicator(models.Model):
    """A way to count good and total of a service; several objectives may be about it.

    `source_id` is the metric source that is asked. `read_until` is the end of the last minute that
    was asked for, `due_at` when it is asked again (None for what is pushed), `problem` why the
    last attempt failed. `labels` are kept for OpenSLO.
    """

    slug = models.SlugField(max_length=63, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="")
    service = models.ForeignKey("catalog.Service", on_delete=models.PROTECT, related_name="+")
    environment = models.CharField(
        max_length=8, choices=choices(Environment), default=Environment.PROD.value
    )
    series = models.OneToOneField(Series, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=12, choices=choices(Origin))
    measure = models.CharField(max_length=12, choices=choices(Measure))
    source_id = models.BigIntegerField(null=True)
    query = models.TextField(blank=True, default="")
    total = models.TextField(blank=True, default="")
    created = models.TextField(blank=True, default="")
    is_counter = models.BooleanField(default=True)
    op = models.CharField(max_length=3, choices=choices(Op), default=Op.LTE.value)
    limit = models.FloatField(default=0.0)
    monitor_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    labels = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    read_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=one_of("origin", Origin), name="indicator_origin_known"
            ),
            models.CheckConstraint(
                condition=one_of("measure", Measure), name="indicator_measure_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "id"], name="indicator_by_name"),
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="indicator_due",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name
