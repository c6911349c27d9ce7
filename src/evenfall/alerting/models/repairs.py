"""The tables of automatic repairs."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.alerting.logic.repairs import LIVE, MOST_AT_ONCE, UNDER_WAY, RepairState


class Repair(models.Model):
    """What was started for an alert instead of a page. One for each alert, for ever.

    As long as it is not over it has a due time. Alerts of one group share the run (`run_id`) of
    the first. `alert_id`, `rule_id`, `runbook_id` and `run_id` name rows that may be gone by now.
    `why` tells in words how it stands.
    """

    alert_id = models.BigIntegerField(unique=True)
    service_id = models.BigIntegerField(null=True)
    rule_id = models.BigIntegerField(null=True)
    rule_name = models.TextField(blank=True, default="")
    runbook_id = models.BigIntegerField(null=True)
    runbook = models.TextField(blank=True, default="")
    group_key = models.TextField(blank=True, default="")
    clear_within_s = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default=RepairState.PLANNED.value)
    why = models.TextField(blank=True, default="")
    run_id = models.BigIntegerField(null=True)
    planned_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ran_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "alerting_repair"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in RepairState]), name="repair_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in LIVE], due_at__isnull=False)
                | (~Q(state__in=[state.value for state in LIVE]) & Q(due_at__isnull=True)),
                name="repair_live_is_due",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="repair_due"),
            models.Index(
                fields=["run_id"],
                condition=Q(state__in=[state.value for state in UNDER_WAY]),
                name="repair_under_way",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"repair of alert {self.alert_id}"


class RepairLimits(models.Model):
    """What the site allows; one row, written when somebody changes it first."""

    is_on = models.BooleanField(default=True)
    most_at_once = models.PositiveIntegerField(default=MOST_AT_ONCE)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=40)

    class Meta:
        db_table = "alerting_repair_limits"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="repair_limits_once"),
        ]

    @override
    def __str__(self) -> str:
        return f"at most {self.most_at_once} at once"
