"""Text messages over Vonage."""

from evenfall.notifications.ports import Accepted, Account, ChannelError, Message


async def send(message: Message, account: Account) -> Accepted:  # noqa: ARG001 - written next
    """Hand a text message over. Raises ChannelError."""
    raise ChannelError("text messages over Vonage are not ready", permanent=True)
