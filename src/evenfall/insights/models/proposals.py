"""What could be done about noise, and what came of it."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.insights.logic.proposals import Kind, State


class Proposal(models.Model):
    """One change that would have spared pages of one problem.

    `problem` is as in `PagedOnce`; of an inhibition it is the symptom's, of a need the two
    services. `change` holds what is
    needed to make it, `evidence` the figures it stood on when it was found, in days `days` before
    `found_at`; both stay as they were when it was applied. `made` names what was made, to undo it.
    """

    kind = models.CharField(max_length=16)
    problem = models.CharField(max_length=300)
    name = models.CharField(max_length=200)
    service_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=12, default=State.OPEN.value)
    change = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)
    spared = models.IntegerField(default=0)
    found_at = models.DateTimeField()
    state_at = models.DateTimeField()
    state_by = models.CharField(max_length=80, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    until = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.CharField(max_length=80, blank=True, default="")
    made = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "problem"],
                condition=~Q(state__in=[State.UNDONE.value]),
                name="proposal_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[one.value for one in State], kind__in=[one.value for one in Kind]
                ),
                name="proposal_words_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.APPLIED.value) | Q(applied_at__isnull=False),
                name="proposal_applied_has_time",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-spared", "-id"], name="proposal_by_worth"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} for {self.name}"
