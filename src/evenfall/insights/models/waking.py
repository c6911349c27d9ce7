"""Pages as the noise audit counts them: one narrow row each, written when something is known.

What they stand on lies in five domains, and alerts are forgotten sooner or later. So each page is
read once when it moves, and reports are sums over one table. No foreign keys: rows outlive what
they name, and there are many.
"""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q


class PagedOnce(models.Model):
    """One page of high urgency.

    `problem` is what has the same name in the same service and environment. `over_s` are the
    seconds from the page until the alert's source said that it is over, null when it did not.
    `after_s` are the seconds since the page before of the same problem. `is_acted`: somebody did
    more than acknowledge. `is_night`: it came in the night of somebody who was called. `hour` is
    0 (Monday, 0:00) to 167, on the wall of the one who was called first.
    """

    page_id = models.BigIntegerField(primary_key=True)
    incident_id = models.BigIntegerField(null=True)
    alert_id = models.BigIntegerField(null=True)
    rule_id = models.BigIntegerField(null=True)
    integration_id = models.BigIntegerField(null=True)
    monitor_id = models.BigIntegerField(null=True)
    service_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    environment = models.CharField(max_length=16, blank=True, default="")
    name = models.CharField(max_length=200)
    is_named = models.BooleanField()
    problem = models.CharField(max_length=300)
    severity = models.CharField(max_length=16, blank=True, default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ack_s = models.IntegerField(null=True)
    over_s = models.IntegerField(null=True)
    after_s = models.IntegerField(null=True)
    hour = models.SmallIntegerField()
    is_night = models.BooleanField()
    is_acted = models.BooleanField()
    is_flapping = models.BooleanField()
    is_not_actionable = models.BooleanField()

    class Meta:
        db_table = "insights_paged"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["started_at", "page_id"], name="paged_by_time"),
            models.Index(fields=["problem", "started_at"], name="paged_of_problem"),
            models.Index(fields=["service_id", "started_at"], name="paged_of_service"),
            models.Index(fields=["team_id", "started_at"], name="paged_of_team"),
            models.Index(fields=["incident_id"], name="paged_of_incident"),
        ]

    @override
    def __str__(self) -> str:
        return f"page {self.page_id}: {self.name}"


class PersonCalled(models.Model):
    """Somebody who was called by a page; `night` is the evening it began, null by day."""

    page_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    at = models.DateTimeField()
    night = models.DateField(null=True)
    has_answered = models.BooleanField()

    class Meta:
        db_table = "insights_called"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["page_id", "user_id"], name="person_called_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user_id", "at"], name="called_of_person"),
            models.Index(fields=["at"], condition=Q(night__isnull=False), name="called_by_night"),
        ]

    @override
    def __str__(self) -> str:
        return f"user {self.user_id} by page {self.page_id}"


class RecordedTo(models.Model):
    """Up to which page the history was read once; one row. Later ones come as they move."""

    page_id = models.BigIntegerField()

    class Meta:
        db_table = "insights_recorded_to"

    @override
    def __str__(self) -> str:
        return f"page {self.page_id}"
