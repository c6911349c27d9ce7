"""Who else may see a private incident."""

from typing import ClassVar, override

from django.db import models

from evenfall.incidents.models.incident import Incident


class Insider(models.Model):
    """A person who was named: by whoever declared it, or because they were called for it.

    Those who have a role in it, answered it, lead its team or administrate need no row.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="insiders")
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["incident", "user"], name="insider_once"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.user_id} sees {self.incident_id}"
