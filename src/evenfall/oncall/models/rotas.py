"""Rotas and their plans. Plans are never changed in place."""

from typing import ClassVar, override

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from evenfall.oncall.logic.spec import LieutenantKind, Role
from evenfall.oncall.models.columns import PERSON, all_between, choices, one_of, windows

MOST_SHIFT_HOURS = 8 * 7 * 24


class Rota(models.Model):
    """A team's answer to "who is on call?". Deleted ones stay: they say who was on call."""

    team = models.ForeignKey("identity.Team", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="")
    time_zone = models.CharField(max_length=64)
    coverage = windows()
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "team", Lower("name"), condition=Q(deleted_at=None), name="rota_name_in_team"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="rota_has_name"),
            models.CheckConstraint(
                condition=all_between("coverage", 0, 10_079), name="rota_coverage_in_week"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """The layers and the lieutenant rule that hold from `starts_at` until the next plan."""

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="plans")
    starts_at = models.DateTimeField()
    lieutenant_kind = models.CharField(max_length=16, choices=choices(LieutenantKind))
    lieutenant_user = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, related_name="+", null=True
    )
    lieutenant_spares_previous = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["rota", "starts_at"], name="plan_starts_once"),
            models.CheckConstraint(
                condition=one_of("lieutenant_kind", LieutenantKind), name="plan_lieutenant_known"
            ),
            models.CheckConstraint(
                condition=Q(lieutenant_kind=LieutenantKind.PERSON.value)
                ^ Q(lieutenant_user__isnull=True),
                name="plan_lieutenant_person",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"plan of rota {self.rota_id} from {self.starts_at}"


class Layer(models.Model):
    """One rotation of a plan; the higher precedence wins. `windows` empty means always."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="layers")
    role = models.CharField(max_length=16, choices=choices(Role))
    precedence = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64)
    starts_on = models.DateField()
    hands_over_at = models.TimeField()
    shift_hours = ArrayField(models.PositiveSmallIntegerField())
    windows = windows()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan", "role", "precedence"], name="layer_precedence_once"
            ),
            models.CheckConstraint(condition=one_of("role", Role), name="layer_role_known"),
            models.CheckConstraint(
                condition=Q(shift_hours__len__gt=0)
                & Q(all_between("shift_hours", 1, MOST_SHIFT_HOURS)),
                name="layer_shift_hours",
            ),
            models.CheckConstraint(
                condition=all_between("windows", 0, 10_079), name="layer_windows_in_week"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A place in the order of a layer; without a user an empty one. Dates: shifts that start."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="members")
    position = models.PositiveSmallIntegerField()
    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", null=True)
    joins_on = models.DateField(null=True)
    leaves_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["layer", "position"], name="member_position_once"),
            models.CheckConstraint(
                condition=Q(joins_on=None) | Q(leaves_on=None) | Q(leaves_on__gt=F("joins_on")),
                name="member_leaves_after_joining",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"place {self.position} of layer {self.layer_id}"
