"""An account at Twilio, and which of its messages is what."""

from collections.abc import Mapping
from typing import Final

from evenfall.integrations.twilio import client, sms, voice
from evenfall.integrations.twilio.prices import path_of, price_of
from evenfall.notifications.adapters import telephony
from evenfall.notifications.errors import ProviderNotUsable
from evenfall.notifications.ports import (
    Accepted,
    Account,
    Message,
    Price,
    ProviderField,
)

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
        telephony.SENDERS,
        telephony.CALLER,
        telephony.LIMIT,
        telephony.address_of_api(API_URL),
    )

    def check(self, values: Mapping[str, str]) -> None:
        sid = values["account_sid"]
        if not sid.startswith("AC") or len(sid) != _SID_LENGTH:
            raise ProviderNotUsable(
                reason="the Account SID is 34 characters long and starts with AC.",
                field="account_sid",
            )
        telephony.check_numbers(values, example="+15005550006")

    async def send(self, message: Message, account: Account) -> Accepted:
        return await telephony.carry(message, account, sms=sms.send, voice=voice.send)

    async def price(self, provider_id: str, account: Account) -> Price | None:
        return price_of(await client.get(account, path_of(provider_id)))
