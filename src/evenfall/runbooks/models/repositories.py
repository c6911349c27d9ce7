"""Git repositories that runbooks are fetched from."""

from typing import ClassVar

from django.db import models

from evenfall.platform.crypto import EncryptedField
from evenfall.runbooks.models.documents import Source


class Repository(models.Model):
    """Where a source is fetched from, and how that went.

    `commit` is the one that was imported last, "" when all is to be compared anew. `saved_by` is
    whose rights count where a file names an owner. `report` is that of the last import, without
    what stayed as it was. `failures` are those in a row; `told_at` is when people heard of them.
    """

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="+")
    url = models.CharField(max_length=500)
    branch = models.CharField(max_length=200)
    path = models.CharField(max_length=300, blank=True, default="")
    user_name = models.CharField(max_length=100, blank=True, default="")
    token = EncryptedField(default="")
    saved_by = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    commit = models.CharField(max_length=64, blank=True, default="")
    fetched_commit = models.CharField(max_length=64, blank=True, default="")
    fetched_at = models.DateTimeField(null=True)
    report = models.JSONField(default=list)
    failures = models.IntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True, default="")
    told_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], name="repository_due"),
        ]
