"""Runs of steps. A row is advanced by whoever holds its lock; `due_at` says when to look again."""

from typing import ClassVar

from django.db import models

from evenfall.platform.crypto import EncryptedField


class Run(models.Model):
    """Steps that were asked for together. `due_at` is None while it waits for people or has ended.

    While somebody is at it, `due_at` is when that must be over: a run that is due with a step
    under way lost its process.
    """

    runbook = models.ForeignKey("runbooks.Runbook", on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    subject = models.CharField(max_length=80, blank=True, default="")
    service = models.ForeignKey(
        "catalog.Service", on_delete=models.PROTECT, null=True, related_name="+"
    )
    environment = models.CharField(max_length=8, blank=True, default="")
    parameters = models.JSONField(default=dict)
    is_dry = models.BooleanField(default=False)
    is_automatic = models.BooleanField(default=False)
    asked_by = models.CharField(max_length=80)
    asker = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=8)
    why = models.CharField(max_length=500, blank=True, default="")
    stop_asked = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="run_due"
            ),
            models.Index(fields=["-id"], condition=models.Q(state="waiting"), name="run_waiting"),
            models.Index(fields=["subject", "-id"], name="run_by_subject"),
            models.Index(fields=["runbook", "-id"], name="run_by_runbook"),
        ]


class StepRun(models.Model):
    """A step as it was when it was asked for, with the values of its parameters, and its log.

    `holds` is set from its start to the end of the run: nobody else acts on the target meanwhile.
    `attempt` counts what was begun for it, so that an answer that comes too late is known as such.
    `memory` is a JSON object of what an undo needs. `log` is a list of [time, text].
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    step = models.ForeignKey("runbooks.Step", on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(
        "catalog.Service", on_delete=models.PROTECT, null=True, related_name="+"
    )
    position = models.IntegerField()
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)
    secrets = EncryptedField(default="{}")
    target = models.CharField(max_length=300)
    time_limit_s = models.IntegerField()
    test_kind = models.CharField(max_length=12)
    test = models.JSONField(default=dict)
    test_window_s = models.IntegerField()
    test_every_s = models.IntegerField()
    test_until = models.DateTimeField(null=True)
    undo_on_failure = models.BooleanField()
    state = models.CharField(max_length=8)
    attempt = models.IntegerField(default=0)
    undoable = models.BooleanField(default=False)
    holds = models.BooleanField(default=False)
    needs_approval = models.BooleanField(default=False)
    approved_by = models.CharField(max_length=80, blank=True, default="")
    approved_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    memory = EncryptedField(default="{}")
    log = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["target"], condition=models.Q(holds=True), name="step_target_held_once"
            ),
            models.UniqueConstraint(fields=["run", "position"], name="step_run_in_order"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["step", "acted_at"],
                condition=models.Q(acted_at__isnull=False),
                name="step_run_starts",
            ),
        ]


class Switch(models.Model):
    """The one row says whether steps may act at all; without a row they may."""

    is_stopped = models.BooleanField(default=False)
    why = models.CharField(max_length=500, blank=True, default="")
    by = models.CharField(max_length=80, blank=True, default="")
    at = models.DateTimeField(null=True)
