"""What messages may cost in a month."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from msgspec import Struct

WARN_AT: Final = Decimal("0.8")
_MOST: Final = Decimal(10_000_000)


class Budget(Struct, frozen=True, kw_only=True):
    """The limit of an account and what it has cost since the month began, in its own currency."""

    limit: Decimal | None
    spent: Decimal

    @property
    def is_reached(self) -> bool:
        return self.limit is not None and self.spent >= self.limit

    @property
    def is_close(self) -> bool:
        """Whether four fifths are gone."""
        return self.limit is not None and self.spent >= self.limit * WARN_AT

    @property
    def percent(self) -> int:
        """How much is gone, in whole percent and at most 100; 0 without a limit."""
        if self.limit is None:
            return 0
        return 100 if self.is_reached else int(self.spent * 100 / self.limit)


def read_limit(text: str) -> Decimal | None:
    """The limit that was typed in; None for none. Raises ValueError for what is no amount."""
    if not text.strip():
        return None
    try:
        limit = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not limit.is_finite() or not 0 <= limit <= _MOST:
        raise ValueError(text)
    return limit


def month_of(now: datetime) -> datetime:
    """When the month of `now` began, in UTC: providers count so."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
