"""The port of a provider: an outside service with an account that an administrator sets up.

A kind of channel such as "sms" can have several providers; the channel then asks one after the
other (see ``adapters.provider_channel``). A slice under ``integrations/`` registers one
:class:`ProviderType`; the accounts are rows, made on the pages of administrators.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Protocol, runtime_checkable

from msgspec import Struct

from evenfall.notifications.ports.messages import Accepted, Message


class ProviderField(Struct, frozen=True, kw_only=True):
    """One line of the form in which an administrator describes an account.

    `name` is the key in `Account.values`. A secret is stored encrypted and never shown again.
    """

    name: str
    label: str
    help: str = ""
    is_secret: bool = False
    is_required: bool = True
    default: str = ""
    is_long: bool = False  # several lines, such as one sender a country


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account at a provider, with its secrets readable. Never log it: `values` is hidden.

    `is_only`: no other account serves the channel. One of several that does not know a person says
    nothing about the others.
    """

    id: int
    type: str
    name: str
    values: Mapping[str, str] = field(repr=False)
    is_only: bool = True


class ProviderType(Protocol):
    """What a slice knows of one provider. One object serves all accounts of a process.

    type      a word, such as "twilio"; part of the callback addresses
    channels  the kinds of channels that it can serve, such as ("sms", "voice"); may be empty
    guide     the how-to page about it, a file name below docs/how-to/
    """

    @property
    def type(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def channels(self) -> tuple[str, ...]: ...
    @property
    def fields(self) -> tuple[ProviderField, ...]: ...
    @property
    def guide(self) -> str: ...

    def check(self, values: Mapping[str, str]) -> None:
        """Look at what was typed in. Raises ProviderNotUsable with the field and the reason."""

    async def send(self, message: Message, account: Account) -> Accepted:
        """Hand the message over once, over the channel ``message.kind``. Raises ChannelError."""


class Price(Struct, frozen=True, kw_only=True):
    """What one message or call cost, in `currency` (ISO 4217)."""

    cost: Decimal
    currency: str


@runtime_checkable
class TellsPrices(Protocol):
    """A type of provider that tells the price of a message only when it is asked, later."""

    async def price(self, provider_id: str, account: Account) -> Price | None:
        """What this message of ours cost; None while nobody knows. Raises ChannelError."""


_types: dict[str, ProviderType] = {}
MONTHLY_LIMIT: Final = "monthly_limit"  # the field of an account that costs money
NO_VALUES: Mapping[str, str] = MappingProxyType({})


def register_provider_type(new: ProviderType) -> None:
    """Make a type of provider known; a second one of the same type replaces the first."""
    _types[new.type] = new


def provider_type(name: str) -> ProviderType | None:
    return _types.get(name)


def is_metered(kind: str) -> bool:
    """Whether messages of this kind cost money, so that an account may have a limit a month."""
    return any(
        kind in one.channels and any(field.name == MONTHLY_LIMIT for field in one.fields)
        for one in _types.values()
    )


def provider_types() -> tuple[ProviderType, ...]:
    return tuple(_types.values())
