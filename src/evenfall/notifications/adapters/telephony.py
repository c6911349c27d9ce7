"""What the accounts of all providers of text messages and calls have in common."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from evenfall.notifications.errors import ProviderNotUsable
from evenfall.notifications.ports import Accepted, Account, ChannelError, Message, ProviderField
from evenfall.notifications.ports.phones import is_number, read_senders, sender_for
from evenfall.notifications.ports.providers import MONTHLY_LIMIT

type Send = Callable[[Message, Account], Awaitable[Accepted]]

SENDERS: Final = ProviderField(
    name="senders",
    label="Senders by country",
    help="One a line, such as DE=Evenfall. Other countries get the sender above.",
    is_required=False,
    is_long=True,
)
CALLER: Final = ProviderField(
    name="caller",
    label="Number that calls",
    help="Empty: the sender, where that is a number.",
    is_required=False,
)
LIMIT: Final = ProviderField(
    name=MONTHLY_LIMIT,
    label="Limit a month",
    help="In the currency of the account, such as 50. The first page of an incident goes"
    " out even beyond it; repeats, low urgency and tests are refused until the month ends.",
    is_required=False,
)


def address_of_api(default: str) -> ProviderField:
    return ProviderField(
        name="api_url",
        label="Address of the API",
        help="Change it only to rehearse with a stand-in.",
        default=default,
    )


def check_numbers(values: Mapping[str, str], *, example: str) -> None:
    """Look at CALLER and SENDERS as typed in. Raises ProviderNotUsable."""
    if values[CALLER.name] and not is_number(values[CALLER.name]):
        raise ProviderNotUsable(
            reason=f"the number that calls must be a number, such as {example}.",
            field=CALLER.name,
        )
    try:
        read_senders(values[SENDERS.name])
    except ValueError as error:
        raise ProviderNotUsable(
            reason=f"“{error}” is not a country and its sender, such as DE=Evenfall.",
            field=SENDERS.name,
        ) from error


def sender_of(message: Message, account: Account) -> str:
    """Who a text message to this number comes from."""
    values = account.values
    return sender_for(message.address, default=values["sender"], senders=values[SENDERS.name])


def caller_of(message: Message, account: Account) -> str:
    """The number that calls this one. Raises ChannelError where the account has none."""
    caller = account.values[CALLER.name] or sender_of(message, account)
    if not is_number(caller):
        raise ChannelError("the account names no number that calls", permanent=True)
    return caller


async def carry(message: Message, account: Account, *, sms: Send, voice: Send) -> Accepted:
    """Send the message as what it is. Raises ChannelError."""
    if message.kind == "sms":
        return await sms(message, account)
    if message.kind == "voice":
        return await voice(message, account)
    raise ChannelError(f"{account.name} does not carry {message.kind}", permanent=True)
