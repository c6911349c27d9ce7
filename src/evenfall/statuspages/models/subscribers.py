"""Who is told of what a page says, what there is to tell, and what became of it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from evenfall.platform.crypto import EncryptedField
from evenfall.statuspages.logic.subscribing import Errand, Kind, State, Topic
from evenfall.statuspages.models.columns import choices
from evenfall.statuspages.models.pages import StatusPage
from evenfall.statuspages.models.posts import Post
from evenfall.statuspages.models.works import Work


def default_reminders() -> list[int]:
    """One hour ahead."""
    return [60]


class Mailing(models.Model):
    """How a page treats its subscribers; without a row: they are welcome, reminded an hour ahead.

    `reminders` are minutes before a maintenance starts.
    """

    page = models.OneToOneField(StatusPage, on_delete=models.CASCADE, related_name="mailing")
    is_open = models.BooleanField(default=True)
    reminders = models.JSONField(default=default_reminders)


class Subscriber(models.Model):
    """An address, a web hook or a browser that asked to be told. Erasing it leaves nothing.

    `key` makes it one of a kind on its page. `secret` is what a web hook signs with, or the keys
    of a browser. Without `component_ids` all components matter; `post` limits it to one post. A
    pending one is erased at `confirm_until`. `asked_at` is when we last wrote to it unasked.
    """

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="subscribers")
    kind = models.CharField(max_length=8, choices=choices(Kind))
    address = models.CharField(max_length=1000)
    key = models.CharField(max_length=64)
    secret = EncryptedField(default="")
    state = models.CharField(max_length=8, choices=choices(State))
    language = models.CharField(max_length=2, default="en")
    component_ids = ArrayField(models.BigIntegerField(), default=list)
    wants_incidents = models.BooleanField(default=True)
    wants_works = models.BooleanField(default=True)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="+")
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    off_reason = models.CharField(max_length=300, default="")
    confirm_until = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["page", "kind", "key"], name="statuspages_subscriber_once"
            ),
            models.CheckConstraint(
                condition=Q(state=State.PENDING.value) ^ Q(confirm_until=None),
                name="statuspages_pending_ends",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["page", "-created_at", "-id"], name="statuspages_subscriber_new"),
            models.Index(
                fields=["confirm_until"],
                condition=Q(confirm_until__isnull=False),
                name="statuspages_subscriber_ends",
            ),
        ]


class Bulletin(models.Model):
    """One thing to tell subscribers, as it was when it was said (`data`).

    At `due_at` it becomes a delivery for each subscriber that it concerns; then `spread_at` is
    set. `ends_story`: whoever heard the beginning hears it too, whatever components they chose.
    """

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="bulletins")
    topic = models.CharField(max_length=12, choices=choices(Topic))
    told = models.CharField(max_length=16)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="bulletins")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, null=True, related_name="bulletins")
    component_ids = ArrayField(models.BigIntegerField(), default=list)
    ends_story = models.BooleanField(default=False)
    data = models.JSONField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    spread_at = models.DateTimeField(null=True)
    reached = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(spread_at=None),
                name="statuspages_bulletin_due",
            ),
        ]


class Delivery(models.Model):
    """One message to one subscriber. It is settled once it arrived or was given up.

    A subscriber gets one at a time, by id: so they arrive in the order in which they were said.
    `reference` stays the same for every try, so that a mailbox can drop a second copy.
    """

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    bulletin = models.ForeignKey(
        Bulletin, on_delete=models.CASCADE, null=True, related_name="deliveries"
    )
    errand = models.CharField(max_length=10, choices=choices(Errand))
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    arrived = models.BooleanField(default=False)
    error = models.CharField(max_length=300, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["subscriber", "bulletin"], name="statuspages_delivered_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["subscriber", "id"],
                condition=Q(settled_at=None),
                name="statuspages_delivery_waits",
            ),
        ]
