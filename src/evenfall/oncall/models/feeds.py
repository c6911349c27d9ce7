"""Secret addresses at which calendar programs read who is on call."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.oncall.logic.feeds import FeedKind
from evenfall.oncall.models.columns import PERSON, choices, one_of
from evenfall.oncall.models.rotas import Rota


class DutyFeed(models.Model):
    """One subscription: the duties of a person, of a rota, or of a team's rotas.

    Only the SHA-256 and the last characters of the secret are kept. It works while it is not
    revoked and its owner may sign in.
    """

    owner = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=choices(FeedKind))
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+", null=True)
    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="+", null=True)
    team = models.ForeignKey("identity.Team", on_delete=models.CASCADE, related_name="+", null=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=16)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=one_of("kind", FeedKind), name="duty_feed_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=FeedKind.PERSON.value) ^ Q(person=None), name="duty_feed_of_person"
            ),
            models.CheckConstraint(
                condition=Q(kind=FeedKind.ROTA.value) ^ Q(rota=None), name="duty_feed_of_rota"
            ),
            models.CheckConstraint(
                condition=Q(kind=FeedKind.TEAM.value) ^ Q(team=None), name="duty_feed_of_team"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner", "-created_at"], name="duty_feed_by_owner")
        ]

    @override
    def __str__(self) -> str:
        return f"feed {self.id} of user {self.owner_id}"
