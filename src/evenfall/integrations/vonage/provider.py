"""An account at Vonage, and which of its messages is what."""

from collections.abc import Mapping
from typing import Final

from evenfall.integrations.vonage import sms, tokens, voice
from evenfall.notifications.adapters import telephony
from evenfall.notifications.errors import ProviderNotUsable
from evenfall.notifications.ports import Accepted, Account, Message, ProviderField

API_URL: Final = "https://api.nexmo.com"


class Vonage:
    """Text messages over the Messages API, calls over the Voice API."""

    type = "vonage"
    label = "Vonage"
    channels = ("sms", "voice")
    guide = "sms-and-calls-vonage.md"
    callbacks = (("Inbound SMS webhook: POST-JSON", "vonage:sms_received"),)
    fields = (
        ProviderField(
            name="api_key", label="API key", help="On the first page of the Vonage dashboard."
        ),
        ProviderField(
            name="api_secret",
            label="API secret",
            help="In the settings of the account.",
            is_secret=True,
        ),
        ProviderField(
            name="signature_secret",
            label="Signature secret",
            help="In the settings of the account. It signs what Vonage sends to us.",
            is_secret=True,
        ),
        ProviderField(
            name="sender",
            label="Sender",
            help="A number such as 447700900001, or a name of up to 11 letters. Only a number can"
            " be answered by text message.",
        ),
        telephony.SENDERS,
        ProviderField(
            name="application_id",
            label="Application ID",
            help="Only for calls: the application with Voice switched on.",
            is_required=False,
        ),
        ProviderField(
            name="private_key",
            label="Private key of the application",
            help="Only for calls: the whole file private.key.",
            is_required=False,
            is_secret=True,
            is_long=True,
        ),
        telephony.CALLER,
        telephony.LIMIT,
        telephony.address_of_api(API_URL),
    )

    def check(self, values: Mapping[str, str]) -> None:
        if bool(values["application_id"]) != bool(values["private_key"]):
            raise ProviderNotUsable(
                reason="calls need both the application and its private key.",
                field="private_key" if values["application_id"] else "application_id",
            )
        if values["private_key"]:
            _check_key(values["private_key"])
        telephony.check_numbers(values, example="447700900001")

    async def send(self, message: Message, account: Account) -> Accepted:
        return await telephony.carry(message, account, sms=sms.send, voice=voice.send)


def _check_key(text: str) -> None:
    try:
        tokens.read_key(text)
    except tokens.KeyUnreadableError as error:
        raise ProviderNotUsable(
            reason="the private key is the whole file private.key, from its first dashes to its"
            " last.",
            field="private_key",
        ) from error
