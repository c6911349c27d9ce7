"""What a page shows: its settings, groups, components, and how these were over time."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from evenfall.platform.crypto import EncryptedField
from evenfall.statuspages.logic.words import Collapsed, Source, Status, Visibility
from evenfall.statuspages.models.columns import choices


def _weight(default: str) -> "models.DecimalField[Decimal | str, Decimal]":
    return models.DecimalField(max_digits=4, decimal_places=3, default=default)


class StatusPage(models.Model):
    """A page. `team` None: it belongs to the site.

    `prepare_from` is the mildest severity of incidents for which a first post is prepared, "" for
    none. `version` grows with every change of anything that the page shows, so that what was
    rendered for a version is good until the next one. Weights say how much of a minute is downtime.
    """

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    description = models.CharField(max_length=300, default="")
    team = models.ForeignKey("identity.Team", on_delete=models.PROTECT, null=True, related_name="+")
    visibility = models.CharField(max_length=12, choices=choices(Visibility))
    token = EncryptedField()
    time_zone = models.CharField(max_length=64, default="UTC")
    weight_major = _weight("1")
    weight_partial = _weight("0.3")
    weight_degraded = _weight("0")
    counts_maintenance = models.BooleanField(default=False)
    groups_need_all = models.BooleanField(default=False)
    prepare_from = models.CharField(max_length=4, default="SEV2", db_default="SEV2")
    version = models.PositiveBigIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()


class Group(models.Model):
    """Components under one heading."""

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    collapsed = models.CharField(max_length=16, choices=choices(Collapsed))


class Component(models.Model):
    """Something whose status readers care for; linked services suggest it for an incident."""

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="components")
    group = models.ForeignKey(
        Group, on_delete=models.SET_NULL, null=True, related_name="components"
    )
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, default="")
    position = models.PositiveIntegerField(default=0)
    shows_uptime = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)


class ComponentService(models.Model):
    """A service of the catalog that stands behind a component."""

    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="links")
    service = models.ForeignKey("catalog.Service", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["component", "service"], name="statuspages_link_once"),
        ]


class Interval(models.Model):
    """Somebody says how a component is from `starts_at` to `ends_at` (None: still).

    Each source has intervals of its own; at any time the worst one is shown. When a post or a
    maintenance ends, what the others say shows again: nothing has to be restored.
    """

    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="intervals")
    status = models.CharField(max_length=16, choices=choices(Status))
    source = models.CharField(max_length=12, choices=choices(Source))
    post = models.ForeignKey(
        "statuspages.Post", on_delete=models.CASCADE, null=True, related_name="intervals"
    )
    work = models.ForeignKey(
        "statuspages.Work", on_delete=models.CASCADE, null=True, related_name="intervals"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="statuspages_interval_takes_time",
            ),
            models.UniqueConstraint(
                fields=["component"],
                condition=Q(source="manual", ends_at=None),
                name="statuspages_one_manual",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["component", "starts_at"], name="statuspages_interval_from"),
        ]
