"""What is measured of rollouts, and what was found. Times are UTC."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Analysis(models.Model):
    """What is measured when versions come to a target. A step of a plan asks for it by `name`;
    the one named "" is the usual. `settings` are as `logic.analysis.settings.written` writes them.
    """

    target = models.ForeignKey("rollouts.Target", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60, blank=True, default="")
    settings = models.JSONField(default=dict)
    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["target", "name"], name="analysis_of_target_once"),
        ]


class AnalysisRun(models.Model):
    """An analysis of one rollout, with the settings that it began with.

    `due_at` is when something is to be measured next, None where nothing is; while somebody
    measures, `busy_until` says when that must be over. `counted_at` is the last tally that
    `sequential` has taken in. `fast` are the findings of the fast lanes, `outcome` and `reason`
    what the metrics say together, at `judged_at`; `score` how that came about.
    """

    rollout = models.ForeignKey("rollouts.Rollout", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60, blank=True, default="")
    settings = models.JSONField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    busy_until = models.DateTimeField(null=True)
    sequential = models.JSONField(default=dict)
    counted_at = models.DateTimeField(null=True)
    fast = models.JSONField(default=list)
    outcome = models.CharField(max_length=12, blank=True, default="")
    reason = models.CharField(max_length=1000, blank=True, default="")
    score = models.JSONField(null=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["rollout", "name"], name="analysis_run_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(due_at=None), name="analysis_run_ended_is_not_due"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=~Q(due_at=None), name="analysis_run_due"),
        ]


class AnalysedMetric(models.Model):
    """One metric of a run. The queries are as they were asked, with everything filled in.

    `finding` is what was found last; `counted` counts measurements of a metric with conditions.
    """

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="metrics")
    place = models.IntegerField()
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True, default="")
    stable_query = models.TextField(blank=True, default="")
    counted = models.JSONField(default=dict)
    finding = models.JSONField(default=dict)
    problem = models.CharField(max_length=500, blank=True, default="")
    is_over = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    measured_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "place"], name="analysed_metric_place"),
        ]


class Measurement(models.Model):
    """One value of each side at one moment; None where there was none."""

    metric = models.ForeignKey(AnalysedMetric, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    new = models.FloatField(null=True)
    stable = models.FloatField(null=True)
    phase = models.CharField(max_length=12)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["metric", "at"], name="measurement_once"),
        ]
