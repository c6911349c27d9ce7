"""The tables of dependency suppression: settings, exceptions, the graph as it is used."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.alerting.logic.causes import LONGEST_WAY, MOST_STEPS, WINDOW, Holding


class DependenceSettings(models.Model):
    """What holds for all services; one row, written when somebody changes it first."""

    is_on = models.BooleanField(default=True)
    most_steps = models.PositiveSmallIntegerField(default=MOST_STEPS)
    window_s = models.PositiveIntegerField(default=int(WINDOW.total_seconds()))
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=40)

    class Meta:
        db_table = "alerting_dependence"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="dependence_once"),
            models.CheckConstraint(
                condition=Q(most_steps__range=(1, LONGEST_WAY)), name="dependence_steps"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"over {self.most_steps} steps"


class ServiceHolding(models.Model):
    """Whether alerts of one service may wait for what it needs; services without a row: *auto*."""

    service = models.OneToOneField("catalog.Service", on_delete=models.CASCADE, related_name="+")
    holding = models.CharField(max_length=8)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=40)

    class Meta:
        db_table = "alerting_service_holding"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(holding__in=[one.value for one in Holding]), name="holding_known"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.holding


class GraphBook(models.Model):
    """The graph of services as alerts are decided by it; the newest counts, none is changed.

    Written anew when the catalog or the settings change, so that the pipeline learns of a change
    with what it asks anyway, and asks nothing where nothing needs anything.
    """

    created_at = models.DateTimeField()
    graph = models.JSONField()

    class Meta:
        db_table = "alerting_graph_book"

    @override
    def __str__(self) -> str:
        return f"version {self.id}"
