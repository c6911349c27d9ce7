"""Slack: direct messages with buttons, channels that show incidents, the command, both ways in.

What people tap or type comes over HTTP (signed) or over Socket Mode, a connection that we open and
that needs no public address. Both are written down before Slack hears that they came.
"""

from evenfall.chat import ports as chat_ports
from evenfall.integrations.slack.account import TYPE, read_address
from evenfall.integrations.slack.service import SlackService
from evenfall.notifications import adapters, ports

_SERVICE = SlackService()
ports.register_provider_type(_SERVICE)
chat_ports.register_chat_service(_SERVICE)
ports.register_channel(
    adapters.ProviderChannel(
        kind=TYPE,
        label="Slack",
        address_field=ports.AddressField(
            label="Slack member",
            help="Your member id (your profile in Slack, the three dots, Copy member ID), or the "
            "e-mail address of your Slack account.",
            icon="note",
            placeholder="U012AB3CD",
            guide="slack.md",
        ),
        read_address=read_address,
    )
)
