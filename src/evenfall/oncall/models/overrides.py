"""Overrides of a rota."""

from typing import ClassVar, override

from django.db import models
from django.db.models import F, Q

from evenfall.oncall.logic.spec import OverrideKind, Role
from evenfall.oncall.models.columns import PERSON, choices, one_of
from evenfall.oncall.models.rotas import Rota

MOST_OVERRIDE_DAYS = 92


class Override(models.Model):
    """A change of one role for one stretch of time; of two the one with the higher id wins.

    A cancelled one counts until it was cancelled; `cancelled_by` is empty for one that was
    cancelled before this was written down.
    """

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="overrides")
    role = models.CharField(max_length=16, choices=choices(Role))
    kind = models.CharField(max_length=16, choices=choices(OverrideKind))
    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", null=True)
    instead_of = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=64)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=one_of("role", Role), name="override_role_known"),
            models.CheckConstraint(
                condition=one_of("kind", OverrideKind), name="override_kind_known"
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
