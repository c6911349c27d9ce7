"""The form that Mattermost gives a message: an attachment with a colour, facts and buttons."""

import re
from collections.abc import Iterable
from types import MappingProxyType
from typing import Any, Final

from evenfall.chat.ports import ANSWERS, Button, Card
from evenfall.integrations.mattermost.signing import context_of
from evenfall.notifications.ports import Message
from evenfall.notifications.queries import absolute

LONGEST_TITLE: Final = 300
LONGEST_TEXT: Final = 6000  # a post holds 16,383 characters, and escaping may double them
_COLOURS: Final = MappingProxyType(
    {"critical": "#c4314b", "error": "#d9681d", "warning": "#c79200", "info": "#3b6fb6"}
)
_STATE_COLOURS: Final = MappingProxyType(
    {
        **dict.fromkeys(("acknowledged", "fixing", "monitoring"), "#7a5af0"),
        **dict.fromkeys(("resolved", "review", "closed"), "#2e8b57"),
        **dict.fromkeys(("merged", "declined"), "#6b7280"),
    }
)
_STYLES: Final = MappingProxyType({"acknowledge": "primary", "resolve": "good"})
_MARKS: Final = re.compile(r"([\\`*_~\[\]#|<>!])")


def of_message(message: Message, *, provider_id: int) -> dict[str, Any]:
    """A page as the bot writes it to one person; the title is what a phone shows."""
    content = message.content
    buttons = [
        Button(name=one.name, label=one.label) for one in content.actions if one.name in ANSWERS
    ]
    title = plain(content.title)[:LONGEST_TITLE]
    attachment = {
        "fallback": title,
        "color": _COLOURS.get(content.severity, ""),
        "title": "Open in Evenfall" if content.url else "",
        "title_link": content.url,
        "text": _lines(content.lines),
        "actions": actions_of(message.subject, buttons, provider_id=provider_id, title=title),
    }
    return {"message": f"**{title}**", "props": {"attachments": [attachment]}}


def of_answered(subject: str, title: str, reply: str) -> dict[str, Any]:
    """What a page says once its reader answered it; more answers are behind the link."""
    noun, _, number = subject.partition(":")
    link = f"\n[Open in Evenfall]({absolute(f'/pages/{number}/')})" if noun == "page" else ""
    return {"message": f"**{title}**\n✓ {plain(reply)}{link}", "props": {"attachments": []}}


def of_card(card: Card, *, provider_id: int) -> dict[str, Any]:
    """An incident as a channel sees it."""
    title = plain(card.title)[:LONGEST_TITLE]
    attachment = {
        "fallback": title,
        "color": _STATE_COLOURS.get(card.state) or _COLOURS.get(card.severity, ""),
        "title": title,
        "title_link": card.url,
        "text": _lines(card.lines),
        "fields": [
            {"short": True, "title": plain(label), "value": plain(value)}
            for label, value in card.facts
        ],
        "actions": actions_of(card.subject, card.buttons, provider_id=provider_id, title=""),
    }
    return {"message": "", "props": {"attachments": [attachment]}}


def actions_of(
    subject: str, buttons: Iterable[Button], *, provider_id: int, title: str
) -> list[dict[str, Any]]:
    """Buttons that come back to us with what they mean, signed; the clients never see that."""
    url = absolute(f"/callbacks/mattermost/{provider_id}/action/")
    return [
        {
            # letters and digits only: the id is part of an address of the server
            "id": button.name.replace("_", ""),
            "type": "button",
            "name": button.label,
            "style": _STYLES.get(button.name, "default"),
            "integration": {
                "url": url,
                "context": context_of(provider_id, subject, button.name, title=title),
            },
        }
        for button in buttons
    ]


def plain(text: str) -> str:
    """Text that Mattermost shows as it is: no Markdown, and nobody is mentioned by an alert."""
    return _MARKS.sub(r"\\\1", text).replace("@", "@\u200b")


def _lines(lines: Iterable[str]) -> str:
    text = "\n".join(lines)
    cut = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
    return plain(cut)
