"""Accounts at providers, and what channels keep for the whole installation."""

from typing import ClassVar, override

from django.db import models

from evenfall.platform.crypto import EncryptedField


class Provider(models.Model):
    """An account at an outside service, set up by an administrator.

    `settings` holds the fields that may be shown, `secrets` the others as JSON, encrypted. Of
    several that serve one kind of channel the lowest `position` is asked first.
    """

    type = models.CharField(max_length=20)
    name = models.CharField(max_length=80, unique=True)
    settings: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    secrets = EncryptedField(default="{}")
    position = models.PositiveIntegerField()
    is_on = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]

    @override
    def __str__(self) -> str:
        return f"{self.name} ({self.type})"


class ChannelSecret(models.Model):
    """What a channel needs once for the whole installation, such as the key pair of Web Push."""

    kind = models.CharField(max_length=20, unique=True)
    value = EncryptedField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "notifications_channel_secret"

    @override
    def __str__(self) -> str:
        return f"secret of {self.kind}"
