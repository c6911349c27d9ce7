"""Items for review, and all that happened to them."""

from typing import ClassVar, override

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from evenfall.catalog.ports import Environment
from evenfall.triage.logic.clocks import LEVELS, Kind
from evenfall.triage.logic.priority import Level, Priority
from evenfall.triage.logic.skills import LONGEST
from evenfall.triage.logic.states import OPEN, State, What
from evenfall.triage.ports import Source

_ENVIRONMENTS = [(word.value, word.value) for word in Environment]
_LEVELS = [(word.value, word.value) for word in Level]
OPEN_STATES = sorted(state.value for state in OPEN)


class Item(models.Model):
    """Something to be done that can wait. State and priority are what its events came to.

    `calendar` is that of the team when it was reported. Each contact has a stand-in. `confidence`
    and `multiplier` are in percent. `next_due_at` is when a clock reaches its next level, a pause
    ends or a risk is looked at: remembered for the drain, computed from the events. An override
    counts until `override_until`. `alert_id` and `pattern_id` name what may be gone by now;
    `recurs` follows the pattern. `exit_reason` says why it left at the side: as a duplicate of
    `duplicate_of`, as a risk that `risk_accepted_by` takes until `risk_review_at`, or as
    `incident`, which was over at `incident_over_at`.
    """

    title = models.CharField(max_length=200)
    description = models.TextField(default="")
    source = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Source])
    alert_id = models.BigIntegerField(null=True, unique=True)
    pattern_id = models.BigIntegerField(null=True, db_index=True)
    team = models.ForeignKey("identity.Team", on_delete=models.PROTECT, related_name="+")
    calendar = models.ForeignKey(
        "triage.BusinessCalendar", on_delete=models.PROTECT, null=True, related_name="+"
    )
    service = models.ForeignKey(
        "catalog.Service", on_delete=models.PROTECT, null=True, related_name="+"
    )
    environment = models.CharField(max_length=4, choices=_ENVIRONMENTS)
    release = models.CharField(max_length=80, default="")
    workaround = models.TextField(default="")
    reporter_name = models.CharField(max_length=100, default="")
    reporter_contact = models.CharField(max_length=200, default="")
    business_contact = models.CharField(max_length=200, default="")
    business_stand_in = models.CharField(max_length=200, default="")
    technical_contact = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    technical_stand_in = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    assignee = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    impact = models.CharField(max_length=8, choices=_LEVELS)
    urgency = models.CharField(max_length=8, choices=_LEVELS)
    priority = models.CharField(max_length=2, choices=[(p.value, p.value) for p in Priority])
    users_affected = models.PositiveIntegerField(default=0)
    confidence = models.PositiveSmallIntegerField(default=100)
    multiplier = models.PositiveSmallIntegerField(default=100)
    effort_hours = models.FloatField(null=True)
    skills = ArrayField(models.CharField(max_length=LONGEST), default=list, db_default=[])
    recurs = models.BooleanField(default=False)
    pin = models.CharField(max_length=12, default="")
    override_score = models.FloatField(null=True)
    override_reason = models.TextField(default="")
    override_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in State])
    scheduled_for = models.DateField(null=True)
    exit_reason = models.TextField(default="", db_default="")
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="duplicates"
    )
    risk_accepted_by = models.CharField(max_length=200, default="", db_default="")
    risk_review_at = models.DateTimeField(null=True)
    risk_reminded_at = models.DateTimeField(null=True)
    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, null=True, related_name="+"
    )
    incident_over_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["assignee"],
                condition=Q(state=State.ACTIVE.value),
                name="triage_one_in_work_each",
            ),
            models.CheckConstraint(
                condition=Q(confidence__range=(50, 100), multiplier__range=(100, 200)),
                name="triage_item_factors",
            ),
            models.CheckConstraint(
                condition=Q(effort_hours=None) | Q(effort_hours__gt=0.0),
                name="triage_item_effort",
            ),
            models.CheckConstraint(
                condition=Q(override_score=None, override_until=None)
                | (
                    Q(override_score__isnull=False, override_until__isnull=False)
                    & ~Q(override_reason="")
                ),
                name="triage_item_override_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, ended_at=None)
                | (~Q(state__in=OPEN_STATES) & Q(ended_at__gte=F("reported_at"))),
                name="triage_item_ended",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DUPLICATE.value, duplicate_of__isnull=False)
                | (~Q(state=State.DUPLICATE.value) & Q(duplicate_of=None)),
                name="triage_item_duplicate_of",
            ),
            models.CheckConstraint(
                condition=~Q(duplicate_of=F("id")), name="triage_item_not_its_own_duplicate"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=State.RISK_ACCEPTED.value, risk_review_at__isnull=False)
                    & ~Q(risk_accepted_by="")
                )
                | (~Q(state=State.RISK_ACCEPTED.value) & Q(risk_review_at=None)),
                name="triage_item_risk_has_review",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PROMOTED.value) | Q(incident__isnull=False),
                name="triage_item_promoted_to",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_due_at"],
                condition=Q(next_due_at__isnull=False),
                name="triage_item_due",
            ),
            models.Index(
                fields=["team"], condition=Q(state__in=OPEN_STATES), name="triage_item_open"
            ),
            models.Index(fields=["-ended_at", "-id"], name="triage_item_ended_at"),
            models.Index(
                fields=["reported_at", "id"],
                condition=Q(state__in=OPEN_STATES),
                name="triage_item_oldest_open",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.title


class ItemEvent(models.Model):
    """One thing that happened to an item; rows are only added. The clocks are read from these."""

    # the index of the order has the item first
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="events", db_index=False)
    what = models.CharField(max_length=12, choices=[(w.value, w.value) for w in What])
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    priority = models.CharField(max_length=2, default="")
    reason = models.CharField(max_length=12, default="")
    text = models.TextField(default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["item", "id"], name="triage_event_of_item")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.what} of item {self.item_id}"


class Warned(models.Model):
    """People were told that a clock, known by its start, reached a level: once each."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    clock = models.CharField(max_length=16, choices=[(k.value, k.value) for k in Kind])
    started_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["item", "clock", "started_at", "level"], name="triage_warned_once"
            ),
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="triage_warned_level"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.level} % of {self.clock} of item {self.item_id}"
