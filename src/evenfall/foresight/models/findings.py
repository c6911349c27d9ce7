"""The table of findings."""

from typing import Any, ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.foresight.logic.findings import Weight
from evenfall.foresight.logic.kinds import Check, Part
from evenfall.foresight.logic.mends import Mend


class Finding(models.Model):
    """Something that would keep a page from reaching anybody, as long as it is so.

    `key` names the trouble for good: the same one found again is the same row. `team` or `person`
    owns it; neither: whoever manages the site. `gone_at` is when it was not found any more.
    `offer` is what one click mends, as `logic.mends.Offer`; null where only a form does.
    `dismissed_until` is the day on which it comes back. `told_at` is when its owner heard of it.
    """

    key = models.CharField(max_length=200)
    check_name = models.CharField(max_length=32, choices=[(c.value, c.value) for c in Check])
    weight = models.CharField(max_length=8, choices=[(w.value, w.value) for w in Weight])
    title = models.CharField(max_length=200)
    why = models.CharField(max_length=500)
    mend = models.CharField(max_length=80)
    mend_url = models.CharField(max_length=300)
    offer: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    team = models.ForeignKey("identity.Team", on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(
        "identity.User", on_delete=models.CASCADE, null=True, related_name="+"
    )
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    dismissed_until = models.DateField(null=True)
    dismissed_reason = models.CharField(max_length=300, blank=True, default="")
    dismissed_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(gone_at=None), name="finding_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(dismissed_until=None) | ~Q(dismissed_reason=""),
                name="finding_dismissed_with_reason",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["weight", "id"], condition=Q(gone_at=None), name="finding_by_weight"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.title


class Mended(models.Model):
    """A finding that one click mended; `made` is what undoing it needs."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="mends")
    mend = models.CharField(max_length=32)
    label = models.CharField(max_length=80)
    made: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(mend__in=sorted(one.value for one in Mend)), name="mended_word_known"
            ),
            models.UniqueConstraint(
                fields=["finding"], condition=Q(undone_at=None), name="mended_once_at_a_time"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-at"], name="mended_newest")]

    @override
    def __str__(self) -> str:
        return self.label


class LookAsked(models.Model):
    """A change after which one part is looked at again; the next look takes all of them.

    `actor` is who made the change: what it left unreachable is told to them.
    """

    part = models.CharField(max_length=12)
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(part__in=sorted(one.value for one in Part)), name="look_part_known"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.part} by {self.actor}"


class Look(models.Model):
    """When somebody last asked for a look, and when one was last done; one row."""

    asked_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"looked at {self.looked_at}"
