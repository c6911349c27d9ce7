"""What a call says, for the slices that make calls."""

from datetime import datetime

from evenfall.notifications.logic.speech import (
    KEYS,
    REPEAT,
    Saying,
    Speech,
    announcement,
    code_speech,
    keys_for,
    saying,
    wrong_key,
)
from evenfall.notifications.ports.messages import Message

__all__ = [
    "KEYS",
    "REPEAT",
    "Saying",
    "Speech",
    "announcement_of",
    "keys_for",
    "saying",
    "wrong_key",
]


def announcement_of(message: Message, *, now: datetime) -> Speech:
    """What is said when somebody picks up: the code of a verification, else the page."""
    if message.code:
        return code_speech(message.code, language=message.language)
    return announcement(
        title=message.content.title,
        about=message.content.about,
        count=message.content.count,
        offers=[action.name for action in message.content.actions],
        is_test=message.purpose == "test",
        language=message.language,
        now=now,
    )
