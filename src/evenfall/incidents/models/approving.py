"""Which public updates need a second person, and those that wait for one."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from evenfall.incidents.logic.approving import Decision
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.models.incident import Incident
from evenfall.incidents.models.promises import Update


class ApprovalRule(models.Model):
    """Public updates of incidents of this severity wait for a second person."""

    severity = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in Sev], primary_key=True
    )
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)


class ProposedText(models.Model):
    """What the public is to read once somebody approves it; at most one waits for each incident.

    `next_update_at`: what the author named, None for the table. `update` is what was told once it
    was approved. `reason` is why it was sent back.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="proposed")
    author = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    actor = models.CharField(max_length=80)
    text = models.TextField()
    html = models.TextField()
    next_update_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField()
    decision = models.CharField(
        max_length=12,
        choices=[(one.value, one.value) for one in Decision],
        default=Decision.WAITING.value,
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    update = models.ForeignKey(Update, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(decision=Decision.WAITING.value),
                name="proposed_one_waits",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.WAITING.value, decided_at=None)
                | (~Q(decision=Decision.WAITING.value) & Q(decided_at__isnull=False)),
                name="proposed_decided_has_time",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.APPROVED.value, update__isnull=False)
                | (~Q(decision=Decision.APPROVED.value) & Q(update=None)),
                name="proposed_approved_was_told",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "-id"], name="proposed_of_incident"),
        ]
