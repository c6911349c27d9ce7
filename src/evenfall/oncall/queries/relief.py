"""Offers of relief as pages and API show them."""

from datetime import datetime

from msgspec import Struct

from evenfall.oncall import errors
from evenfall.oncall.models import ReliefOffer


class ReliefView(Struct, frozen=True, kw_only=True):
    """`user_id` has too much; `lieutenant_id` was asked, None when there was nobody to ask."""

    id: int
    rota_id: int
    user_id: int
    lieutenant_id: int | None
    reason: str
    why: str
    offered_at: datetime
    expires_at: datetime


def relief(offer_id: int) -> ReliefView:
    """Raises `ReliefNotFound`."""
    row = ReliefOffer.objects.filter(id=offer_id).first()
    if row is None:
        raise errors.ReliefNotFound
    return ReliefView(
        id=row.id,
        rota_id=row.rota_id,
        user_id=row.user_id,
        lieutenant_id=row.lieutenant_id,
        reason=row.reason,
        why=row.why,
        offered_at=row.offered_at,
        expires_at=row.expires_at,
    )
