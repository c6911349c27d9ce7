"""The tables of notifications. Times are UTC; rows are written by `actions` only."""

from typing import Any, ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.logic.states import NoticeState
from evenfall.platform.crypto import EncryptedField

_STATES = [(state.value, state.value) for state in NoticeState]
_URGENCIES = [(urgency.value, urgency.value) for urgency in Urgency]
_UNDER_LEASE = (NoticeState.CLAIMED.value, NoticeState.SENT.value)


class ContactMethod(models.Model):
    """One way to reach one person.

    `secret` is what the channel needs besides the address: the keys of a push subscription, the
    signing key of a web hook. The verification code is derived from the row (see
    ``actions.verifying``), so no code is ever stored.
    """

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    label = models.CharField(max_length=80, blank=True, default="")
    address = models.CharField(max_length=1000)
    secret = EncryptedField(default="")
    is_primary = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    broken_reason = models.TextField(default="")
    last_accepted_at = models.DateTimeField(null=True)
    challenge_serial = models.PositiveIntegerField(default=0)
    challenge_asked_at = models.DateTimeField(null=True)
    challenge_guesses = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "notifications_contact_method"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "kind", "address"], name="contact_method_once_a_person"
            ),
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(is_primary=True),
                name="contact_method_one_primary_a_kind",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} of user {self.user_id}"


class Notice(models.Model):
    """One message to one person over one contact method.

    `first_due_at` never moves; `due_at` moves with each retry. `address` is kept as it was, for
    the history. A null `contact_method` is the inbox, or a method that was removed since.
    """

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    contact_method = models.ForeignKey(
        ContactMethod, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    fallback_for = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=80)
    purpose = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    urgency = models.CharField(max_length=4, choices=_URGENCIES)
    address = models.CharField(max_length=1000, blank=True, default="")
    content: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    state = models.CharField(max_length=9, choices=_STATES, default=NoticeState.PLANNED.value)
    reason = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    provider_id = models.CharField(max_length=300, blank=True, default="")
    planned_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in NoticeState]),
                name="notice_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_UNDER_LEASE, lease_until__isnull=False)
                | (~Q(state__in=_UNDER_LEASE) & Q(lease_until__isnull=True)),
                name="notice_lease_while_with_a_sender",
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=[urgency.value for urgency in Urgency]),
                name="notice_urgency_known",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["kind", "urgency", "due_at", "id"],
                condition=Q(state=NoticeState.PLANNED.value),
                name="notice_due",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(state=NoticeState.PLANNED.value),
                name="notice_next_due",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=_UNDER_LEASE),
                name="notice_lease",
            ),
            models.Index(fields=["subject", "id"], name="notice_subject"),
            models.Index(fields=["user", "-first_due_at", "-id"], name="notice_inbox"),
            models.Index(
                fields=["user", "first_due_at"],
                condition=Q(read_at=None),
                name="notice_unread",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"notice {self.pk} ({self.state})"


class ResponseUse(models.Model):
    """An answer that was given with a link; each answer works once for each notice."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="+")
    action = models.CharField(max_length=40)
    used_at = models.DateTimeField()

    class Meta:
        db_table = "notifications_response_use"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["notice", "action"], name="response_used_once")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.action} on notice {self.notice_id}"


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
