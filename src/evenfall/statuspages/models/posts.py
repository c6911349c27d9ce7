"""What readers are told of an incident."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from evenfall.statuspages.logic.words import Impact, PostState, Status
from evenfall.statuspages.models.columns import choices


class Post(models.Model):
    """An incident as readers see it. `next_update_at` is what the last update promised."""

    page = models.ForeignKey(
        "statuspages.StatusPage", on_delete=models.CASCADE, related_name="posts"
    )
    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    title = models.CharField(max_length=200)
    impact = models.CharField(max_length=12, choices=choices(Impact))
    impact_by_hand = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=choices(PostState))
    started_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    next_update_at = models.DateTimeField(null=True)
    retracted_at = models.DateTimeField(null=True)
    retracted_why = models.CharField(max_length=300, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["page", "incident"],
                condition=Q(retracted_at=None),
                name="statuspages_post_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["page", "-started_at", "-id"], name="statuspages_post_newest"),
        ]


class PostUpdate(models.Model):
    """One thing that was said. `said_at` is before `written_at` where it was backdated."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="updates")
    state = models.CharField(max_length=16, choices=choices(PostState))
    text = models.TextField()
    said_at = models.DateTimeField()
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    notify = models.BooleanField(default=True)
    next_update_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=80)


class UpdateStatus(models.Model):
    """What an update says of a component."""

    update = models.ForeignKey(PostUpdate, on_delete=models.CASCADE, related_name="statuses")
    component = models.ForeignKey(
        "statuspages.Component", on_delete=models.CASCADE, related_name="+"
    )
    status = models.CharField(max_length=16, choices=choices(Status))

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["update", "component"], name="statuspages_said_once"),
        ]


class UpdateEdit(models.Model):
    """What an update said before somebody corrected it."""

    update = models.ForeignKey(PostUpdate, on_delete=models.CASCADE, related_name="edits")
    text = models.TextField()
    state = models.CharField(max_length=16, choices=choices(PostState))
    said_at = models.DateTimeField()
    edited_at = models.DateTimeField()
    actor = models.CharField(max_length=80)
