"""Telephones: text messages and calls. Who carries them are the accounts at providers."""

from evenfall.integrations.phone.addresses import CALLS, TEXTS, callable_number, textable_number
from evenfall.notifications import ports
from evenfall.notifications.adapters import ProviderChannel

ports.register_channel(
    ProviderChannel(
        kind="sms",
        label="Text message",
        address_field=TEXTS,
        read_address=textable_number,
        takes_replies=True,
    )
)
ports.register_channel(
    ProviderChannel(kind="voice", label="Call", address_field=CALLS, read_address=callable_number)
)
