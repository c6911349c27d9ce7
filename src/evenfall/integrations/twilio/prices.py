"""What Twilio asks for a message or a call. It tells the price some time after the fact."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from evenfall.notifications.ports import Price

_CALL: Final = "CA"  # how the id of a call begins


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


def path_of(sid: str) -> str:
    """Where a message or a call of ours is described, below the account."""
    return f"{'Calls' if sid.startswith(_CALL) else 'Messages'}/{sid}.json"
