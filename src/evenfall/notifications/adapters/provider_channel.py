"""A channel whose messages travel through one of several providers."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from msgspec import structs

from evenfall.notifications import ports, queries
from evenfall.notifications.adapters.limits import Limits
from evenfall.notifications.logic.failover import in_order, share_s
from evenfall.notifications.ports import (
    Accepted,
    Account,
    AddressField,
    ChannelError,
    Message,
    Refusal,
)
from evenfall.platform.clock import utc_now
from evenfall.platform.logs import get_logger

log = get_logger(__name__)
TOTAL_S: Final = 9.0  # a little less than a send may take


class ProviderChannel:
    """Asks the accounts in their order until one takes the message.

    An account that refuses, hangs or cannot be reached is followed by the next at once, and comes
    last for a while. Only an address that is refused for good ends the search: a second provider
    would not make a landline read text. A provider that hangs may have taken the message all the
    same; then it arrives twice, which is cheaper than not at all.

    An account beyond its monthly limit comes last, and takes only what is essential.
    """

    proof: Literal["code", "challenge"] = "code"

    def __init__(
        self,
        *,
        kind: str,
        label: str,
        address_field: AddressField,
        read_address: Callable[[str], str],
        takes_replies: bool = False,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.kind = kind
        self.label = label
        self.address_field = address_field
        self.read_address = read_address
        self.takes_replies = takes_replies
        self._clock = clock
        self._accounts: dict[int, Account] = {}
        self._trouble: dict[int, datetime] = {}
        self._limits = Limits()

    def new_secret(self) -> str:
        return ""

    def prepare(self, now: datetime) -> None:
        """Read the accounts; a change on the page of providers counts from the next send on."""
        found = queries.accounts_for(self.kind)
        self._accounts = {one.id: replace(one, is_only=len(found) == 1) for one in found}
        self._limits.refresh(self._accounts.values(), now=now)

    async def send(self, message: Message) -> Accepted:
        """Raise ChannelError with what each account said when none takes the message."""
        loop = asyncio.get_running_loop()
        ends, refusals = loop.time() + TOTAL_S, list[Refusal]()
        waiting = self._in_order(message)
        errors = list[ChannelError]()
        for place, account_id in enumerate(waiting):
            account = self._accounts[account_id]
            if (refusal := self._limits.refusal(message, account)) is not None:
                errors.append(refusal)
                refusals.append(Refusal(via=account.name, detail=refusal.message))
                continue
            budget = share_s(ends - loop.time(), remaining=len(waiting) - place)
            answer = await self._ask(message, account, budget)
            if isinstance(answer, Accepted):
                return _accepted(answer, account, refusals)
            errors.append(answer)
            if answer.address_dead:
                break
            self._trouble[account_id] = self._clock()
            refusals.append(Refusal(via=account.name, detail=answer.message))
        raise _refused(self.label, errors, refusals)

    def _in_order(self, message: Message) -> list[int]:
        tried = {one.id for one in self._accounts.values() if one.name in message.tried}
        found = in_order(self._accounts, trouble=self._trouble, now=self._clock(), tried=tried)
        return sorted(found, key=self._limits.is_reached)

    async def _ask(
        self, message: Message, account: Account, budget_s: float
    ) -> Accepted | ChannelError:
        provider = ports.provider_type(account.type)
        if provider is None:
            return ChannelError(f"there is no provider {account.type}", permanent=True)
        try:
            async with asyncio.timeout(budget_s):
                answer: Accepted | ChannelError = await provider.send(message, account)
        except ChannelError as error:
            answer = error
        except TimeoutError:
            answer = ChannelError(f"no answer within {budget_s:.1f} s", permanent=False)
        except Exception as error:
            log.exception("a provider failed", provider=account.type, notice=message.notice_id)
            answer = ChannelError(f"{type(error).__name__} in the provider", permanent=False)
        if isinstance(answer, ChannelError):
            answer.via = account.name
        else:
            self._trouble.pop(account.id, None)
        return answer


def _accepted(answer: Accepted, account: Account, refusals: list[Refusal]) -> Accepted:
    return structs.replace(answer, via=account.name, after=tuple(refusals))


def _refused(label: str, errors: list[ChannelError], refusals: list[Refusal]) -> ChannelError:
    """One error that says what each said; the last of them is the attempt's own."""
    if not errors:
        reason = f"no provider for {label} is set up and on; an administrator can add one"
        return ChannelError(reason, permanent=True)
    last = errors[-1]
    waits = [error.retry_after for error in errors if error.retry_after is not None]
    return ChannelError(
        "; ".join(f"{error.via}: {error.message}" for error in errors),
        permanent=all(error.permanent for error in errors) or last.address_dead,
        address_dead=last.address_dead,
        retry_after=min(waits) if len(waits) == len(errors) else None,
        via=last.via,
        after=tuple(one for one in refusals if one.via != last.via),
    )
