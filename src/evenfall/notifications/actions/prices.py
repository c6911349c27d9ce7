"""Ask providers what their messages cost, where they do not say so by themselves."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.notifications import ports, queries
from evenfall.notifications.models import Attempt
from evenfall.notifications.ports import Account, ChannelError, Price, TellsPrices

TOGETHER: Final = 8  # requests at a time


def ask_prices(*, now: datetime) -> int:
    """Write down the prices that are known by now; returns how many. Speaks with the providers."""
    accounts = {
        account.name: (one, account)
        for one in ports.provider_types()
        if isinstance(one, TellsPrices)
        for account in queries.accounts_of(one.type)
    }
    wanted = queries.without_price(list(accounts), now=now)
    told = asyncio.run(_told(wanted, accounts))
    with transaction.atomic():
        for attempt_id, price in told.items():
            rows = Attempt.objects.filter(id=attempt_id, cost=None)
            rows.update(cost=price.cost, currency=price.currency)
    return len(told)


async def _told(
    wanted: Mapping[int, tuple[str, str]], accounts: Mapping[str, tuple[TellsPrices, Account]]
) -> dict[int, Price]:
    places = asyncio.Semaphore(TOGETHER)

    async def ask(provider_id: str, teller: TellsPrices, account: Account) -> Price | None:
        async with places:
            return await _price(provider_id, teller, account)

    asked = [ask(provider_id, *accounts[via]) for via, provider_id in wanted.values()]
    prices = zip(wanted, await asyncio.gather(*asked), strict=True)
    return {attempt_id: price for attempt_id, price in prices if price is not None}


async def _price(provider_id: str, teller: TellsPrices, account: Account) -> Price | None:
    """One price; None where the provider cannot be asked now: the next round asks again."""
    try:
        return await teller.price(provider_id, account)
    except ChannelError:
        return None
