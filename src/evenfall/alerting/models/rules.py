"""The tables of routing rules."""

from typing import ClassVar, override

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class RoutingRule(models.Model):
    """One rule as it is now; `position` counts from 1, the catch-all stands behind all others.

    Null effects leave the matter to the alert and the defaults. `policy_id` names an escalation
    policy; paging falls back to the team's policy when it is gone. `runbook` is what the outcome
    *automate* starts; the alert must clear within `clear_within_s` of its end, else it becomes
    `fallback`. It pages only what is still open after `wait_s`.
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
    fallback = models.CharField(max_length=8, blank=True, default="", db_default="")
    group_by = ArrayField(models.CharField(max_length=120), null=True)
    group_window_s = models.PositiveIntegerField(null=True)
    wait_s = models.PositiveIntegerField(null=True)
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


class InhibitionRow(models.Model):
    """One inhibition rule as it is now; matchers as `matchers.to_json` writes them."""

    name = models.CharField(max_length=120)
    source = models.JSONField()
    target = models.JSONField()
    equal = ArrayField(models.CharField(max_length=120), default=list)
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=40)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=40)

    class Meta:
        db_table = "alerting_inhibition"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "id"], name="inhibition_by_name"),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class AlertRole(models.Model):
    """What a live alert is to an inhibition rule; see `logic.inhibition`.

    There is no foreign key to the alert: rows go when it is over, and it would cost a lookup each.
    `is_applied` says that symptoms which were open before this cause have been looked at.
    """

    alert_id = models.BigIntegerField()
    rule_id = models.BigIntegerField()
    key = models.BinaryField(max_length=16)
    is_source = models.BooleanField()
    is_target = models.BooleanField()
    is_applied = models.BooleanField(default=False)

    class Meta:
        db_table = "alerting_alert_role"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["alert_id", "rule_id"], name="alert_role_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["rule_id", "key"], name="alert_role_meets"),
            models.Index(
                fields=["id"],
                condition=Q(is_source=True, is_applied=False),
                name="alert_role_new",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"alert {self.alert_id} in rule {self.rule_id}"


class RolesBook(models.Model):
    """The book of rules that the roles of all live alerts were found by; one row at most."""

    version = models.BigIntegerField()

    class Meta:
        db_table = "alerting_roles_book"

    @override
    def __str__(self) -> str:
        return f"version {self.version}"


class RuleBookVersion(models.Model):
    """All rules as they were after one change; never changed itself. The pipeline runs the last.

    `what` says in a line what differs from the version before, `note` why, in somebody's words.
    """

    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=40)
    what = models.TextField(default="", db_default="")
    note = models.TextField(default="", db_default="")
    rules = models.JSONField()
    inhibitions = models.JSONField(default=list, db_default=[])

    class Meta:
        db_table = "alerting_rule_book"

    @override
    def __str__(self) -> str:
        return f"version {self.id}"
