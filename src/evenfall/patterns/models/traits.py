"""What incidents are compared by, and the pairs that were found alike."""

from typing import ClassVar, override

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from evenfall.catalog.ports import Environment
from evenfall.patterns.logic.states import Verdict


def _words() -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.TextField(), default=list)


class IncidentTraits(models.Model):
    """The traits of one incident, as they were read at `read_at`; None: not read yet.

    `due_at` is when they are read next, None when nothing changed since. An incident that does not
    count (merged or declined) has no features and is compared with nothing.
    """

    incident = models.OneToOneField(
        "incidents.Incident", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    counts = models.BooleanField(default=True)
    environment = models.CharField(
        max_length=8, choices=[(word.value, word.value) for word in Environment]
    )
    opened_at = models.DateTimeField()
    heading = models.TextField(blank=True, default="", db_default="")
    title = _words()
    words = _words()
    services = _words()
    factors = _words()
    alerts = _words()
    releases = _words()
    due_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="traits_due"),
            models.Index(fields=["-opened_at"], name="traits_by_time"),
        ]

    @override
    def __str__(self) -> str:
        return f"traits of {self.incident_id}"


class Feature(models.Model):
    """One trait as a key: the newest incidents that have it are one walk of the index."""

    traits = models.ForeignKey(IncidentTraits, on_delete=models.CASCADE, related_name="features")
    key = models.CharField(max_length=120)
    opened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["traits", "key"], name="feature_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["key", "-opened_at", "-traits"], name="feature_newest"),
        ]

    @override
    def __str__(self) -> str:
        return self.key


class WordUse(models.Model):
    """How many incidents have a word, counted every night; the word "" stands for all of them."""

    word = models.CharField(max_length=120, primary_key=True)
    incidents = models.PositiveIntegerField()

    @override
    def __str__(self) -> str:
        return self.word


class Neighbour(models.Model):
    """Two incidents whose whole texts are alike, the older number first, as the night found them.

    `words` are those that count most for the `cosine`. All rows are made anew every night.
    """

    one = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="+")
    cosine = models.FloatField()
    words = _words()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["one", "other"], name="neighbour_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="neighbour_in_order"),
            models.CheckConstraint(
                condition=Q(cosine__gte=0.0, cosine__lte=1.0), name="neighbour_cosine_in_range"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.one_id} beside {self.other_id}"


class Reading(models.Model):
    """When whole texts were compared last, and of how many incidents: one row at most."""

    at = models.DateTimeField()
    incidents = models.PositiveIntegerField()

    @override
    def __str__(self) -> str:
        return f"{self.incidents} incidents"


class Pair(models.Model):
    """Two incidents that are alike, the older number first, and what people said of them.

    `parts` are those of the score when it was found. A verdict stays whatever the score becomes.
    """

    one = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    parts = models.JSONField(default=list)
    verdict = models.CharField(
        max_length=9, choices=[(v.value, v.value) for v in Verdict], default=Verdict.OPEN.value
    )
    judged_by = models.CharField(max_length=80, blank=True, default="")
    judged_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["one", "other"], name="pair_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="pair_in_order"),
            models.CheckConstraint(
                condition=Q(score__gte=0.0, score__lte=1.0), name="pair_score_in_range"
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.OPEN.value, judged_at=None)
                | (~Q(verdict=Verdict.OPEN.value) & Q(judged_at__isnull=False)),
                name="pair_judged_has_time",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.one_id} and {self.other_id}"
