"""The form that Teams gives a message: an Adaptive Card whose buttons are links.

Text is in runs, which Teams shows as they are: no Markdown of an alert is read.
"""

from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Any, Final

import msgspec

from evenfall.chat.ports import Card
from evenfall.notifications.ports import Message

# Teams refuses what is larger than 28 KB, with its own marks around the card.
MOST_BYTES: Final = 24_000
LONGEST_TITLE: Final = 300
LONGEST_LINE: Final = 1500
_COLOURS: Final = MappingProxyType(
    {"critical": "Attention", "error": "Attention", "warning": "Warning", "info": "Accent"}
)
_STATES: Final = MappingProxyType(
    {
        **dict.fromkeys(("acknowledged", "fixing", "monitoring"), "Accent"),
        **dict.fromkeys(("resolved", "review", "closed"), "Good"),
        **dict.fromkeys(("merged", "declined"), "Dark"),
    }
)


def of_message(message: Message) -> bytes:
    """A page for one person: each answer is a link that shows a page, where one tap acts."""
    content = message.content
    links = [(one.label, one.url) for one in message.action_links]
    return _fitting(
        content.title,
        content.lines,
        [*links, *([("Open", content.url)] if content.url else [])],
        colour=_COLOURS.get(content.severity, "Default"),
    )


def of_card(card: Card) -> bytes:
    """An incident for a channel. Nobody can tell who tapped there, so answers are on the page."""
    facts = [f"{label}: {value}" for label, value in card.facts]
    label = "Open and answer" if card.buttons else "Open"
    return _fitting(
        card.title,
        (*card.lines, *facts),
        [(label, card.url)] if card.url else [],
        colour=_STATES.get(card.state) or _COLOURS.get(card.severity, "Default"),
    )


def _fitting(
    title: str, lines: Sequence[str], links: Sequence[tuple[str, str]], *, colour: str
) -> bytes:
    """The JSON, with as many lines as Teams takes."""
    shown = [_cut(line, LONGEST_LINE) for line in lines if line]
    while True:
        body = msgspec.json.encode(_wrapped(_cut(title, LONGEST_TITLE), shown, links, colour))
        if len(body) <= MOST_BYTES or not shown:
            return body
        shown = [*shown[: len(shown) * 3 // 4], "…"] if len(shown) > 1 else []


def _wrapped(
    title: str, lines: Iterable[str], links: Iterable[tuple[str, str]], colour: str
) -> dict[str, Any]:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": title,
        "msteams": {"width": "Full"},
        "body": [
            _block(title, weight="Bolder", size="Medium", color=colour),
            *(_block(line) for line in lines),
        ],
        "actions": [{"type": "Action.OpenUrl", "title": label, "url": url} for label, url in links],
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "summary": title, "attachments": [attachment]}


def _block(text: str, **look: str) -> dict[str, Any]:
    run = {"type": "TextRun", "text": text or " ", **look}
    return {"type": "RichTextBlock", "spacing": "Small", "inlines": [run]}


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
