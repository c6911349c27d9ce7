"""The addresses that mail for review comes to, and what came to them."""

from typing import ClassVar, override

from django.db import models
from django.db.models import F, Q


class MailSource(models.Model):
    """An address of a team for one kind of sender. Only the SHA-256 of its key is kept.

    With `answers` the reporter is told the number. A closed source keeps its items.
    """

    team = models.ForeignKey("identity.Team", on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(
        "catalog.Service", on_delete=models.PROTECT, null=True, related_name="+"
    )
    name = models.CharField(max_length=80)
    answers = models.BooleanField(default=True)
    key_hash = models.BinaryField(max_length=32, unique=True)
    key_hint = models.CharField(max_length=16)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["team", "name"],
                condition=Q(closed_at=None),
                name="triage_source_name_of_team",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("created_at")),
                name="triage_source_closed",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class ItemMail(models.Model):
    """A mail that came to a source: it became, or belongs to, `item`; else `problem` says why not.

    `key` is the SHA-256 of its Message-ID, or of the mail where it has none: each counts once.
    """

    source = models.ForeignKey(MailSource, on_delete=models.CASCADE, related_name="mails")
    item = models.ForeignKey(
        "triage.Item", on_delete=models.CASCADE, null=True, related_name="mails"
    )
    key = models.BinaryField(max_length=32)
    sender = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    problem = models.CharField(max_length=200, default="")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "key"], name="triage_mail_once"),
            models.CheckConstraint(
                condition=Q(item=None) ^ Q(problem=""), name="triage_mail_item_or_problem"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["source", "-id"], condition=Q(item=None), name="triage_mail_refused"
            )
        ]

    @override
    def __str__(self) -> str:
        return self.subject
