"""Reads of attempts: what was tried for each notice, and what was answered to it."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from evenfall.notifications.models import Attempt, ResponseUse


class AttemptView(Struct, frozen=True, kw_only=True):
    """One try over one provider. Times are UTC; `delivered` is None until a receipt tells.

    `detail` is what the provider said against it. `cost` is in `currency` (ISO 4217).
    """

    notice_id: int
    number: int
    via: str
    provider_id: str
    handed_over_at: datetime
    answered_at: datetime
    accepted: bool
    delivered: bool | None
    reported_at: datetime | None
    detail: str
    cost: Decimal | None
    currency: str

    @property
    def took_s(self) -> float:
        """How long the provider thought before it answered, in seconds."""
        return (self.answered_at - self.handed_over_at).total_seconds()

    @property
    def state(self) -> str:
        """In one word: refused, accepted, delivered or lost."""
        if not self.accepted:
            return "refused"
        if self.delivered is None:
            return "accepted"
        return "delivered" if self.delivered else "lost"


class AnswerView(Struct, frozen=True, kw_only=True):
    """An answer given to a notice itself: with a link of it, or over its channel."""

    notice_id: int
    action: str
    at: datetime


def attempts_of(notice_ids: Collection[int]) -> dict[int, tuple[AttemptView, ...]]:
    """The tries of each notice, in the order made: one query however many notices."""
    rows = Attempt.objects.filter(notice_id__in=notice_ids).order_by("notice_id", "number", "id")
    found: dict[int, tuple[AttemptView, ...]] = {}
    for row in rows:
        found[row.notice_id] = (*found.get(row.notice_id, ()), _view(row))
    return found


def answers_to(notice_ids: Collection[int]) -> dict[int, tuple[AnswerView, ...]]:
    """The answers given to each notice, in their order: one query."""
    rows = ResponseUse.objects.filter(notice_id__in=notice_ids).order_by("used_at", "id")
    found: dict[int, tuple[AnswerView, ...]] = {}
    for row in rows:
        answer = AnswerView(notice_id=row.notice_id, action=row.action, at=row.used_at)
        found[row.notice_id] = (*found.get(row.notice_id, ()), answer)
    return found


def _view(row: Attempt) -> AttemptView:
    return AttemptView(
        notice_id=row.notice_id,
        number=row.number,
        via=row.via,
        provider_id=row.provider_id,
        handed_over_at=row.handed_over_at,
        answered_at=row.answered_at,
        accepted=row.accepted,
        delivered=row.delivered,
        reported_at=row.reported_at,
        detail=row.detail,
        cost=row.cost,
        currency=row.currency,
    )
