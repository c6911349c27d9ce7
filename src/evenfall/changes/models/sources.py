"""Where reports come from, what of them was refused, and the commits that were pushed."""

from typing import ClassVar, override

from django.db import models

from evenfall.platform.crypto import EncryptedField


class ChangeSource(models.Model):
    """A key that one tool reports with. Only the SHA-256 of the key is kept, and its end.

    `secret` is what bodies are signed with, encrypted; empty where nothing is signed. `mapping`
    leads from what the sender calls a thing to the slug of a service; `service` is for the rest.
    """

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    key_hash = models.BinaryField(max_length=32, unique=True)
    key_hint = models.CharField(max_length=12)
    secret = EncryptedField(default="", blank=True)
    service = models.ForeignKey(
        "catalog.Service", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    team = models.ForeignKey(
        "identity.Team", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    environment = models.CharField(max_length=8, blank=True, default="")
    mapping = models.JSONField(default=dict)
    is_enabled = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "id"], name="change_source_by_name"),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class RefusedReport(models.Model):
    """A request that led to nothing; the last ones of each source are kept."""

    source = models.ForeignKey(ChangeSource, on_delete=models.CASCADE, related_name="refused")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["source", "-id"], name="change_refused_newest"),
        ]

    @override
    def __str__(self) -> str:
        return self.reason


class PushedCommit(models.Model):
    """A commit on the branch that is deployed, in the order of the ids: for lead times."""

    source = models.ForeignKey(ChangeSource, on_delete=models.CASCADE, related_name="commits")
    about = models.CharField(max_length=200)
    sha = models.CharField(max_length=64)
    authored_at = models.DateTimeField()
    is_merge = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "about", "sha"], name="change_commit_once"),
        ]

    @override
    def __str__(self) -> str:
        return self.sha
