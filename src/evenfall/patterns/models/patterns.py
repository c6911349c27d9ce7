"""The ledger of patterns."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.patterns.logic.signs import Sign
from evenfall.patterns.logic.states import State


class Pattern(models.Model):
    """A problem that comes back. `mended_at` is when people said so last.

    `item_id` is the item of the review that its first sign made; it may be gone by now.
    """

    title = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in State])
    owner = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    team = models.ForeignKey("identity.Team", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True, default="")
    reason = models.TextField(blank=True, default="")
    item_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    state_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="pattern_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ACCEPTED.value) | ~Q(reason=""),
                name="pattern_accepted_with_reason",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-state_at", "-id"], name="pattern_by_time"),
        ]

    @override
    def __str__(self) -> str:
        return self.title


class Member(models.Model):
    """An incident of a pattern; `is_confirmed` once somebody said so."""

    pattern = models.ForeignKey(Pattern, on_delete=models.CASCADE, related_name="members")
    incident = models.OneToOneField(
        "incidents.Incident", on_delete=models.CASCADE, related_name="+"
    )
    is_confirmed = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    joined_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["pattern", "-opened_at"], name="member_by_time"),
            models.Index(fields=["opened_at"], name="member_in_time"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.incident_id} in {self.pattern_id}"


class PatternSign(models.Model):
    """A sign that was told: each once for each pattern and incident."""

    pattern = models.ForeignKey(Pattern, on_delete=models.CASCADE, related_name="signs")
    sign = models.CharField(max_length=12, choices=[(s.value, s.value) for s in Sign])
    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pattern", "sign", "incident"], name="sign_once"),
        ]

    @override
    def __str__(self) -> str:
        return self.text
