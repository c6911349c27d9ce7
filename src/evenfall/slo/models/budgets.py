"""What people say about a budget, and what was told to them."""

from typing import ClassVar, override

from django.db import models
from django.db.models import F, Q

from evenfall.slo.logic.states import (
    Cause,
    CorrectionKind,
    ExceptionKind,
    ReviewOutcome,
)
from evenfall.slo.models.columns import (
    PERSON,
    REFERENCE_LENGTH,
    TITLE_LENGTH,
    URL_LENGTH,
    choices,
    one_of,
)
from evenfall.slo.models.objectives import Objective


class Correction(models.Model):
    """A time that does not count, with its reason; what was measured stays as it is."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=12, choices=choices(CorrectionKind))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.TextField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="correction_has_length"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_with_reason"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["objective", "-starts_at"], name="correction_by_time"),
        ]

    @override
    def __str__(self) -> str:
        return self.reason


class BudgetException(models.Model):
    """Somebody may go on although the budget is frozen; it counts once it is approved.

    Nobody approves their own. It ends at `ends_at`, and is looked at again on `review_on`;
    `reminded_at` is when somebody was told of that.
    """

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="exceptions")
    kind = models.CharField(max_length=12, choices=choices(ExceptionKind))
    reason = models.TextField()
    review_on = models.DateField()
    ends_at = models.DateTimeField()
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=one_of("kind", ExceptionKind), name="exception_kind_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="exception_with_reason"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")),
                name="exception_not_own",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["objective", "-asked_at"], name="exception_by_time"),
        ]

    @override
    def __str__(self) -> str:
        return self.reason


class ExceptionReview(models.Model):
    """What came of an exception, said afterwards; a second review replaces the first."""

    exception = models.OneToOneField(
        BudgetException, on_delete=models.CASCADE, primary_key=True, related_name="review"
    )
    outcome = models.CharField(max_length=12, choices=choices(ReviewOutcome))
    note = models.TextField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=one_of("outcome", ReviewOutcome), name="review_outcome_known"
            ),
            models.CheckConstraint(condition=~Q(note=""), name="review_with_note"),
        ]

    @override
    def __str__(self) -> str:
        return self.note


class Charge(models.Model):
    """A time in which something of a service may have spent budget; `ends_at` None goes on.

    `reference` is what it is called where it is from ("incident:5", "checkout 1.4.2").
    """

    service = models.ForeignKey("catalog.Service", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=choices(Cause))
    reference = models.CharField(max_length=REFERENCE_LENGTH)
    title = models.CharField(max_length=TITLE_LENGTH, blank=True, default="")
    url = models.CharField(max_length=URL_LENGTH, blank=True, default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["service", "kind", "reference"], name="charge_once"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="charge_ends_later",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["service", "-starts_at"], name="charge_by_time"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Firing(models.Model):
    """An alert of an objective from its beginning to its end, with what made it fire.

    `kind` is page, ticket, absent or exhausted; `pair` names the windows (minutes) that fired.
    """

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="firings")
    kind = models.CharField(max_length=12)
    pair = models.CharField(max_length=60, blank=True, default="")
    long = models.PositiveIntegerField(null=True)
    short = models.PositiveIntegerField(null=True)
    factor = models.FloatField(null=True)
    burn_long = models.FloatField(null=True)
    burn_short = models.FloatField(null=True)
    said = models.TextField(blank=True, default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["objective", "kind"],
                condition=Q(ended_at=None),
                name="firing_once_at_a_time",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["objective", "-started_at"], name="firing_by_time"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.pair}".strip()
