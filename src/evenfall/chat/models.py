"""The tables of chat. Rows are written by `actions` and `reactions` only; times are UTC."""

from enum import StrEnum
from typing import ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.incidents.ports import Sev
from evenfall.platform.crypto import EncryptedField

_SEVERITIES = [(word.value, word.value) for word in Sev]


class PostKind(StrEnum):
    """What a message in a room is; the values are stored."""

    INCIDENT = "incident"
    LIST = "list"  # one message for many incidents that came within a minute
    LISTED = "listed"  # an incident that such a message lists; it has no message of its own
    TEST = "test"


_ABOUT_ONE = [PostKind.INCIDENT.value, PostKind.LISTED.value]


class OpeningState(StrEnum):
    ASKED = "asked"
    OPEN = "open"
    FAILED = "failed"


class Room(models.Model):
    """A channel of a chat tool that shows incidents.

    `team` None means the incidents of all teams. `incident` is set where the room was opened for
    one incident: it shows that one and no other. `address_hash` is that of the address, which may
    be a secret. `quiet_until` is the earliest time of the next message.
    """

    provider = models.ForeignKey(
        "notifications.Provider", on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(max_length=80)
    address = EncryptedField()
    address_hash = models.BinaryField()
    team = models.ForeignKey("identity.Team", on_delete=models.CASCADE, null=True, related_name="+")
    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, null=True, related_name="+"
    )
    least_severity = models.CharField(max_length=16, choices=_SEVERITIES)
    is_on = models.BooleanField(default=True)
    off_reason = models.TextField(default="")
    quiet_until = models.DateTimeField(null=True)
    last_posted_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["provider", "address_hash"], name="chat_room_once"),
            models.CheckConstraint(
                condition=Q(incident=None) | Q(team=None), name="chat_room_of_team_or_incident"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A message in a room. It is behind while `wanted` is above `shown`, and then has `due_at`.

    What it says is made when it is sent, so any number of changes before that are one edit.
    `shown` is 0 until the message is there; `reference` finds it again. `shown_state` is the state
    of the incident as it was shown. `listed_in` is the message that lists it, for kind "listed".
    """

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="posts")
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in PostKind])
    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, null=True, related_name="+"
    )
    listed_in = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="listed"
    )
    wanted = models.PositiveIntegerField(default=1)
    shown = models.PositiveIntegerField(default=0)
    shown_state = models.CharField(max_length=16, default="")
    reference = models.CharField(max_length=200, default="")
    due_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(default="")
    created_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["incident", "room"],
                condition=Q(incident__isnull=False),
                name="chat_post_once_a_room",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=_ABOUT_ONE, incident__isnull=False)
                | (~Q(kind__in=_ABOUT_ONE) & Q(incident=None)),
                name="chat_post_about_something",
            ),
            models.CheckConstraint(
                condition=Q(shown__lte=models.F("wanted")), name="chat_post_never_ahead"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="chat_post_due"
            ),
            models.Index(fields=["room", "-created_at"], name="chat_post_of_room"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.pk} in room {self.room_id}"


class Opening(models.Model):
    """The wish for a room of its own for one incident, and what became of it."""

    incident = models.OneToOneField(
        "incidents.Incident", on_delete=models.CASCADE, related_name="+"
    )
    provider = models.ForeignKey(
        "notifications.Provider", on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(
        max_length=8, choices=[(s.value, s.value) for s in OpeningState], default="asked"
    )
    room = models.ForeignKey(Room, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=80)
    url = models.TextField(default="")
    missing = models.JSONField(default=list)
    asked_by = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="chat_opening_due"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"room for incident {self.incident_id}"


class Said(models.Model):
    """What somebody tapped or typed in a chat tool, kept until it is done and answered.

    `key` is the tool's own id of it: the same one that comes twice is done once. `action` and
    `subject` are those of a button; a command has `text` instead. `reply_to` is where the tool
    takes the reply, a secret.
    """

    provider = models.ForeignKey(
        "notifications.Provider", on_delete=models.CASCADE, related_name="+"
    )
    key = models.CharField(max_length=200)
    address = models.CharField(max_length=200)
    subject = models.CharField(max_length=80, default="")
    action = models.CharField(max_length=40, default="")
    text = models.TextField(default="")
    reply_to = EncryptedField(default="")
    said_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    reply = models.TextField(default="")
    is_ok = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["provider", "key"], name="chat_said_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="chat_said_due"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.action or self.text
