"""What people were told of an incident, and until when they were promised the next word."""

from typing import ClassVar, override

from django.db import models
from django.db.models import F, Q

from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.promises import Outcome, Step
from evenfall.incidents.models.incident import Incident

_AUDIENCES = [(one.value, one.value) for one in Audience]
_IS_OPEN = Q(outcome=Outcome.OPEN.value)


class Update(models.Model):
    """One word to one or more audiences, written from one draft; it never changes.

    `severity` and `state` are those of the incident at that moment.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="updates")
    author = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    actor = models.CharField(max_length=80)
    draft = models.TextField(blank=True, default="")
    severity = models.CharField(max_length=16)
    state = models.CharField(max_length=16)
    told_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "-id"], name="update_of_incident"),
        ]

    @override
    def __str__(self) -> str:
        return f"update {self.pk} of incident {self.incident_id}"


class UpdateText(models.Model):
    """What an update says to one audience; `next_update_at` None: nothing more is promised."""

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="texts")
    audience = models.CharField(max_length=16, choices=_AUDIENCES)
    text = models.TextField()
    html = models.TextField()
    next_update_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["update", "audience"], name="update_says_once"),
            models.CheckConstraint(
                condition=Q(audience__in=[one.value for one in Audience]),
                name="update_audience_known",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.text[:80]


class Promise(models.Model):
    """An audience hears something until `due_at`; one open promise for each audience.

    `interval` is how long they were to wait for it. `taken` is the last step of its clock,
    `step_at` when the next one is due (None: no more). `is_first`: they were told nothing before.
    `named_by` is the actor who named the time, "" when it came from the table. `broken_at` is when
    it became broken, however late anybody noticed. `settled_at` is when they were told, or when
    nobody waited any more; `settled_by` the actor. `severity` is the worst it had while open.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="promises")
    audience = models.CharField(max_length=16, choices=_AUDIENCES)
    severity = models.CharField(max_length=16)
    is_first = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    interval = models.DurationField()
    named_by = models.CharField(max_length=80, blank=True, default="", db_default="")
    taken = models.CharField(
        max_length=8,
        choices=[("", ""), *((step.value, step.value) for step in Step)],
        blank=True,
        default="",
        db_default="",
    )
    step_at = models.DateTimeField(null=True)
    nudges = models.PositiveSmallIntegerField(default=0)
    broken_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=12,
        choices=[(one.value, one.value) for one in Outcome],
        blank=True,
        default=Outcome.OPEN.value,
        db_default=Outcome.OPEN.value,
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, blank=True, default="", db_default="")
    page_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["incident", "audience"], condition=_IS_OPEN, name="promise_one_open"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=[one.value for one in Audience]),
                name="promise_audience_known",
            ),
            models.CheckConstraint(
                condition=(_IS_OPEN & Q(settled_at=None))
                | (~_IS_OPEN & Q(settled_at__isnull=False, step_at=None)),
                name="promise_settled_has_time",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("made_at")), name="promise_due_after_it_was_made"
            ),
            models.CheckConstraint(condition=Q(nudges__lte=3), name="promise_few_nudges"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["step_at"], condition=Q(step_at__isnull=False), name="promise_step_due"
            ),
            models.Index(fields=["due_at", "id"], condition=_IS_OPEN, name="promise_open_by_due"),
            models.Index(fields=["due_at", "id"], name="promise_by_due"),
            models.Index(fields=["incident", "id"], name="promise_of_incident"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.audience} of incident {self.incident_id}"


class LongIncident(models.Model):
    """People said that this one takes long: updates come slower. Taken back, the row is gone."""

    incident = models.OneToOneField(
        Incident, on_delete=models.CASCADE, primary_key=True, related_name="long"
    )
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=80)

    @override
    def __str__(self) -> str:
        return f"incident {self.incident_id} takes long"
