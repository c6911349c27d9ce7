"""The tables of the catalog. Rows are written by `actions` only."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from evenfall.catalog.ports import Criticality, DependencyKind, Environment

_ENVIRONMENTS = [(environment.value, environment.value) for environment in Environment]
_CRITICALITIES = [(criticality.value, criticality.value) for criticality in Criticality]
_KINDS = [(kind.value, kind.value) for kind in DependencyKind]


def production_only() -> list[str]:
    return [Environment.PROD.value]


class Service(models.Model):
    """Something that can fail, with the team that answers for it."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    team = models.ForeignKey("identity.Team", on_delete=models.PROTECT, related_name="+")
    tier = models.PositiveSmallIntegerField(default=2)
    criticality = models.CharField(
        max_length=16, choices=_CRITICALITIES, default=Criticality.MEDIUM.value
    )
    environments = ArrayField(
        models.CharField(max_length=8, choices=_ENVIRONMENTS), default=production_only
    )
    description = models.TextField(blank=True, default="")
    runbook_url = models.URLField(max_length=500, blank=True, default="")
    dashboard_url = models.URLField(max_length=500, blank=True, default="")
    repository_url = models.URLField(max_length=500, blank=True, default="")
    point_of_contact = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(tier__range=(1, 4)), name="service_tier"),
            models.CheckConstraint(
                condition=models.Q(criticality__in=[value for value, _ in _CRITICALITIES]),
                name="service_criticality_known",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "id"], name="service_by_name"),
        ]


class Dependency(models.Model):
    """`service` needs `depends_on`."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="needs")
    depends_on = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="needed_by")
    kind = models.CharField(max_length=8, choices=_KINDS, default=DependencyKind.HARD.value)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["service", "depends_on"], name="dependency_once"),
            models.CheckConstraint(
                condition=~models.Q(service=models.F("depends_on")), name="dependency_not_self"
            ),
        ]
