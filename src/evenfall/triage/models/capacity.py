"""What came in, and the hours that a team had for it, week by week."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q


class CapacityWeek(models.Model):
    """A complete week of a team from `monday` (UTC), as it was when the week was over.

    `told_at` is when its leads were told that this cannot go on.
    """

    team = models.ForeignKey("identity.Team", on_delete=models.CASCADE, related_name="+")
    monday = models.DateField()
    items = models.PositiveIntegerField()
    inflow_hours = models.FloatField()
    hours = models.FloatField()
    measured_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["team", "monday"], name="triage_capacity_week_once"),
            models.CheckConstraint(
                condition=Q(monday__iso_week_day=1), name="triage_capacity_from_monday"
            ),
            models.CheckConstraint(
                condition=Q(inflow_hours__gte=0.0, hours__gte=0.0), name="triage_capacity_hours"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"team {self.team_id} in the week of {self.monday}"
