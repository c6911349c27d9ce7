"""Notices: one message to one person each, its attempts, and the answers given to it."""

from typing import Any, ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.logic.states import NoticeState
from evenfall.notifications.models.contact_methods import ContactMethod

_STATES = [(state.value, state.value) for state in NoticeState]
_URGENCIES = [(urgency.value, urgency.value) for urgency in Urgency]
_UNDER_LEASE = (NoticeState.CLAIMED.value, NoticeState.SENT.value)


class Notice(models.Model):
    """One message to one person over one contact method.

    `first_due_at` never moves; `due_at` moves with each retry. `address` is kept as it was, for
    the history. A null `contact_method` is the inbox, or a method that was removed since.
    After `settled_at` nobody needs it any more: what is with a provider then is not tried again.
    `reply_code` is the short number by which its reader answers it, where the channel takes
    replies.
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
    settled_at = models.DateTimeField(null=True)
    reply_code = models.PositiveSmallIntegerField(null=True)

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
            models.Index(
                fields=["address", "-id"],
                condition=Q(reply_code__isnull=False),
                name="notice_answerable",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"notice {self.pk} ({self.state})"


class Attempt(models.Model):
    """One try to hand a notice over to a provider, or to its device: the proof of what was done.

    `via` is the provider's name where the kind has several, else "". `cost` is in `currency`
    (ISO 4217) and often comes later, with a receipt. `delivered` is null until a receipt tells.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    via = models.CharField(max_length=80, blank=True, default="")
    handed_over_at = models.DateTimeField()
    answered_at = models.DateTimeField()
    accepted = models.BooleanField()
    delivered = models.BooleanField(null=True)
    reported_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=300, blank=True, default="")
    detail = models.TextField(blank=True, default="")
    cost = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    currency = models.CharField(max_length=3, blank=True, default="")

    class Meta:
        db_table = "notifications_attempt"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["notice", "number", "via"], name="attempt_once_a_provider"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["answered_at"], name="attempt_answered"),
        ]

    @override
    def __str__(self) -> str:
        return f"attempt {self.number} of notice {self.notice_id}"


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
