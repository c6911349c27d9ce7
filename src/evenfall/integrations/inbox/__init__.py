"""The inbox: the channel that always works, because it is the product itself."""

from evenfall.integrations.inbox.channel import InboxChannel
from evenfall.notifications import ports

ports.register_channel(InboxChannel())
