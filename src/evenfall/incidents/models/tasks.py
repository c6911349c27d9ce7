"""What has to be done in an incident."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.incidents.logic.tasks import TaskState
from evenfall.incidents.models.incident import Incident


class Task(models.Model):
    """One thing to do, for one person (`owner` is None until somebody takes it).

    `position` orders the tasks of an incident, lowest first; ties go to the older one. `reason`
    says why it is not done, where it was dropped. `closed_by` is the actor.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_at = models.DateTimeField(null=True)
    state = models.CharField(
        max_length=16,
        choices=[(state.value, state.value) for state in TaskState],
        default=TaskState.OPEN.value,
    )
    reason = models.CharField(max_length=500, blank=True, default="")
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN.value, closed_at=None)
                | Q(state=TaskState.DONE.value, closed_at__isnull=False)
                | (Q(state=TaskState.DROPPED.value, closed_at__isnull=False) & ~Q(reason="")),
                name="task_closed_has_time_and_dropped_a_reason",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "position", "id"], name="task_of_incident"),
        ]

    @override
    def __str__(self) -> str:
        return self.title
