"""What fairness goes by: the weights of a team, and how much of the time people are there."""

from typing import ClassVar, override

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from evenfall.oncall.logic.loads import WEIGHT_NAMES
from evenfall.oncall.models.columns import PERSON
from evenfall.oncall.models.rotas import Rota

HEAVIEST = 1000.0


class LoadWeights(models.Model):
    """What a team counts as load, from `since` until the next row; rows are never changed.

    Weights are points for an hour, a page or a minute; the night is in minutes after midnight, and
    may run over it.
    """

    team = models.ForeignKey("identity.Team", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    set_by = models.CharField(max_length=64)
    standby_hour = models.FloatField()
    lieutenant_hour = models.FloatField()
    night_hour = models.FloatField()
    weekend_hour = models.FloatField()
    holiday_hour = models.FloatField()
    page = models.FloatField()
    night_page = models.FloatField()
    active_minute = models.FloatField()
    night_starts = models.PositiveSmallIntegerField()
    night_ends = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__range": (0.0, HEAVIEST)}), name=f"weights_{name}"
                )
                for name in WEIGHT_NAMES
            ),
            models.CheckConstraint(
                condition=Q(night_starts__lt=1440, night_ends__lt=1440)
                & ~Q(night_starts=F("night_ends")),
                name="weights_night",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["team", "-id"], name="weights_by_team")
        ]

    @override
    def __str__(self) -> str:
        return f"weights of team {self.team_id} since {self.since}"


class WorkProfile(models.Model):
    """Where somebody has holidays, and which part of full time they work.

    `country` and `region` are codes of ISO 3166; empty means no holidays are known.
    """

    user = models.OneToOneField(PERSON, on_delete=models.CASCADE, related_name="+")
    country = models.CharField(max_length=2, blank=True, default="")
    region = models.CharField(max_length=16, blank=True, default="")
    percent = models.PositiveSmallIntegerField(default=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(percent__range=(0, 100)), name="work_profile_percent"
            ),
            models.CheckConstraint(
                condition=Q(region="") | ~Q(country=""), name="work_profile_region_in_country"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"work profile of {self.user_id}"


class AppliedProposal(models.Model):
    """A proposal of the planner that was made real, with the overrides it became.

    `plan_starts_at` names the plan with another order of the members, if one was made of it.
    """

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="proposals")
    override_ids = ArrayField(models.BigIntegerField())
    plan_starts_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=64)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["rota", "-id"], name="proposal_by_rota")
        ]

    @override
    def __str__(self) -> str:
        return f"proposal {self.id} of rota {self.rota_id}"


class ReliefOffer(models.Model):
    """The lieutenant was asked whether to take over, because the primary has too much.

    `lieutenant` is None when there was nobody to ask. One person is not offered relief twice for
    the same reason within `expires_at`.
    """

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    lieutenant = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", null=True)
    reason = models.CharField(max_length=16)
    why = models.TextField()
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-expires_at"], name="relief_by_user")
        ]

    @override
    def __str__(self) -> str:
        return f"relief {self.id} for {self.user_id}"
