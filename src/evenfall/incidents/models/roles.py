"""Who has, or had, which role in an incident, and what was said when it passed on."""

from typing import ClassVar, override

from django.db import models
from django.db.models import F, Q

from evenfall.incidents.logic.roles import SINGLE, CrewRole, Ending
from evenfall.incidents.models.incident import Incident

_ROLES = [(role.value, role.value) for role in CrewRole]
_IS_HELD = Q(ended_at=None)


class RoleAssignment(models.Model):
    """One person has one role, from when to when.

    `handed_over_by` is whoever had the role before. `given_by` is the actor. While a commander's
    `relief_due_at` is set, somebody is asked to take over at that time; `relief_offered_at` says
    when that happened, once for each assignment, to `relief_offered_to` (None: nobody was found).
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey("identity.User", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=_ROLES)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=16, blank=True, default="", db_default="")
    given_by = models.CharField(max_length=80)
    handed_over_by = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    relief_due_at = models.DateTimeField(null=True)
    relief_offered_at = models.DateTimeField(null=True)
    relief_offered_to = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["incident", "role"],
                condition=_IS_HELD & Q(role__in=sorted(role.value for role in SINGLE)),
                name="role_held_by_one",
            ),
            models.UniqueConstraint(
                fields=["incident", "role", "user"],
                condition=_IS_HELD,
                name="role_held_once_by_each",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in CrewRole]), name="role_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_why="")
                | Q(ended_at__gte=F("started_at"), ended_why__in=[why.value for why in Ending]),
                name="role_ends_after_it_began",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "started_at", "id"], name="role_of_incident"),
            models.Index(
                fields=["relief_due_at"],
                condition=Q(relief_due_at__isnull=False),
                name="role_relief_due",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.role} of {self.incident_id}"


class HandoverCard(models.Model):
    """What the one who takes over has to know, as it was at that moment; it never changes.

    `tasks` are the open ones ({"id", "title", "owner", "due_at"}), `notes` the newest ones
    ({"author", "text", "written_at"}); times are RFC 3339 in UTC. `next_steps` is what the one
    who leaves typed. `read_at` is when the successor said that they read it.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="handovers")
    assignment = models.OneToOneField(
        RoleAssignment, on_delete=models.CASCADE, related_name="handover"
    )
    from_user = models.ForeignKey("identity.User", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=32)
    severity = models.CharField(max_length=16)
    next_steps = models.TextField(blank=True, default="")
    tasks = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    given_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "-id"], name="handover_of_incident"),
        ]

    @override
    def __str__(self) -> str:
        return f"hand-over {self.pk} of incident {self.incident_id}"
