"""Which accounts have cost as much as they may this month."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from evenfall.notifications import queries
from evenfall.notifications.logic.costs import Budget
from evenfall.notifications.ports import Account, ChannelError, Message

FRESH_FOR: Final = timedelta(seconds=30)


class Limits:
    """Knows the budgets of accounts with a limit; asks the database twice a minute at most."""

    def __init__(self) -> None:
        self._budgets: dict[int, Budget] = {}
        self._known: dict[int, tuple[str, Decimal]] = {}
        self._asked_at: datetime | None = None

    def refresh(self, accounts: Iterable[Account], *, now: datetime) -> None:
        limited = {
            one.id: (one.name, limit)
            for one in accounts
            if (limit := queries.limit_of(one.values)) is not None
        }
        is_fresh = self._asked_at is not None and abs(now - self._asked_at) < FRESH_FOR
        if limited == self._known and (is_fresh or not limited):
            return
        spent = queries.spent_this_month([name for name, _ in limited.values()], now=now)
        self._known, self._asked_at = limited, now
        self._budgets = {
            account_id: Budget(limit=limit, spent=spent.get(name, Decimal(0)))
            for account_id, (name, limit) in limited.items()
        }

    def is_reached(self, account_id: int) -> bool:
        budget = self._budgets.get(account_id)
        return budget is not None and budget.is_reached

    def refusal(self, message: Message, account: Account) -> ChannelError | None:
        """Why this account may not carry the message; None when it may. Essential ones always."""
        if message.is_essential or not self.is_reached(account.id):
            return None
        return ChannelError(
            f"the limit of {self._budgets[account.id].limit} a month is reached; until the next"
            " month only the first page of an incident goes out",
            permanent=True,
            via=account.name,
        )
