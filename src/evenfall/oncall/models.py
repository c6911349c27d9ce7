"""The tables of on-call. Rows are written by `actions` only; plans are never changed in place."""

from enum import StrEnum
from typing import ClassVar, override

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower

from evenfall.oncall.logic.spec import LieutenantKind, OverrideKind, Role

MOST_SHIFT_HOURS = 8 * 7 * 24
MOST_OVERRIDE_DAYS = 92
_PERSON = "identity.User"


def _choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


def _one_of(field: str, words: type[StrEnum]) -> Q:
    return Q(**{f"{field}__in": [word.value for word in words]})


def _all_between(field: str, least: int, most: int) -> Func:
    """SQL condition on every element of an array; true for an empty one."""
    template = f"({least} <= ALL(%(expressions)s) AND {most} >= ALL(%(expressions)s))"
    return Func(F(field), template=template, output_field=models.BooleanField())


def _windows() -> "ArrayField[list[list[int]], list[list[int]]]":
    """Weekly windows [[starts, ends], …] in minutes since Monday 00:00."""
    pair = ArrayField(models.SmallIntegerField(), size=2)
    return ArrayField(pair, default=list, blank=True)


class Rota(models.Model):
    """A team's answer to "who is on call?". Deleted ones stay: they say who was on call."""

    team = models.ForeignKey("identity.Team", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="")
    time_zone = models.CharField(max_length=64)
    coverage = _windows()
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "team", Lower("name"), condition=Q(deleted_at=None), name="rota_name_in_team"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="rota_has_name"),
            models.CheckConstraint(
                condition=_all_between("coverage", 0, 10_079), name="rota_coverage_in_week"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """The layers and the lieutenant rule that hold from `starts_at` until the next plan."""

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="plans")
    starts_at = models.DateTimeField()
    lieutenant_kind = models.CharField(max_length=16, choices=_choices(LieutenantKind))
    lieutenant_user = models.ForeignKey(
        _PERSON, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["rota", "starts_at"], name="plan_starts_once"),
            models.CheckConstraint(
                condition=_one_of("lieutenant_kind", LieutenantKind), name="plan_lieutenant_known"
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
    role = models.CharField(max_length=16, choices=_choices(Role))
    precedence = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64)
    starts_on = models.DateField()
    hands_over_at = models.TimeField()
    shift_hours = ArrayField(models.PositiveSmallIntegerField())
    windows = _windows()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan", "role", "precedence"], name="layer_precedence_once"
            ),
            models.CheckConstraint(condition=_one_of("role", Role), name="layer_role_known"),
            models.CheckConstraint(
                condition=Q(shift_hours__len__gt=0)
                & Q(_all_between("shift_hours", 1, MOST_SHIFT_HOURS)),
                name="layer_shift_hours",
            ),
            models.CheckConstraint(
                condition=_all_between("windows", 0, 10_079), name="layer_windows_in_week"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A place in the order of a layer; without a user an empty one. Dates: shifts that start."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="members")
    position = models.PositiveSmallIntegerField()
    user = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+", null=True)
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


class Override(models.Model):
    """A change of one role for one stretch of time; of two the one with the higher id wins.

    A cancelled one counts until it was cancelled.
    """

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="overrides")
    role = models.CharField(max_length=16, choices=_choices(Role))
    kind = models.CharField(max_length=16, choices=_choices(OverrideKind))
    user = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+", null=True)
    instead_of = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+", null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=64)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=_one_of("role", Role), name="override_role_known"),
            models.CheckConstraint(
                condition=_one_of("kind", OverrideKind), name="override_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="override_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(kind=OverrideKind.REMOVE.value) ^ Q(user__isnull=False),
                name="override_remove_has_no_user",
            ),
            models.CheckConstraint(
                condition=~Q(kind=OverrideKind.ADD.value) | Q(instead_of=None),
                name="override_add_replaces_nobody",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["rota", "ends_at"], name="override_by_rota_and_end")
        ]

    @override
    def __str__(self) -> str:
        return f"override {self.id} of rota {self.rota_id}"
