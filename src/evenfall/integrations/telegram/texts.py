"""The form that Telegram gives a message: a little HTML, and rows of buttons."""

import html
from collections.abc import Iterable, Sequence
from typing import Any, Final

from evenfall.chat.ports import Button, Card
from evenfall.notifications.ports import Message

# Telegram takes 4096 characters after its marks are read.
LONGEST_LINE: Final = 600
LONGEST_TEXT: Final = 3600
BUTTONS_A_ROW: Final = 2
_MARKS: Final = {
    "critical": "🔴",
    "error": "🟠",
    "warning": "🟡",
    "info": "🔵",
}
_STATES: Final = {
    **dict.fromkeys(("acknowledged", "monitoring"), "👀"),
    **dict.fromkeys(("resolved", "review", "closed"), "✅"),
    "fixing": "🔧",
    "paused": "⏸️",
    "declined": "🚫",
    "merged": "↪️",
}


def of_message(message: Message) -> str:
    """What a person reads in the chat with the bot."""
    content = message.content
    mark = _MARKS.get(content.severity, "")
    return _text(f"{mark} {content.title}".strip(), content.lines, content.url)


def of_card(card: Card) -> str:
    """What a group reads."""
    mark = _STATES.get(card.state) or _MARKS.get(card.severity, "")
    facts = (f"{label}: {value}" for label, value in card.facts)
    return _text(f"{mark} {card.title}".strip(), (*card.lines, *facts), card.url)


def keyboard(subject: str, buttons: Iterable[Button]) -> dict[str, Any]:
    """Two buttons a row; what comes back is the answer and its subject."""
    keys = [{"text": one.label, "callback_data": data_of(subject, one.name)} for one in buttons]
    rows = [keys[at : at + BUTTONS_A_ROW] for at in range(0, len(keys), BUTTONS_A_ROW)]
    return {"inline_keyboard": rows}


def data_of(subject: str, action: str) -> str:
    """At most 64 bytes, which is all that Telegram keeps."""
    return f"{action} {subject}"


def read_data(data: str) -> tuple[str, str]:
    """The subject and the answer of a button; empty where it is none of ours."""
    action, _, subject = data.partition(" ")
    return subject, action


def _text(title: str, lines: Sequence[str], url: str) -> str:
    """Escaped text. Its end is cut, never its title nor its link."""
    shown, room = list[str](), LONGEST_TEXT - len(title) - len(url)
    for line in lines:
        cut = line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"
        room -= len(cut) + 1
        if room < 0:
            shown.append("…")
            break
        shown.append(html.escape(cut, quote=False))
    link = [html.escape(url, quote=False)] if url else []
    return "\n".join([f"<b>{html.escape(title[:LONGEST_LINE], quote=False)}</b>", *shown, *link])
