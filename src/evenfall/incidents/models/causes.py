"""Which incidents come from each other, as the graph of services says."""

from typing import ClassVar, override

from django.db import models


class IncidentCause(models.Model):
    """`incident` was probably caused by `cause`; never both ways."""

    incident = models.ForeignKey("Incident", on_delete=models.CASCADE, related_name="causes")
    cause = models.ForeignKey("Incident", on_delete=models.CASCADE, related_name="consequences")
    linked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["incident", "cause"], name="incident_cause_once"),
            models.CheckConstraint(
                condition=~models.Q(incident=models.F("cause")), name="incident_cause_other"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"#{self.incident_id} from #{self.cause_id}"
