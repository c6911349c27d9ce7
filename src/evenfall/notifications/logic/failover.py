"""Which provider is asked first, and how long it may think."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

TROUBLE_LASTS: Final = timedelta(minutes=2)


def in_order(
    account_ids: Iterable[int],
    *,
    trouble: Mapping[int, datetime],
    now: datetime,
    tried: Collection[int] = (),
) -> list[int]:
    """The accounts in the order given, but those that failed lately come last, oldest first.

    Behind them come those that took this message before, when it did not arrive (`tried`). Nobody
    is left out: when all have failed, all are tried.
    """

    def trouble_of(account_id: int) -> tuple[bool, bool, datetime]:
        at = trouble.get(account_id)
        is_recent = at is not None and now - at < TROUBLE_LASTS
        return account_id in tried, is_recent, at if at is not None and is_recent else now

    return sorted(account_ids, key=trouble_of)


def share_s(total_s: float, *, remaining: int) -> float:
    """Seconds for the next of `remaining` providers, so that one that hangs leaves time for all."""
    return total_s / max(remaining, 1)
