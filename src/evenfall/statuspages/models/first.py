"""Posts that nobody wrote: the first words while everybody is still looking."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from evenfall.statuspages.models.columns import choices
from evenfall.statuspages.models.pages import StatusPage
from evenfall.statuspages.models.posts import Post


class Decision(StrEnum):
    """What became of an automatic post."""

    CONFIRMED = "confirmed"
    RETRACTED = "retracted"
    CLEARED = "cleared"


class FirstPostRule(models.Model):
    """A page that posts by itself. A person has `minutes` to confirm or retract it."""

    page = models.OneToOneField(StatusPage, on_delete=models.CASCADE, related_name="first_rule")
    minutes = models.PositiveIntegerField(default=10)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=120), name="statuspages_first_minutes"
            ),
        ]


class FirstPost(models.Model):
    """An automatic post. `due_at` is by when a person decides; None: they did, or were reminded."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="first")
    decide_by = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=12, default="", choices=choices(Decision))
    decided_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=80, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
                name="statuspages_first_due",
            ),
        ]
