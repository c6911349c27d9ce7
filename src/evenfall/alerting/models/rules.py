"""The tables of routing rules."""

from typing import ClassVar, override

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class RoutingRule(models.Model):
    """One rule as it is now; `position` counts from 1, the catch-all stands behind all others.

    Null effects leave the matter to the alert and the defaults. `policy_id` names an escalation
    policy; paging falls back to the team's policy when it is gone. `runbook` is what the outcome
    *automate* starts; the alert must clear within `clear_within_s` of its end.
    """

    position = models.IntegerField()
    name = models.CharField(max_length=120)
    condition = models.TextField(default="true")
    outcome = models.CharField(max_length=16, blank=True, default="")
    urgency = models.CharField(max_length=16, blank=True, default="")
    severity = models.CharField(max_length=16, blank=True, default="")
    service = models.ForeignKey(
        "catalog.Service", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    policy_id = models.BigIntegerField(null=True)
    runbook = models.ForeignKey(
        "runbooks.Runbook", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    clear_within_s = models.PositiveIntegerField(null=True)
    group_by = ArrayField(models.CharField(max_length=120), null=True)
    group_window_s = models.PositiveIntegerField(null=True)
    is_catch_all = models.BooleanField(default=False)
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=40)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=40)

    class Meta:
        db_table = "alerting_rule"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["is_catch_all"], condition=Q(is_catch_all=True), name="rule_one_catch_all"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class RuleBookVersion(models.Model):
    """All rules as they were after one change; never changed itself. The pipeline runs the last."""

    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=40)
    rules = models.JSONField()

    class Meta:
        db_table = "alerting_rule_book"

    @override
    def __str__(self) -> str:
        return f"version {self.id}"
