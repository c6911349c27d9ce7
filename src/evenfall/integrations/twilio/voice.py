"""Calls over Twilio."""

from evenfall.notifications.ports import Accepted, Account, ChannelError, Message


async def send(message: Message, account: Account) -> Accepted:  # noqa: ARG001 - written next
    """Start a call. Raises ChannelError."""
    raise ChannelError("calls over Twilio are not ready", permanent=True)
