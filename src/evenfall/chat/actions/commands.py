"""The command that people type in a chat tool, such as ``/evenfall oncall``."""

from datetime import datetime

from evenfall.chat.ports import Reply


def run_command(*, kind: str, address: str, text: str, now: datetime) -> Reply:
    """Run one line, without the name of the command, as the person of this contact method.

    ``oncall [team]``, ``page <service or team> <what>``, ``incidents``, ``ack <number>``,
    ``resolve <number>``, ``incident <title>``, ``help``. Never raises for what people type.
    """
    raise NotImplementedError
