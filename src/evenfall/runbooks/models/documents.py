"""Runbooks and how they are used. Versions and uses are only ever added."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Source(models.Model):
    """A folder that runbooks are imported from and kept in step with; a `Repository` says where a
    Git repository is, without one its folder is uploaded.
    """

    name = models.CharField(max_length=120, unique=True)
    owner_team = models.ForeignKey("identity.Team", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True)


class Runbook(models.Model):
    """A document and where it stands; title, tags and text are those of its newest version.

    `remind_at` is when the owner hears that it needs a look, None when nothing is due.
    """

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    tags = ArrayField(models.CharField(max_length=40), default=list)
    text = models.TextField()
    number = models.IntegerField(default=0)
    owner_team = models.ForeignKey(
        "identity.Team", on_delete=models.PROTECT, null=True, related_name="+"
    )
    owner_user = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    search = SearchVectorField(null=True)
    is_linked = models.BooleanField(default=False)
    proven_at = models.DateTimeField(null=True)
    wrong_since = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+")
    source_path = models.CharField(max_length=500, blank=True, default="")
    source_number = models.IntegerField(default=0)
    source_text = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(owner_team=None) ^ models.Q(owner_user=None),
                name="runbook_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["source", "source_path"],
                condition=models.Q(source__isnull=False),
                name="runbook_once_in_source",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["search"], name="runbook_search"),
            models.Index(fields=["title", "id"], name="runbook_by_title"),
            models.Index(
                fields=["remind_at"],
                condition=models.Q(remind_at__isnull=False),
                name="runbook_reminders",
            ),
        ]


class Version(models.Model):
    """One saved text. Never changed, never removed."""

    runbook = models.ForeignKey(Runbook, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    title = models.CharField(max_length=200)
    tags = ArrayField(models.CharField(max_length=40), default=list)
    text = models.TextField()
    summary = models.CharField(max_length=200, blank=True, default="")
    saved_by = models.CharField(max_length=80)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["runbook", "number"], name="version_numbered_once"),
        ]


class ServiceLink(models.Model):
    """The runbook is for this service."""

    runbook = models.ForeignKey(Runbook, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey("catalog.Service", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["runbook", "service"], name="runbook_service_once"),
        ]


class AlertLink(models.Model):
    """The runbook is for alerts whose labels fit all conditions of `matchers`."""

    runbook = models.ForeignKey(Runbook, on_delete=models.CASCADE, related_name="+")
    matchers = models.TextField()


class Use(models.Model):
    """How it went: helped, wrong, or missing (then there is no runbook).

    `settled_at` is when a wrong one was mended, or a missing one written or not wanted any more.
    """

    runbook = models.ForeignKey(Runbook, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.IntegerField(default=0)
    outcome = models.CharField(max_length=8)
    subject = models.CharField(max_length=80, blank=True, default="")
    service = models.ForeignKey(
        "catalog.Service", on_delete=models.PROTECT, null=True, related_name="+"
    )
    text = models.CharField(max_length=2000, blank=True, default="")
    said_by = models.CharField(max_length=80)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(outcome="missing") ^ models.Q(runbook__isnull=False),
                name="use_of_a_runbook_or_missing",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["runbook", "-id"], name="use_by_runbook"),
            models.Index(fields=["-id"], condition=models.Q(outcome="missing"), name="use_missing"),
        ]


class Tick(models.Model):
    """A task that was done for this subject. Taking a tick back removes it; the journal knows."""

    subject = models.CharField(max_length=80)
    runbook = models.ForeignKey(Runbook, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    key = models.CharField(max_length=12)
    ticked_by = models.CharField(max_length=80)
    ticked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["subject", "runbook", "key"], name="task_ticked_once"),
        ]


class Folder(models.Model):
    """An uploaded folder, read and not yet imported; afterwards only its report is kept."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    documents = models.JSONField(null=True)
    report = models.JSONField(default=list)
    uploaded_by = models.CharField(max_length=80)
    uploaded_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True)
