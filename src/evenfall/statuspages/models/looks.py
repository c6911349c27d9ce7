"""How pages look to readers, and where else they can be found."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from evenfall.platform.crypto import EncryptedField
from evenfall.statuspages.models.pages import StatusPage


class Look(models.Model):
    """What was chosen for a page; without a row it looks and speaks as pages do by themselves.

    `domain` is the page's own, in small letters without a port. The logo is a stored copy; its
    type comes from its bytes. Read lists without `logo`.
    """

    page = models.OneToOneField(StatusPage, on_delete=models.CASCADE, related_name="look")
    accent = models.CharField(max_length=7, default="")
    languages = models.JSONField(default=list)
    domain = models.CharField(max_length=253, default="")
    logo = models.BinaryField(default=b"")
    logo_type = models.CharField(max_length=16, default="")
    logo_digest = models.CharField(max_length=16, default="")
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["domain"], condition=~Q(domain=""), name="statuspages_one_domain"
            ),
        ]


class PageCopy(models.Model):
    """A copy of a page elsewhere, kept in step.

    It is due when the page is newer than `tried_version`, or when `due_at` has come: so no change
    can be forgotten. `claimed_until` keeps two writers apart; when one dies, it passes. `stored`
    has the digest of each file as it was stored last. `values` and `secrets` are what the kind of
    place asks for; the latter are kept as encrypted JSON.
    """

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="copies")
    kind = models.CharField(max_length=20)
    values = models.JSONField(default=dict)
    secrets = EncryptedField(default="{}")
    place = models.CharField(max_length=400, unique=True)
    address = models.CharField(max_length=300, default="")
    stale_minutes = models.PositiveIntegerField(default=15)
    is_on = models.BooleanField(default=True)
    tried_version = models.PositiveBigIntegerField(default=0)
    stored = models.JSONField(default=dict)
    stored_version = models.PositiveBigIntegerField(default=0)
    stored_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, default="")
    claimed_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(stale_minutes__gte=3, stale_minutes__lte=1440),
                name="statuspages_copy_stale_sane",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(is_on=True), name="statuspages_copy_due"),
        ]
