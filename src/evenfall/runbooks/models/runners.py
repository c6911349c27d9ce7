"""Runners: processes of people, on any machine, that do work which they allow."""

from typing import ClassVar

from django.db import models


class Runner(models.Model):
    """A process that asks for work. `commands` is what it said that it allows, for people to read.

    Only the SHA-256 of its token is kept. One that was revoked stays for the work that it did.
    """

    name = models.CharField(max_length=60)
    token_hash = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=16)
    commands = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    last_seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(revoked_at=None), name="runner_named_once"
            ),
        ]


class RunnerWork(models.Model):
    """One command for one runner. Handed out once, and never after `expires_at`.

    `state` is waiting, taken, done, or cancelled by who asked, who waits no longer.
    """

    runner = models.ForeignKey(Runner, on_delete=models.PROTECT, related_name="+")
    command = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="waiting")
    ok = models.BooleanField(default=False)
    output = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["runner", "id"],
                condition=models.Q(state="waiting"),
                name="runner_work_waiting",
            ),
        ]
