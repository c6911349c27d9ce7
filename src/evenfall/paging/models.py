"""The tables of paging. Times are UTC; rows are written by `actions` only."""

from typing import Any, ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.paging.logic.words import AtEnd, Hours, Status, Urgency

_CLOSED = (Status.RESOLVED.value, Status.STOPPED.value)
_WITHOUT_DUE_TIME = (Status.MOBILISED.value, *_CLOSED)
_URGENCIES = [(urgency.value, urgency.value) for urgency in Urgency]


class Policy(models.Model):
    """A named escalation policy; what it does is in its newest version (`number`)."""

    name = models.CharField(max_length=120, unique=True)
    description = models.TextField(blank=True, default="")
    team = models.ForeignKey(
        "identity.Team", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    is_default = models.BooleanField(default=False)
    number = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="policy_one_default"
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(archived_at=None), name="policy_default_is_kept"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class PolicyVersion(models.Model):
    """What a policy said at one time. A trigger refuses every UPDATE: pages rely on it."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    steps: "models.JSONField[list[Any], list[Any]]" = models.JSONField()
    rounds = models.PositiveSmallIntegerField()
    at_end = models.CharField(max_length=10, choices=[(e.value, e.value) for e in AtEnd])
    catch_all_user = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    ack_timeout_minutes = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    class Meta:
        db_table = "paging_policy_version"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_number"),
        ]

    @override
    def __str__(self) -> str:
        return f"policy {self.policy_id}, version {self.number}"


class PolicyAssignment(models.Model):
    """Which policy pages of a service, or of a team's services, follow."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="assignments")
    service = models.ForeignKey(
        "catalog.Service", on_delete=models.CASCADE, null=True, related_name="+"
    )
    team = models.ForeignKey("identity.Team", on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        db_table = "paging_policy_assignment"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["service"], name="policy_once_a_service"),
            models.UniqueConstraint(fields=["team"], name="policy_once_a_team"),
            models.CheckConstraint(
                condition=Q(service=None, team__isnull=False) | Q(service__isnull=False, team=None),
                name="policy_of_a_service_or_a_team",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"policy {self.policy_id}"


class PersonalRule(models.Model):
    """One line of how somebody wants to be reached; no line for an urgency means the defaults."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    urgency = models.CharField(max_length=4, choices=_URGENCIES)
    team = models.ForeignKey("identity.Team", on_delete=models.CASCADE, null=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    delay_minutes = models.PositiveSmallIntegerField(default=0)
    hours = models.CharField(max_length=7, choices=[(h.value, h.value) for h in Hours])

    class Meta:
        db_table = "paging_personal_rule"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "urgency", "position"], name="personal_rule_position"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} after {self.delay_minutes} min"


class PersonalHours(models.Model):
    """When somebody may be disturbed with what is not urgent; no row means the default hours.

    `days` are weekdays, 0 is Monday; times are local to the person.
    """

    user = models.OneToOneField("identity.User", on_delete=models.CASCADE, related_name="+")
    days: "models.JSONField[list[int], list[int]]" = models.JSONField()
    start = models.TimeField()
    end = models.TimeField()

    class Meta:
        db_table = "paging_personal_hours"

    @override
    def __str__(self) -> str:
        return f"hours of user {self.user_id}"


class Page(models.Model):
    """The effort to reach a human about one subject.

    `round` counts from 1, `step` is the index of the step to take at `due_at`. `policy_version`
    never changes; who is on call is looked up at each step.
    """

    subject = models.CharField(max_length=80)
    service = models.ForeignKey(
        "catalog.Service", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    team = models.ForeignKey(
        "identity.Team", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    urgency = models.CharField(max_length=4, choices=_URGENCIES)
    severity = models.CharField(max_length=16, null=True)  # noqa: DJ001 - null is "unknown", a fact of its own
    content: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    status = models.CharField(max_length=12, choices=[(s.value, s.value) for s in Status])
    round = models.PositiveIntegerField(default=1)
    step = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=80)
    acknowledged_at = models.DateTimeField(null=True)
    mobilised_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    holder = models.ForeignKey(
        "identity.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asker = models.ForeignKey(
        "identity.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    stop_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(ended_at=None), name="page_one_open_a_subject"
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False) | Q(status__in=_WITHOUT_DUE_TIME),
                name="page_is_due_or_settled",
            ),
            models.CheckConstraint(
                condition=Q(status__in=_CLOSED, ended_at__isnull=False, due_at=None)
                | (~Q(status__in=_CLOSED) & Q(ended_at=None)),
                name="page_closed_has_an_end",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="page_due"
            ),
            models.Index(fields=["subject", "-id"], name="page_subject"),
            models.Index(fields=["-started_at", "-id"], name="page_newest"),
        ]

    @override
    def __str__(self) -> str:
        return f"page {self.pk} about {self.subject} ({self.status})"


class PageMove(models.Model):
    """One thing a page did: a step taken or skipped, a call for help, the catch-all."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    reason = models.CharField(max_length=24)
    round = models.PositiveIntegerField()
    step = models.PositiveSmallIntegerField(null=True)
    missing: "models.JSONField[list[Any], list[Any]]" = models.JSONField(default=list)

    class Meta:
        db_table = "paging_page_move"

    @override
    def __str__(self) -> str:
        return f"{self.reason} of page {self.page_id}"


class Digest(models.Model):
    """One message that lists pages of one person who gets too many at once."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-starts_at"], name="digest_newest")
        ]

    @override
    def __str__(self) -> str:
        return f"digest {self.pk}"


class Participation(models.Model):
    """One person notified by one move, alone or in a digest; not reachable means inbox only."""

    move = models.ForeignKey(PageMove, on_delete=models.CASCADE, related_name="people")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="participations")
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    digest = models.ForeignKey(Digest, on_delete=models.SET_NULL, null=True, related_name="pages")
    at = models.DateTimeField()
    why = models.CharField(max_length=200)
    is_reachable = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-at"], name="participation_recent")
        ]

    @override
    def __str__(self) -> str:
        return f"user {self.user_id} in page {self.page_id}"


class PageAnswer(models.Model):
    """What a human answered, through what, and what it did (`reason`)."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="answers")
    user = models.ForeignKey(
        "identity.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    response = models.CharField(max_length=16)
    via = models.CharField(max_length=20)
    at = models.DateTimeField()
    reason = models.CharField(max_length=24)

    class Meta:
        db_table = "paging_page_answer"

    @override
    def __str__(self) -> str:
        return f"{self.response} to page {self.page_id}"
