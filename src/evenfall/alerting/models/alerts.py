"""The table of alerts, and the groups they form."""

from typing import ClassVar, override

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from evenfall.alerting.logic.states import AlertState
from evenfall.alerting.logic.updates import Outcome, Severity, Urgency
from evenfall.alerting.logic.waiting import HELD

_LIVE = Q(state__in=[AlertState.OPEN, AlertState.ACKNOWLEDGED])


class Alert(models.Model):
    """One problem, open until resolved. Written in bulk by the pipeline, by plain SQL.

    `key_hash` is the 16 bytes of `logic.states.key_hash(dedup_key)`: unique among live alerts of an
    integration. `told_severity` and `told_environment` are the sender's words, the others ours.
    `service` and `team` are what the decision found; what each stage said is an `AlertDecision`.
    `silence_id`, `maintenance_id`, `rule_id` and `policy_id` name rows that may be gone by now, so
    they are no foreign keys; the book `rules_version` keeps the words of the rules. `expires_at` is
    null for senders that tell the end themselves. `search` holds the title, source, key and labels
    in small letters: to look through it takes a third of the time.
    `is_split`: somebody said that it is a problem of its own, whatever its service needs.
    """

    integration = models.ForeignKey(
        "alerting.Integration", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    dedup_key = models.TextField()
    key_hash = models.BinaryField(max_length=16)
    state = models.TextField(db_default=AlertState.OPEN)
    # among the first columns: to look through fifty thousand, each is walked up to here
    search = models.TextField(blank=True, default="", db_default="")
    severity = models.TextField()
    told_severity = models.TextField(blank=True, default="")
    environment = models.TextField()
    told_environment = models.TextField(blank=True, default="")
    service = models.ForeignKey(
        "catalog.Service", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    team = models.ForeignKey(
        "identity.Team", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    outcome = models.TextField()
    urgency = models.TextField()
    held_by = models.TextField(blank=True, default="")
    silence_id = models.BigIntegerField(null=True)
    maintenance_id = models.BigIntegerField(null=True)
    inhibitor_id = models.BigIntegerField(null=True)
    rule_id = models.BigIntegerField(null=True)
    rules_version = models.BigIntegerField(default=0)
    policy_id = models.BigIntegerField(null=True)
    group_key = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField()

    summary = models.TextField()
    source = models.TextField(blank=True, default="")
    labels = models.JSONField(default=dict)
    annotations = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    extra = models.JSONField(default=dict)
    unparsed = models.TextField(blank=True, default="")

    count = models.IntegerField(default=1)
    starts_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.TextField(blank=True, default="")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.TextField(blank=True, default="")
    is_flapping = models.BooleanField(default=False, db_default=False)
    is_split = models.BooleanField(default=False, db_default=False)
    calm_since = models.DateTimeField(null=True)
    resolve_reason = models.TextField(blank=True, default="")
    signal_id = models.BigIntegerField(null=True)
    last_signal_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["integration", "key_hash"], condition=_LIVE, name="alert_live_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in AlertState]), name="alert_state"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=[severity.value for severity in Severity]),
                name="alert_severity",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[outcome.value for outcome in Outcome])
                & Q(urgency__in=[urgency.value for urgency in Urgency]),
                name="alert_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state=AlertState.RESOLVED, resolved_at__isnull=False)
                | (~Q(state=AlertState.RESOLVED) & Q(resolved_at__isnull=True)),
                name="alert_resolved_has_time",
            ),
        ]
        # Lists are by falling id: the order of opening. Live alerts are few among all, so each
        # filter has its own small index; the resolved ones are asked for by service.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-id"], condition=_LIVE, name="alert_live"),
            models.Index(fields=["service", "-id"], name="alert_by_service"),
            # rows lie nearly in this order: a few pages tell an hour, and writing costs nothing
            BrinIndex(
                fields=["opened_at"],
                name="alert_by_opening",
                pages_per_range=32,
                autosummarize=True,
            ),
            models.Index(fields=["team", "-id"], condition=_LIVE, name="alert_live_by_team"),
            models.Index(fields=["severity", "-id"], condition=_LIVE, name="alert_live_severity"),
            models.Index(
                fields=["expires_at"],
                condition=_LIVE & Q(expires_at__isnull=False),
                name="alert_expiring",
            ),
            models.Index(
                fields=["id"],
                condition=_LIVE & (Q(silence_id__isnull=False) | Q(maintenance_id__isnull=False)),
                name="alert_held",
            ),
            models.Index(
                fields=["inhibitor_id"],
                condition=_LIVE & Q(inhibitor_id__isnull=False),
                name="alert_inhibited",
            ),
            models.Index(
                fields=["service", "environment", "id"],
                condition=_LIVE & Q(outcome=Outcome.PAGE, urgency=Urgency.HIGH, held_by=""),
                name="alert_calling",
            ),
            models.Index(
                fields=["id"],
                condition=Q(state=AlertState.OPEN.value, held_by__startswith=HELD),
                name="alert_waiting",
            ),
            models.Index(
                fields=["calm_since"],
                condition=_LIVE & Q(calm_since__isnull=False),
                name="alert_calming",
            ),
            models.Index(
                fields=["integration", "key_hash", "resolved_at"],
                condition=Q(state=AlertState.RESOLVED),
                name="alert_ended",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.summary


class AlertDecision(models.Model):
    """What the stages said when an alert was decided last.

    `stages` has the fields of each `StageResult`, the first stage first. A table of its own, for
    this is as long as all else of an alert and read only on its page: what goes through many alerts
    goes through half as much. Without a foreign key, which would cost a lookup for each new alert.
    """

    alert_id = models.BigIntegerField(primary_key=True)
    stages = models.JSONField()

    class Meta:
        db_table = "alerting_alert_decision"

    @override
    def __str__(self) -> str:
        return f"decision of alert {self.alert_id}"


class AlertGroup(models.Model):
    """The last run of alerts that have `base` in common; see `logic.grouping`."""

    base = models.TextField(primary_key=True)
    key = models.TextField()
    last_alert_at = models.DateTimeField()

    class Meta:
        db_table = "alerting_group"

    @override
    def __str__(self) -> str:
        return self.key


class IntakeBeat(models.Model):
    """The last beat of the front door that the alerts were told of (`at`, aware UTC)."""

    name = models.TextField(primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "alerting_intake_beat"

    @override
    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
