"""Contact methods: the ways to reach people."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.platform.crypto import EncryptedField


class ContactMethod(models.Model):
    """One way to reach one person.

    `secret` is what the channel needs besides the address: the keys of a push subscription, the
    signing key of a web hook. The verification code is derived from the row (see
    ``actions.verifying``), so no code is ever stored.

    `last_seen_at` is when the device itself last opened Evenfall. `check_state` tells of the silent
    check (see ``logic.checks``): "" never, "asked", "works", "silent".
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
    last_seen_at = models.DateTimeField(null=True)
    check_state = models.CharField(max_length=6, blank=True, default="")
    check_asked_at = models.DateTimeField(null=True)
    check_answered_at = models.DateTimeField(null=True)
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
