"""An account at Twilio, and which of its messages is what."""

from collections.abc import Mapping
from typing import Final

from evenfall.integrations.twilio import client, sms, voice
from evenfall.integrations.twilio.prices import path_of, price_of
from evenfall.notifications.errors import ProviderNotUsable
from evenfall.notifications.ports import (
    Accepted,
    Account,
    ChannelError,
    Message,
    Price,
    ProviderField,
)
from evenfall.notifications.ports.phones import is_number, read_senders

API_URL: Final = "https://api.twilio.com"
_SID_LENGTH: Final = 34


class Twilio:
    """Text messages and calls over Twilio."""

    type = "twilio"
    label = "Twilio"
    channels = ("sms", "voice")
    guide = "sms-and-calls-twilio.md"
    callbacks = (("A message comes in: webhook, HTTP POST", "twilio:sms_received"),)
    fields = (
        ProviderField(
            name="account_sid",
            label="Account SID",
            help="On the first page of the Twilio console; it starts with AC.",
        ),
        ProviderField(
            name="auth_token",
            label="Auth token",
            help="Below the Account SID. It also signs what Twilio sends to us.",
            is_secret=True,
        ),
        ProviderField(
            name="sender",
            label="Sender",
            help="A number such as +15005550006, a messaging service (MG…), or a name of up to"
            " 11 letters. Only a number or a service can be answered by text message.",
        ),
        ProviderField(
            name="senders",
            label="Senders by country",
            help="One a line, such as DE=Evenfall. Other countries get the sender above.",
            is_required=False,
            is_long=True,
        ),
        ProviderField(
            name="caller",
            label="Number that calls",
            help="Empty: the sender, where that is a number.",
            is_required=False,
        ),
        ProviderField(
            name="monthly_limit",
            label="Limit a month",
            help="In the currency of the account, such as 50. The first page of an incident goes"
            " out even beyond it; repeats, low urgency and tests are refused until the month ends.",
            is_required=False,
        ),
        ProviderField(
            name="api_url",
            label="Address of the API",
            help="Change it only to rehearse with a stand-in.",
            default=API_URL,
        ),
    )

    def check(self, values: Mapping[str, str]) -> None:
        sid = values["account_sid"]
        if not sid.startswith("AC") or len(sid) != _SID_LENGTH:
            raise ProviderNotUsable(
                reason="the Account SID is 34 characters long and starts with AC.",
                field="account_sid",
            )
        if values["caller"] and not is_number(values["caller"]):
            raise ProviderNotUsable(
                reason="the number that calls must be a number, such as +15005550006.",
                field="caller",
            )
        _check_senders(values["senders"])

    async def send(self, message: Message, account: Account) -> Accepted:
        if message.kind == "sms":
            return await sms.send(message, account)
        if message.kind == "voice":
            return await voice.send(message, account)
        raise ChannelError(f"Twilio does not carry {message.kind}", permanent=True)

    async def price(self, provider_id: str, account: Account) -> Price | None:
        return price_of(await client.get(account, path_of(provider_id)))


def _check_senders(text: str) -> None:
    try:
        read_senders(text)
    except ValueError as error:
        raise ProviderNotUsable(
            reason=f"“{error}” is not a country and its sender, such as DE=Evenfall.",
            field="senders",
        ) from error
