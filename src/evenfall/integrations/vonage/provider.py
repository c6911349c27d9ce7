"""An account at Vonage, and which of its messages is what."""

from collections.abc import Mapping
from typing import Final

from evenfall.integrations.vonage import sms, tokens, voice
from evenfall.notifications.errors import ProviderNotUsable
from evenfall.notifications.ports import Accepted, Account, ChannelError, Message, ProviderField
from evenfall.notifications.ports.phones import is_number, read_senders

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
        ProviderField(
            name="senders",
            label="Senders by country",
            help="One a line, such as DE=Evenfall. Other countries get the sender above.",
            is_required=False,
            is_long=True,
        ),
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
        if values["caller"] and not is_number(values["caller"]):
            raise ProviderNotUsable(
                reason="the number that calls must be a number, such as 447700900001.",
                field="caller",
            )
        if bool(values["application_id"]) != bool(values["private_key"]):
            raise ProviderNotUsable(
                reason="calls need both the application and its private key.",
                field="private_key" if values["application_id"] else "application_id",
            )
        if values["private_key"]:
            _check_key(values["private_key"])
        _check_senders(values["senders"])

    async def send(self, message: Message, account: Account) -> Accepted:
        if message.kind == "sms":
            return await sms.send(message, account)
        if message.kind == "voice":
            return await voice.send(message, account)
        raise ChannelError(f"Vonage does not carry {message.kind}", permanent=True)


def _check_key(text: str) -> None:
    try:
        tokens.read_key(text)
    except tokens.KeyUnreadableError as error:
        raise ProviderNotUsable(
            reason="the private key is the whole file private.key, from its first dashes to its"
            " last.",
            field="private_key",
        ) from error


def _check_senders(text: str) -> None:
    try:
        read_senders(text)
    except ValueError as error:
        raise ProviderNotUsable(
            reason=f"“{error}” is not a country and its sender, such as DE=Evenfall.",
            field="senders",
        ) from error
