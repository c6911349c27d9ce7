"""Accounts at issue trackers, and which issue stands for which action."""

from typing import ClassVar, override

from django.db import models

from evenfall.platform.crypto import EncryptedField
from evenfall.postmortems.logic.mirroring import Clash
from evenfall.postmortems.models.actions import Action
from evenfall.postmortems.ports import KEY_LENGTH


class Tracker(models.Model):
    """An account at an issue tracker.

    `settings` holds the fields that may be shown, `secrets` the others as JSON, encrypted. Until
    `quiet_until` nothing is asked of it. `heard_at` is when its last good webhook came.
    """

    type = models.CharField(max_length=20)
    name = models.CharField(max_length=80, unique=True)
    settings: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    secrets = EncryptedField(default="{}")
    is_on = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    quiet_until = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    @override
    def __str__(self) -> str:
        return f"{self.name} ({self.type})"


class IssueLink(models.Model):
    """The issue of an action. `key` is "" until the tracker has made it.

    `is_open`, `is_dropped` and `title` are as they were seen last; `agreed` is whether both sides
    were open when they said the same last. `due_at` is when it is looked at next, None when only a
    person or a webhook makes it due.
    """

    action = models.OneToOneField(Action, on_delete=models.CASCADE, related_name="issue")
    tracker = models.ForeignKey(Tracker, on_delete=models.PROTECT, related_name="links")
    key = models.CharField(max_length=KEY_LENGTH, blank=True, default="")
    url = models.URLField(max_length=500, blank=True, default="")
    title = models.CharField(max_length=300, blank=True, default="")
    is_open = models.BooleanField(null=True)
    is_dropped = models.BooleanField(default=False)
    agreed = models.BooleanField(null=True)
    clash = models.CharField(
        max_length=12, blank=True, default="", choices=[(c.value, c.value) for c in Clash]
    )
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True, default="")
    due_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["tracker", "key"], condition=~models.Q(key=""), name="issue_link_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="issue_link_due"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.key or f"an issue for action {self.action_id}"
