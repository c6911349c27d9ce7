"""The tables of manifests. Rows are written by `actions` only."""

from typing import Any, ClassVar, override

from django.db import models


class Bundle(models.Model):
    """One set of files that is applied as a whole, and how it was applied last."""

    name = models.CharField(max_length=80, unique=True)
    revision = models.CharField(max_length=120, blank=True, default="")
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=64)

    @override
    def __str__(self) -> str:
        return self.name


class Managed(models.Model):
    """Which thing a bundle wrote under which key, and in which words it wrote it last.

    `spec` is what was applied: whatever differs from it later is drift. `secret_digest` and
    `key_digest` tell whether a secret and a key are the ones that were applied.
    """

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="things")
    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=80)
    own_id = models.BigIntegerField()
    spec: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    secret_digest = models.CharField(max_length=64, blank=True, default="")
    key_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "key"], name="managed_key_once"),
            models.UniqueConstraint(fields=["kind", "own_id"], name="managed_thing_once"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind}.{self.key}"
