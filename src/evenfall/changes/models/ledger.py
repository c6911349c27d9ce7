"""The ledger. Rows are added; only what its sender says of a deploy, and its harm, moves on."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.changes.ports import ChangeKind, DeployState

_KINDS = [(kind.value, kind.value) for kind in ChangeKind]
_STATES = [(state.value, state.value) for state in DeployState]
PRODUCTION = "PROD"


class Change(models.Model):
    """One reported change. `at` is when it began to take effect, `recorded_at` when we heard of it.

    `finished_at` is when a deploy arrived or failed, None while nobody said so; without it `at` is
    as good. `harm_known_at`: since when people say that it caused an incident; `undone_at`: when it
    was rolled back. The author time in `first_commit_at` is the beginning of its lead time. What is
    of no single source (by hand, API) has `origin` None; `source` is the name in words.
    """

    service = models.ForeignKey(
        "catalog.Service", on_delete=models.PROTECT, null=True, related_name="+"
    )
    environment = models.CharField(max_length=8, blank=True, default="")
    kind = models.CharField(max_length=16, choices=_KINDS, default=ChangeKind.OTHER.value)
    summary = models.CharField(max_length=1024)
    source = models.CharField(max_length=200, blank=True, default="")
    external_id = models.CharField(max_length=200, blank=True, default="")
    origin = models.ForeignKey(
        "changes.ChangeSource", on_delete=models.SET_NULL, null=True, related_name="changes"
    )
    links = models.JSONField(default=list)
    details = models.JSONField(default=dict)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    state = models.CharField(
        max_length=8,
        choices=_STATES,
        default=DeployState.FINISHED.value,
        db_default=DeployState.FINISHED.value,
    )
    finished_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=200, blank=True, default="", db_default="")
    previous_version = models.CharField(max_length=200, blank=True, default="", db_default="")
    commit = models.CharField(max_length=64, blank=True, default="", db_default="")
    first_commit_at = models.DateTimeField(null=True)
    pipeline_url = models.CharField(max_length=1000, blank=True, default="", db_default="")
    is_unplanned = models.BooleanField(default=False, db_default=False)
    release = models.CharField(max_length=80, blank=True, default="", db_default="")
    harm_known_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="change_reported_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _ in _STATES]), name="change_state_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["service", "-at", "-id"], name="change_by_service"),
            models.Index(fields=["-at", "-id"], name="change_by_time"),
            models.Index(
                fields=["at", "service"],
                condition=Q(kind=ChangeKind.DEPLOY.value, environment=PRODUCTION),
                name="change_deploys_to_production",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.summary
