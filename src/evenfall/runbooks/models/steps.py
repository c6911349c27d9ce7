"""Steps that can be run, and what is asked when they are."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from evenfall.platform.crypto import EncryptedField


class Step(models.Model):
    """A step of a runbook. `secrets` is a JSON object of those settings that nobody may read.

    `test_kind` is "none", "http" (`test` says of what) or "condition" (`test` names it). A step
    that was removed stays for the runs that it was in.
    """

    runbook = models.ForeignKey("runbooks.Runbook", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    position = models.IntegerField()
    kind = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)
    secrets = EncryptedField(default="{}")
    approval = models.CharField(max_length=8, default="never")
    time_limit_s = models.IntegerField(default=60)
    test_kind = models.CharField(max_length=12, default="none")
    test = models.JSONField(default=dict)
    test_window_s = models.IntegerField(default=60)
    test_every_s = models.IntegerField(default=5)
    undo_on_failure = models.BooleanField(default=True)
    cool_down_s = models.IntegerField(default=0)
    most_per_hour = models.IntegerField(null=True)
    most_per_day = models.IntegerField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["runbook", "name"],
                condition=models.Q(removed_at=None),
                name="step_named_once",
            ),
        ]


class Parameter(models.Model):
    """What is asked when steps of this runbook are started; see `logic.parameters`."""

    runbook = models.ForeignKey("runbooks.Runbook", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    label = models.CharField(max_length=120, blank=True, default="")
    type = models.CharField(max_length=8)
    is_required = models.BooleanField(default=True)
    default = models.CharField(max_length=500, blank=True, default="")
    choices = ArrayField(models.CharField(max_length=500), default=list)
    lowest = models.BigIntegerField(null=True)
    highest = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["runbook", "name"], name="parameter_named_once"),
        ]
