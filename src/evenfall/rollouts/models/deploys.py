"""What a rollout has put somewhere, one row for each side."""

from typing import ClassVar

from django.db import models


class Deploy(models.Model):
    """An order to a deployer. The row is there before it is asked, so who dies asks once more.

    `side` is that of the new version, "baseline", or the stable one that is put back; `memory` is
    the deployer's own. `tries` counts how often it was ordered anew after it had failed. `done_at`
    is None as long as it is not there, and where it never had to be put there.
    """

    rollout = models.ForeignKey("rollouts.Rollout", on_delete=models.CASCADE, related_name="+")
    side = models.CharField(max_length=8)
    version = models.CharField(max_length=120)
    state = models.CharField(max_length=8)
    words = models.CharField(max_length=400, blank=True, default="")
    memory = models.JSONField(default=dict)
    tries = models.IntegerField(default=1)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["rollout", "side"], name="deploy_of_side_once"),
        ]
