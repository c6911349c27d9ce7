"""What items are measured by: calendars and targets in dated versions, and how a team reviews."""

from typing import ClassVar, override

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from evenfall.triage.logic.priority import Priority
from evenfall.triage.logic.skills import LONGEST


class BusinessCalendar(models.Model):
    """Business hours by name; what they are is in the versions."""

    name = models.CharField(max_length=80, unique=True)
    created_at = models.DateTimeField()

    @override
    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    """The hours of a calendar from `since` until the next version; rows are never changed.

    `hours` is a list of [weekday, start, end], 0 for Monday, minutes after midnight.
    """

    calendar = models.ForeignKey(
        BusinessCalendar, on_delete=models.CASCADE, related_name="versions"
    )
    since = models.DateTimeField()
    zone = models.CharField(max_length=64)
    hours = models.JSONField()
    country = models.CharField(max_length=2, default="")
    region = models.CharField(max_length=16, default="")
    company_days = ArrayField(models.DateField(), default=list)
    set_by = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["calendar", "since"], name="triage_version_since"),
            models.CheckConstraint(
                condition=Q(region="") | ~Q(country=""), name="triage_region_in_country"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"calendar {self.calendar_id} since {self.since}"


class PriorityTargets(models.Model):
    """What is promised for a priority to items reported from `since` on; rows are never changed.

    Minutes of business time; None promises nothing.
    """

    priority = models.CharField(max_length=2, choices=[(p.value, p.value) for p in Priority])
    since = models.DateTimeField()
    first_response = models.PositiveIntegerField(null=True)
    decision = models.PositiveIntegerField(null=True)
    next_contact = models.PositiveIntegerField(null=True)
    resolution = models.PositiveIntegerField(null=True)
    around_the_clock = models.BooleanField(default=False)
    set_by = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["priority", "since"], name="triage_targets_since")
        ]

    @override
    def __str__(self) -> str:
        return f"targets of {self.priority} since {self.since}"


class TeamReview(models.Model):
    """How a team reviews. Without a calendar its hours are the usual ones in UTC.

    `wip_limit` None means as many items in work as the team has members. Of the form without
    sign-in only the SHA-256 and the last characters of the secret are kept. One team
    `takes_strays`: the tickets of alerts that no team has.
    """

    team = models.OneToOneField("identity.Team", on_delete=models.CASCADE, related_name="+")
    calendar = models.ForeignKey(
        BusinessCalendar, on_delete=models.PROTECT, null=True, related_name="+"
    )
    wip_limit = models.PositiveSmallIntegerField(null=True)
    weekly_hours = models.FloatField(null=True)
    intake_hash = models.BinaryField(max_length=32, null=True, unique=True)
    intake_hint = models.CharField(max_length=16, default="")
    takes_strays = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(wip_limit=None) | Q(wip_limit__gte=1), name="triage_wip_limit"
            ),
            models.CheckConstraint(
                condition=Q(weekly_hours=None) | Q(weekly_hours__range=(0.0, 2000.0)),
                name="triage_weekly_hours",
            ),
            models.UniqueConstraint(
                fields=["takes_strays"],
                condition=Q(takes_strays=True),
                name="triage_one_takes_strays",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"review of team {self.team_id}"


class MemberSkills(models.Model):
    """What a member of a team can do there, as words; it counts while they are in the team."""

    team = models.ForeignKey("identity.Team", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    skills = ArrayField(models.CharField(max_length=LONGEST))

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["team", "user"], name="triage_skills_of_member")
        ]

    @override
    def __str__(self) -> str:
        return f"skills of user {self.user_id} in team {self.team_id}"
