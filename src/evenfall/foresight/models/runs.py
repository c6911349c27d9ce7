"""The table of what-ifs."""

from typing import Any, ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.foresight.logic.states import RunState


class Run(models.Model):
    """One what-if: what was asked, how far it is, and the answer.

    `changes` are pairs of kind and value as `logic.stored` writes them, `report` the answer as
    JSON; `totals` are its sums alone, so that a list need not read the answers. `done` of `alerts`
    are replayed. A run that waits is taken by the drain.
    """

    title = models.CharField(max_length=200)
    changes: "models.JSONField[list[Any], list[Any]]" = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in RunState])
    alerts = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True, default="")
    report: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    totals: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=40)
    created_by_name = models.CharField(max_length=120)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(
                    Q(state=RunState.DONE.value, report__isnull=False)
                    | (~Q(state=RunState.DONE.value) & Q(report__isnull=True))
                ),
                name="what_if_done_has_report",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-id"], name="what_if_newest"),
            models.Index(
                fields=["id"],
                condition=Q(state__in=sorted([RunState.WAITING.value, RunState.WORKING.value])),
                name="what_if_waiting",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.title
