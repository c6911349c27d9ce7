"""Cover and swap requests, and whom they were offered to."""

from typing import ClassVar, override

from django.db import models
from django.db.models import F, Q

from evenfall.oncall.logic.requests import (
    LIVE,
    OfferState,
    RequestKind,
    RequestState,
    Way,
)
from evenfall.oncall.models.columns import PERSON, choices, one_of
from evenfall.oncall.models.overrides import Override
from evenfall.oncall.models.rotas import Rota

LIVE_STATES = sorted(state.value for state in LIVE)


class ShiftRequest(models.Model):
    """Somebody asks to be relieved of a shift, or of a part of it.

    The shift is named by its role, its person and `turn`, the reason why it is theirs; its times
    are those it had when last looked at. A part without an edge goes with the shift there. The
    columns `back_…` name the shift taken in return, or a part of it: that of the one who is asked,
    in any role of any rota. `due_at` is when the next step must be looked at; None when there is
    nothing to do.
    """

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=8, choices=choices(RequestKind))
    role = models.CharField(max_length=16)
    state = models.CharField(max_length=16, choices=choices(RequestState))
    way = models.CharField(max_length=16, choices=choices(Way))
    asker = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    turn = models.TextField()
    shift_starts_at = models.DateTimeField()
    shift_ends_at = models.DateTimeField()
    part_starts_at = models.DateTimeField(null=True)
    part_ends_at = models.DateTimeField(null=True)
    back_turn = models.TextField(blank=True, default="")
    back_starts_at = models.DateTimeField(null=True)
    back_ends_at = models.DateTimeField(null=True)
    back_rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="+", null=True)
    back_role = models.CharField(max_length=16, blank=True, default="", db_default="")
    back_part_starts_at = models.DateTimeField(null=True)
    back_part_ends_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    taker = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", null=True)
    cover_override = models.OneToOneField(
        Override, on_delete=models.SET_NULL, related_name="+", null=True
    )
    back_override = models.OneToOneField(
        Override, on_delete=models.SET_NULL, related_name="+", null=True
    )
    undo_asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "oncall_shift_request"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=one_of("kind", RequestKind), name="request_kind_known"
            ),
            models.CheckConstraint(
                condition=one_of("state", RequestState), name="request_state_known"
            ),
            models.CheckConstraint(condition=one_of("way", Way), name="request_way_known"),
            models.CheckConstraint(
                condition=Q(shift_ends_at__gt=F("shift_starts_at")),
                name="request_shift_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(kind=RequestKind.COVER.value) ^ Q(back_starts_at__isnull=False),
                name="request_swap_has_return",
            ),
            models.CheckConstraint(
                condition=Q(back_starts_at__isnull=True)
                ^ (Q(back_rota__isnull=False) & ~Q(back_role="")),
                name="request_return_has_rota",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE_STATES) ^ Q(closed_at__isnull=False),
                name="request_closed_unless_live",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="request_by_due_time"
            ),
            models.Index(fields=["rota", "state"], name="request_by_rota_and_state"),
            models.Index(fields=["-created_at", "-id"], name="request_newest_first"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} request {self.id} of rota {self.rota_id}"


class Offer(models.Model):
    """A request put to one person. Without `due_at` the answer may take until the shift begins."""

    request = models.ForeignKey(ShiftRequest, on_delete=models.CASCADE, related_name="offers")
    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=choices(OfferState))
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "user"], name="offer_once_a_person"),
            models.CheckConstraint(condition=one_of("state", OfferState), name="offer_state_known"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "state"], name="offer_by_user_and_state")
        ]

    @override
    def __str__(self) -> str:
        return f"offer of request {self.request_id} to {self.user_id}"
