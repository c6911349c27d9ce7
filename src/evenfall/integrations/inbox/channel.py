"""Nothing to send: the row is what the inbox shows."""

from datetime import datetime

from evenfall.notifications.ports import Accepted, Message


class InboxChannel:
    kind = "inbox"
    label = "Inbox"

    def prepare(self, now: datetime) -> None:
        """Needs nothing."""

    async def send(self, message: Message) -> Accepted:  # noqa: ARG002 - the port's signature
        return Accepted(delivered=True)
