"""What must be true where: stages, windows, freezes, the stop button, standard changes."""

from typing import ClassVar, override

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from evenfall.releases.logic.words import Kind
from evenfall.releases.models.columns import (
    ENVIRONMENTS,
    choices,
    one_scope,
    person,
    some_person,
    some_service,
    some_team,
)


class Stage(models.Model):
    """A step of the way. Those without a service are the way of every service without its own.

    `rules` are those of logic.rules as JSON; `revision` counts the edits.
    """

    service = some_service()
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    environment = models.CharField(max_length=8, choices=ENVIRONMENTS)
    rules = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["service", "name"], name="stage_once", nulls_distinct=False
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class DeployWindow(models.Model):
    """When deploys are open. `hours` are [weekday from 0, start, end] in minutes of its zone.

    `handover_minutes`: closed for so long before whoever is on call hands over.
    """

    service = some_service()
    team = some_team()
    name = models.CharField(max_length=120)
    environments = ArrayField(models.CharField(max_length=8, choices=ENVIRONMENTS))
    time_zone = models.CharField(max_length=64)
    hours = models.JSONField(default=list)
    country = models.CharField(max_length=8, blank=True, default="")
    region = models.CharField(max_length=8, blank=True, default="")
    handover_minutes = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [one_scope("window_one_scope")]

    @override
    def __str__(self) -> str:
        return self.name


class Freeze(models.Model):
    """From one instant until another nothing goes out, but the kinds named. Kept when lifted."""

    service = some_service()
    team = some_team()
    environments = ArrayField(models.CharField(max_length=8, choices=ENVIRONMENTS))
    reason = models.CharField(max_length=500)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    exempt = ArrayField(models.CharField(max_length=12, choices=choices(Kind)), default=list)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=80, blank=True, default="")
    lifted_why = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            one_scope("freeze_one_scope"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="freeze_order"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-ends_at", "-id"], name="freeze_by_end"),
        ]

    @override
    def __str__(self) -> str:
        return self.reason


class Stop(models.Model):
    """The stop button was pressed; in force until it is lifted with a reason."""

    service = some_service()
    team = some_team()
    reason = models.CharField(max_length=500)
    pressed_at = models.DateTimeField()
    pressed_by = models.CharField(max_length=80)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=80, blank=True, default="")
    lifted_why = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            one_scope("stop_one_scope"),
            models.UniqueConstraint(
                fields=["service", "team"],
                condition=Q(lifted_at__isnull=True),
                nulls_distinct=False,
                name="stop_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-pressed_at", "-id"], name="stop_by_time"),
        ]

    @override
    def __str__(self) -> str:
        return self.reason


class StandardChange(models.Model):
    """A kind of change that was approved before: those that fit need no sign-off until it ends.

    Asked by one person and approved by another.
    """

    service = some_service()
    team = some_team()
    name = models.CharField(max_length=120)
    environments = ArrayField(models.CharField(max_length=8, choices=ENVIRONMENTS))
    kinds = ArrayField(models.CharField(max_length=12, choices=choices(Kind)))
    most_downtime_minutes = models.PositiveIntegerField(default=0)
    conditions = models.TextField(blank=True, default="")
    expires_at = models.DateTimeField()
    asked_by = person()
    asked_at = models.DateTimeField()
    approved_by = some_person()
    approved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            one_scope("standard_one_scope"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")),
                name="standard_not_by_oneself",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name
