"""What people and pipelines say about a passage: sign-offs, ticks, results, exceptions."""

from typing import ClassVar, override

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from evenfall.releases.logic.words import ExceptionKind
from evenfall.releases.models.columns import choices, person, some_person
from evenfall.releases.models.versions import Passage, Release


class SignOff(models.Model):
    """One person's yes or no, for one team. The newest word of a person counts: one row each."""

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="sign_offs")
    user = person()
    team = models.ForeignKey("identity.Team", on_delete=models.PROTECT, related_name="+")
    is_yes = models.BooleanField()
    comment = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["passage", "user"], name="sign_off_once"),
            models.CheckConstraint(
                condition=Q(is_yes=True) | ~Q(comment=""), name="sign_off_no_with_reason"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.user_id} {'yes' if self.is_yes else 'no'}"


class Tick(models.Model):
    """An item of the definition of done, with its evidence. `check_name`: of a pipeline."""

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="ticks")
    item = models.CharField(max_length=40)
    is_done = models.BooleanField()
    text = models.TextField(blank=True, default="")
    link = models.CharField(max_length=500, blank=True, default="")
    check_name = models.CharField(max_length=80, blank=True, default="")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["passage", "item"], name="tick_once"),
        ]

    @override
    def __str__(self) -> str:
        return self.item


class QualityResult(models.Model):
    """What a pipeline measured about a release; the newest by `measured_at` counts."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="results")
    name = models.CharField(max_length=80)
    is_good = models.BooleanField()
    text = models.TextField(blank=True, default="")
    link = models.CharField(max_length=500, blank=True, default="")
    measured_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    reported_by = models.CharField(max_length=80)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["release", "name", "-measured_at", "-id"], name="result_newest"),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class ReleaseException(models.Model):
    """Somebody asks to pass named gates, somebody else signs; used ones are reviewed."""

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="exceptions")
    kind = models.CharField(max_length=16, choices=choices(ExceptionKind))
    gates = ArrayField(models.CharField(max_length=24))
    reason = models.TextField()
    asked_by = person()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    review_on = models.DateField()
    decided_by = some_person()
    decided_at = models.DateTimeField(null=True)
    is_signed = models.BooleanField(default=False)
    decision = models.TextField(blank=True, default="")
    used_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    reviewed_by = some_person()
    reviewed_at = models.DateTimeField(null=True)
    review = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="exception_not_by_oneself",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="release_exception_with_reason"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-asked_at", "-id"], name="release_exception_by_time"),
            models.Index(
                fields=["review_on"],
                condition=Q(used_at__isnull=False, reviewed_at__isnull=True),
                name="exception_to_review",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} for {self.passage_id}"
