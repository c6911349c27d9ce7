"""What people say about the changes that an incident may have come from."""

from typing import ClassVar, override

from django.db import models


class SuspectVerdict(models.Model):
    """A person says that a change caused the incident, or that it did not.

    An incident is pinned on one change at most, so that no deploy is counted for it twice.
    `score` is what the change was rated with at that time, in percent; None for what was
    no suspect.
    """

    incident = models.ForeignKey("Incident", on_delete=models.CASCADE, related_name="verdicts")
    change = models.ForeignKey("changes.Change", on_delete=models.CASCADE, related_name="+")
    is_confirmed = models.BooleanField()
    score = models.PositiveSmallIntegerField(null=True)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["incident", "change"], name="suspect_one_verdict_each"),
            models.UniqueConstraint(
                fields=["incident"],
                condition=models.Q(is_confirmed=True),
                name="suspect_one_cause_each",
            ),
        ]

    @override
    def __str__(self) -> str:
        return "confirmed" if self.is_confirmed else "ruled out"
