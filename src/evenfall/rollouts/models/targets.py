"""Where versions of a service run, and how traffic is led there."""

from typing import ClassVar

from django.db import models

from evenfall.platform.crypto import EncryptedField

SIDES = ("blue", "green")


def other(side: str) -> str:
    """The side across."""
    return SIDES[1 - SIDES.index(side)]


class Target(models.Model):
    """A service in an environment: two sides, of which one is stable, and what moves traffic.

    `plan` is what a rollout does where none is given, as `logic.plan.written` writes it. Secrets
    are JSON objects of those settings that nobody may read.
    """

    service = models.ForeignKey("catalog.Service", on_delete=models.PROTECT, related_name="+")
    environment = models.CharField(max_length=8)
    traffic_kind = models.CharField(max_length=40)
    traffic_settings = models.JSONField(default=dict)
    traffic_secrets = EncryptedField(default="{}")
    deploy_kind = models.CharField(max_length=40)
    deploy_settings = models.JSONField(default=dict)
    deploy_secrets = EncryptedField(default="{}")
    plan = models.JSONField()
    stable_side = models.CharField(max_length=8, default=SIDES[0])
    blue_version = models.CharField(max_length=120, blank=True, default="")
    green_version = models.CharField(max_length=120, blank=True, default="")
    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["service", "environment"],
                condition=models.Q(removed_at=None),
                name="target_of_service_once",
            ),
            models.CheckConstraint(
                condition=models.Q(stable_side__in=SIDES), name="target_side_known"
            ),
        ]

    def running(self, side: str) -> str:
        """The version on this side, "" where none is known."""
        return self.blue_version if side == SIDES[0] else self.green_version
