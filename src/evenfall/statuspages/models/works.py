"""Maintenance, and what was told of it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from evenfall.statuspages.logic.words import Told, WorkState
from evenfall.statuspages.models.columns import choices


class Work(models.Model):
    """A maintenance. `starts_at` and `ends_at` are announced, the other two really happened.

    `due_at` is when it starts or ends by itself; None: a person does the next step.
    """

    page = models.ForeignKey(
        "statuspages.StatusPage", on_delete=models.CASCADE, related_name="works"
    )
    title = models.CharField(max_length=200)
    text = models.TextField(default="")
    state = models.CharField(max_length=12, choices=choices(WorkState))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    starts_itself = models.BooleanField(default=True)
    ends_itself = models.BooleanField(default=True)
    notify = models.BooleanField(default=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="statuspages_work_takes_time"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
                name="statuspages_work_due",
            ),
            models.Index(fields=["page", "-starts_at", "-id"], name="statuspages_work_newest"),
        ]


class WorkComponent(models.Model):
    """A component that a maintenance touches; no other one is."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="touched")
    component = models.ForeignKey(
        "statuspages.Component", on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["work", "component"], name="statuspages_touched_once"),
        ]


class WorkNote(models.Model):
    """One thing that was told of a maintenance."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="notes")
    told = models.CharField(max_length=12, choices=choices(Told))
    text = models.TextField(default="")
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
