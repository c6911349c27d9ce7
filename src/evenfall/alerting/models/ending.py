"""The tables of alerts that end by policy."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q


class AutoEnd(models.Model):
    """When alerts of a rule, a service or an integration end; the first of these that has one."""

    rule_id = models.BigIntegerField(null=True, unique=True)
    service = models.OneToOneField(
        "catalog.Service", null=True, on_delete=models.CASCADE, related_name="+"
    )
    integration = models.OneToOneField(
        "alerting.Integration", null=True, on_delete=models.CASCADE, related_name="+"
    )
    quiet_s = models.PositiveIntegerField(null=True)
    age_s = models.PositiveIntegerField(null=True)
    also_paging = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=40)

    class Meta:
        db_table = "alerting_auto_end"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(rule_id__isnull=False, service=None, integration=None)
                | Q(rule_id=None, service__isnull=False, integration=None)
                | Q(rule_id=None, service=None, integration__isnull=False),
                name="auto_end_of_one",
            ),
            models.CheckConstraint(
                condition=Q(quiet_s__isnull=False) | Q(age_s__isnull=False), name="auto_end_some"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"policy {self.id}"


class EndNotice(models.Model):
    """An alert was announced to end at `ends_at`; `is_kept`: somebody keeps it open."""

    alert = models.OneToOneField("alerting.Alert", on_delete=models.CASCADE, related_name="+")
    ends_at = models.DateTimeField()
    told_at = models.DateTimeField()
    why = models.TextField()
    is_kept = models.BooleanField(default=False)

    class Meta:
        db_table = "alerting_end_notice"

    @override
    def __str__(self) -> str:
        return f"alert {self.alert_id} until {self.ends_at}"
