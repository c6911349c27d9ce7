"""The words of a text message, for the slices that send it."""

from evenfall.notifications.logic.segments import is_gsm, segments
from evenfall.notifications.logic.text_messages import Said, composed
from evenfall.notifications.ports.messages import Message

__all__ = ["is_gsm", "segments", "text_of"]


def text_of(message: Message, *, takes_replies: bool) -> str:
    """What the message says as a text; `takes_replies`: its sender is a number to write back to."""
    content = message.content
    return composed(
        Said(
            title=content.title,
            lines=content.lines,
            link="" if message.code else message.short_url or content.url,
            code=message.reply_code if takes_replies else "",
            language=message.language,
        )
    )
