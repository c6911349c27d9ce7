"""Versions and their way through the stages."""

from typing import ClassVar, override

from django.db import models
from django.db.models import F, Q

from evenfall.releases.logic.states import UNDER_WAY, State
from evenfall.releases.logic.words import Kind, Verdict
from evenfall.releases.models.columns import ENVIRONMENTS, choices, some_person


class Train(models.Model):
    """Releases that go together, in the order of what needs what; to production at `departs_at`."""

    name = models.CharField(max_length=120)
    note = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    departs_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-created_at", "-id"], name="train_by_time"),
            models.Index(fields=["departs_at", "id"], name="train_by_departure"),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class Release(models.Model):
    """One version of one service. `created_by` is the actor, `author` its person if it has one.

    `revision` counts the edits of notes, plan and flags.
    """

    service = models.ForeignKey("catalog.Service", on_delete=models.PROTECT, related_name="+")
    version = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=choices(Kind), default=Kind.FEATURE.value)
    notes = models.TextField(blank=True, default="")
    image = models.CharField(max_length=500, blank=True, default="")
    artifact_url = models.CharField(max_length=500, blank=True, default="")
    commit = models.CharField(max_length=80, blank=True, default="")
    is_irreversible = models.BooleanField(default=False)
    rollback_plan = models.TextField(blank=True, default="")
    fixes_incident_id = models.BigIntegerField(null=True)
    train = models.ForeignKey(Train, on_delete=models.SET_NULL, null=True, related_name="releases")
    author = some_person()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["service", "version"], name="release_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in Kind]), name="release_kind_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-created_at", "-id"], name="release_by_time"),
            models.Index(fields=["service", "-created_at", "-id"], name="release_of_service"),
        ]

    @override
    def __str__(self) -> str:
        return self.version


class Missed(models.Model):
    """A release that a train left behind, why, and the train that it was put on then."""

    train = models.ForeignKey(Train, on_delete=models.CASCADE, related_name="missed")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    next = models.ForeignKey(Train, on_delete=models.SET_NULL, null=True, related_name="+")
    why = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    @override
    def __str__(self) -> str:
        return f"{self.release_id} missed {self.train_id}"


class Requirement(models.Model):
    """The release needs this other service in at least this version, in the same environment."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="requirements")
    service = models.ForeignKey("catalog.Service", on_delete=models.CASCADE, related_name="+")
    at_least = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["release", "service"], name="requirement_once"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.service_id} {self.at_least}"


class Passage(models.Model):
    """One release through one stage; a second try after a failure is a row of its own.

    `service`, `stage`, `position` and `environment` are copies, so that history stays as it was
    when stages change. `verdict` and `answers` are what the gates said at `asked_at`; `due_at` is
    when they are asked again. `past_gates`: it was deployed although they did not pass.
    `is_way_back`: the version ran there before, and another one runs there now. The maintenance
    window is ours when it was made for this passage alone.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="passages")
    service = models.ForeignKey("catalog.Service", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    environment = models.CharField(max_length=8, choices=ENVIRONMENTS)
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=choices(State), default=State.PLANNED.value)
    state_at = models.DateTimeField()
    state_by = models.CharField(max_length=80)
    reason = models.TextField(blank=True, default="")
    incident_id = models.BigIntegerField(null=True)
    verdict = models.CharField(
        max_length=8, choices=choices(Verdict), default=Verdict.UNKNOWN.value
    )
    answers = models.JSONField(default=list)
    asked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    past_gates = models.BooleanField(default=False)
    is_way_back = models.BooleanField(default=False)
    previous_version = models.CharField(max_length=120, blank=True, default="")
    planned_at = models.DateTimeField(null=True)
    planned_downtime_minutes = models.PositiveIntegerField(default=0)
    actual_downtime_minutes = models.PositiveIntegerField(null=True)
    maintenance_id = models.BigIntegerField(null=True)
    maintenance_is_ours = models.BooleanField(default=False)
    change_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    deployed_at = models.DateTimeField(null=True)
    proven_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["release", "stage", "attempt"], name="passage_attempt_once"
            ),
            models.UniqueConstraint(
                fields=["release", "stage"],
                condition=Q(state__in=sorted(one.value for one in UNDER_WAY)),
                name="passage_open_once",
            ),
            # two versions at once in one place end as nobody's version
            models.UniqueConstraint(
                fields=["service", "stage"],
                condition=Q(state=State.DEPLOYING.value),
                name="passage_deploys_alone",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in State]), name="passage_state_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["service", "environment", "-deployed_at"], name="passage_runs"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="passage_due"),
            models.Index(F("state"), F("state_at").desc(), name="passage_by_state"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.release_id} {self.stage}"
