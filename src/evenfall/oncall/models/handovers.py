"""What people are told about their shifts, how they want it, and the notes they leave."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.oncall.logic.handovers import LookAhead, NoticeKind, NoticeState
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.logic.summaries import Cadence
from evenfall.oncall.models.columns import PERSON, choices, one_of
from evenfall.oncall.models.rotas import Rota

MOST_HANDOVER_NOTE = 4000


class NoticePlan(models.Model):
    """When the notices of a rota are to be planned again; each rota has one."""

    rota = models.OneToOneField(Rota, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(db_index=True)

    @override
    def __str__(self) -> str:
        return f"notices of rota {self.rota_id}"


class ShiftNotice(models.Model):
    """Something to tell one person about one hand-over, once.

    `happens_at` is the begin of the shift, for "ends" its end. A dropped one is planned again when
    the schedule gives the shift back; a told one never is.
    """

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=16, choices=choices(Role))
    kind = models.CharField(max_length=16, choices=choices(NoticeKind))
    happens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=8, choices=choices(NoticeState), default=NoticeState.PLANNED.value
    )
    reason = models.CharField(max_length=200, blank=True, default="")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "oncall_shift_notice"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["rota", "role", "happens_at", "user", "kind"], name="shift_notice_once"
            ),
            models.CheckConstraint(condition=one_of("role", Role), name="shift_notice_role"),
            models.CheckConstraint(condition=one_of("kind", NoticeKind), name="shift_notice_kind"),
            models.CheckConstraint(
                condition=Q(state=NoticeState.PLANNED.value, finished_at=None)
                | Q(
                    state__in=[NoticeState.TOLD.value, NoticeState.DROPPED.value],
                    finished_at__isnull=False,
                ),
                name="shift_notice_finished",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                condition=Q(state=NoticeState.PLANNED.value),
                name="shift_notice_due",
            ),
            models.Index(fields=["user", "-due_at"], name="shift_notice_by_person"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} of user {self.user_id} in rota {self.rota_id}"


class NoticeWish(models.Model):
    """How one person wants to be told. Without a row, or with a null, the defaults hold."""

    user = models.OneToOneField(PERSON, on_delete=models.CASCADE, related_name="+")
    look_ahead = models.CharField(max_length=8, choices=choices(LookAhead))
    summary = models.CharField(max_length=8, choices=choices(Cadence), null=True)  # noqa: DJ001 - null: nothing chosen
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "oncall_notice_wish"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=one_of("look_ahead", LookAhead), name="notice_wish_look_ahead"
            ),
            models.CheckConstraint(
                condition=Q(summary=None) | one_of("summary", Cadence), name="notice_wish_summary"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"wishes of user {self.user_id}"


class HandoverNote(models.Model):
    """What somebody leaves for the next one. One for each author and tour; it may be rewritten."""

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    tour_starts_at = models.DateTimeField()
    text = models.CharField(max_length=MOST_HANDOVER_NOTE)
    written_at = models.DateTimeField()

    class Meta:
        db_table = "oncall_handover_note"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["rota", "tour_starts_at", "author"], name="handover_note_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["rota", "-written_at"], name="handover_note_newest")
        ]

    @override
    def __str__(self) -> str:
        return f"note of user {self.author_id} for rota {self.rota_id}"


class SummaryTurn(models.Model):
    """When one person gets the next summary of one team."""

    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("identity.Team", on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "oncall_summary_turn"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "team"], name="summary_turn_once"),
        ]

    @override
    def __str__(self) -> str:
        return f"summary of team {self.team_id} for user {self.user_id}"
