"""What is done so that it does not happen again."""

from typing import ClassVar, override

from django.db import models

from evenfall.postmortems.logic.action_life import (
    SETTLED,
    WORK,
    ActionClass,
    ActionState,
    ActionType,
    Effort,
)
from evenfall.postmortems.logic.guardrails import Guardrail
from evenfall.postmortems.models.postmortems import Factor, Postmortem


class Action(models.Model):
    """One person's promise, with a date.

    `extensions` counts how often the date was moved. `review_at` is when an accepted risk is
    looked at again. `remind_at` is when somebody is told next, None when nobody has to be.
    `ticket_url` is where it is tracked elsewhere, `guardrail_url` the check that enforces it, which
    is of the kind `guardrail_kind`. `factor` is the contributing factor that it is about.
    `recurrences` counts how often it was done and did not hold.
    """

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="actions")
    title = models.CharField(max_length=200)
    owner = models.ForeignKey("identity.User", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("identity.Team", on_delete=models.PROTECT, null=True, related_name="+")
    type = models.CharField(max_length=16, choices=[(t.value, t.value) for t in ActionType])
    level = models.CharField(max_length=2, choices=[(c.value, c.value) for c in ActionClass])
    state = models.CharField(
        max_length=16,
        choices=[(state.value, state.value) for state in ActionState],
        default=ActionState.PROPOSED.value,
    )
    due_at = models.DateTimeField()
    extensions = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(blank=True, default="")
    proof_url = models.URLField(max_length=500, blank=True, default="")
    ticket_url = models.URLField(max_length=500, blank=True, default="")
    guardrail_url = models.URLField(max_length=500, blank=True, default="")
    guardrail_kind = models.CharField(
        max_length=12, blank=True, default="", choices=[(g.value, g.value) for g in Guardrail]
    )
    effort = models.CharField(
        max_length=8, blank=True, default="", choices=[(e.value, e.value) for e in Effort]
    )
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, null=True, related_name="actions")
    recurrences = models.PositiveSmallIntegerField(default=0)
    approved_by = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    review_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ActionState]),
                name="action_state_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[ActionState.DONE.value, ActionState.VERIFIED.value])
                | ~models.Q(proof_url=""),
                name="action_done_with_proof",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ActionState.RISK_ACCEPTED.value)
                | models.Q(review_at__isnull=False, approved_by__isnull=False),
                name="action_risk_has_review",
            ),
            models.CheckConstraint(
                condition=models.Q(extensions__lte=2), name="action_extended_twice"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at", "id"], name="action_by_due"),
            models.Index(
                fields=["remind_at"],
                condition=models.Q(remind_at__isnull=False),
                name="action_to_remind",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.title

    @property
    def is_work(self) -> bool:
        return self.state in WORK

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED
