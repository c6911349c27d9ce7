"""What Twilio asks for a message or a call. It tells the price some time after the fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Price:
    """`cost` is positive, in `currency` (ISO 4217)."""

    cost: Decimal
    currency: str


def price_of(resource: Mapping[str, Any]) -> Price | None:
    """The price in a message or call as Twilio describes it; None while it has none yet."""
    text = resource.get("price")
    if text is None:
        return None
    try:
        cost = abs(Decimal(str(text)))
    except InvalidOperation:
        return None
    if not cost.is_finite():
        return None
    return Price(cost=cost, currency=str(resource.get("price_unit") or "USD")[:3].upper())
