"""Answers that people give with a button in a chat tool."""

from datetime import datetime

from evenfall.chat.ports import Reply


def answer_from_chat(*, kind: str, address: str, subject: str, action: str, now: datetime) -> Reply:
    """Do what a button says, as the person who is known by this contact method.

    `subject` and `action` are those of the card ("incident:17") or of the message ("page:5",
    "digest:3"). Never raises for what people do: the reply says what happened, or why nothing did.
    The slice has proved before that the tool itself says who tapped.
    """
    raise NotImplementedError
