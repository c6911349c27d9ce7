"""What the device receives."""

from typing import Final

import msgspec

from evenfall.notifications.ports import Message

MOST_BYTES: Final = 3900  # push services take 4,096, encryption included
_BODY_LIMITS: Final = (1200, 400, 100)  # characters; one can take six bytes in JSON
MOST_ACTIONS: Final = 2  # what browsers show


def payload_of(message: Message) -> bytes:
    """The JSON that the service worker reads, cut so that push services take it."""
    if message.purpose == "check":
        return msgspec.json.encode(_silent(message, check=message.respond_url))
    if message.purpose == "close":
        return msgspec.json.encode(_silent(message, closed=True, badge=message.badge))
    body = "\n".join(message.content.lines)
    for limit in _BODY_LIMITS:
        payload = msgspec.json.encode(_fields(message, _cut(body, limit)))
        if len(payload) <= MOST_BYTES:
            return payload
    return msgspec.json.encode(_fields(message, ""))


def _silent(message: Message, **about: object) -> dict[str, object]:
    """What a device does without its owner; the words are for those that must show something."""
    content = message.content
    return {
        "title": _cut(content.title, 200),
        "body": _cut("\n".join(content.lines), 200),
        "url": content.url,
        "tag": content.tag,
        "urgency": message.urgency.value,
        **about,
    }


def _fields(message: Message, body: str) -> dict[str, object]:
    return {
        "title": _cut(message.content.title, 200),
        "body": body,
        "url": message.content.url,
        "tag": message.content.tag,
        "urgency": message.urgency.value,
        "actions": [
            {"action": action.name, "title": action.label}
            for action in message.content.actions[:MOST_ACTIONS]
        ],
        "respond_url": message.respond_url,
        **({} if message.badge is None else {"badge": message.badge}),
    }


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
