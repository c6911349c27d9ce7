"""What ntfy is told, as its JSON."""

from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode

from django.templatetags.static import static

from evenfall.integrations.ntfy.address import Topic
from evenfall.notifications.ports import Message, Urgency
from evenfall.notifications.queries import absolute

# Of 1 to 5: the highest rings and shakes until somebody looks, 2 makes no sound.
_PRIORITY: Final = MappingProxyType({Urgency.HIGH: 5, Urgency.LOW: 2})
_TAGS: Final = MappingProxyType(
    {
        "critical": "rotating_light",
        "error": "rotating_light",
        "warning": "warning",
        "info": "information_source",
    }
)
MOST_BYTES: Final = 3500  # of the text: beyond 4,096 ntfy makes a file of it
MOST_ANSWERS: Final = 2  # ntfy shows three buttons; the last one opens the page
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


def body_of(message: Message, topic: Topic) -> dict[str, Any]:
    """The message; see https://docs.ntfy.sh/publish/#publish-as-json for the fields."""
    content = message.content
    body: dict[str, Any] = {
        "topic": topic.name,
        "title": content.title[:250],
        "message": _cut("\n".join(content.lines)) or content.title[:250],
        "priority": _PRIORITY[message.urgency],
        "actions": _actions(message),
        "icon": absolute(static("web/icon-192.png")),
    }
    if content.url:
        body["click"] = content.url
    if content.severity in _TAGS:
        body["tags"] = [_TAGS[content.severity]]
    if content.tag:
        body["sequence_id"] = sequence_of(content.tag)
    return body


def sequence_of(tag: str) -> str:
    """The tag with the letters that ntfy takes."""
    return "".join(letter if letter.isalnum() else "-" for letter in tag if letter.isascii())[:64]


def _actions(message: Message) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = [
        {
            "action": "http",
            "label": action.label,
            "url": message.respond_url,
            "method": "POST",
            "headers": _FORM,
            "body": urlencode({"action": action.name}),
            "clear": True,
        }
        for action in message.content.actions[:MOST_ANSWERS]
        if message.respond_url
    ]
    if message.content.url:
        answers.append({"action": "view", "label": "Open", "url": message.content.url})
    return answers


def _cut(text: str) -> str:
    raw = text.encode()
    if len(raw) <= MOST_BYTES:
        return text
    return raw[:MOST_BYTES].decode("utf-8", "ignore") + "…"
