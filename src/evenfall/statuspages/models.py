"""The tables of status pages. Rows are written by `actions` only; times are UTC."""

from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from evenfall.platform.crypto import EncryptedField
from evenfall.statuspages.logic.words import (
    Collapsed,
    Impact,
    PostState,
    Source,
    Status,
    Told,
    Visibility,
    WorkState,
)


def _choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


def _weight(default: str) -> "models.DecimalField[Decimal | str, Decimal]":
    return models.DecimalField(max_digits=4, decimal_places=3, default=default)


class StatusPage(models.Model):
    """A page. `team` None: it belongs to the site.

    `version` grows with every change of anything that the page shows, so that what was rendered
    for a version is good until the next one. Weights say how much of a minute is downtime.
    """

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    description = models.CharField(max_length=300, default="")
    team = models.ForeignKey("identity.Team", on_delete=models.PROTECT, null=True, related_name="+")
    visibility = models.CharField(max_length=12, choices=_choices(Visibility))
    token = EncryptedField()
    time_zone = models.CharField(max_length=64, default="UTC")
    weight_major = _weight("1")
    weight_partial = _weight("0.3")
    weight_degraded = _weight("0")
    counts_maintenance = models.BooleanField(default=False)
    groups_need_all = models.BooleanField(default=False)
    version = models.PositiveBigIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()


class Group(models.Model):
    """Components under one heading."""

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    collapsed = models.CharField(max_length=16, choices=_choices(Collapsed))


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


class Post(models.Model):
    """An incident as readers see it. `next_update_at` is what the last update promised."""

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="posts")
    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    title = models.CharField(max_length=200)
    impact = models.CharField(max_length=12, choices=_choices(Impact))
    impact_by_hand = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=_choices(PostState))
    started_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    next_update_at = models.DateTimeField(null=True)
    retracted_at = models.DateTimeField(null=True)
    retracted_why = models.CharField(max_length=300, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["page", "incident"],
                condition=Q(retracted_at=None),
                name="statuspages_post_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["page", "-started_at", "-id"], name="statuspages_post_newest"),
        ]


class PostUpdate(models.Model):
    """One thing that was said. `said_at` is before `written_at` where it was backdated."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="updates")
    state = models.CharField(max_length=16, choices=_choices(PostState))
    text = models.TextField()
    said_at = models.DateTimeField()
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    notify = models.BooleanField(default=True)
    next_update_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=80)


class UpdateStatus(models.Model):
    """What an update says of a component."""

    update = models.ForeignKey(PostUpdate, on_delete=models.CASCADE, related_name="statuses")
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=16, choices=_choices(Status))

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["update", "component"], name="statuspages_said_once"),
        ]


class UpdateEdit(models.Model):
    """What an update said before somebody corrected it."""

    update = models.ForeignKey(PostUpdate, on_delete=models.CASCADE, related_name="edits")
    text = models.TextField()
    state = models.CharField(max_length=16, choices=_choices(PostState))
    said_at = models.DateTimeField()
    edited_at = models.DateTimeField()
    actor = models.CharField(max_length=80)


class Work(models.Model):
    """A maintenance. `starts_at` and `ends_at` are announced, the other two really happened.

    `due_at` is when it starts or ends by itself; None: a person does the next step.
    """

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="works")
    title = models.CharField(max_length=200)
    text = models.TextField(default="")
    state = models.CharField(max_length=12, choices=_choices(WorkState))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    starts_itself = models.BooleanField(default=True)
    ends_itself = models.BooleanField(default=True)
    notify = models.BooleanField(default=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="statuspages_work_takes_time"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
                name="statuspages_work_due",
            ),
            models.Index(fields=["page", "-starts_at", "-id"], name="statuspages_work_newest"),
        ]


class WorkComponent(models.Model):
    """A component that a maintenance touches; no other one is."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="touched")
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["work", "component"], name="statuspages_touched_once"),
        ]


class WorkNote(models.Model):
    """One thing that was told of a maintenance."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="notes")
    told = models.CharField(max_length=12, choices=_choices(Told))
    text = models.TextField(default="")
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)


class Interval(models.Model):
    """Somebody says how a component is from `starts_at` to `ends_at` (None: still).

    Each source has intervals of its own; at any time the worst one is shown. When a post or a
    maintenance ends, what the others say shows again: nothing has to be restored.
    """

    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="intervals")
    status = models.CharField(max_length=16, choices=_choices(Status))
    source = models.CharField(max_length=12, choices=_choices(Source))
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="intervals")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, null=True, related_name="intervals")
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
