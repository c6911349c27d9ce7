"""Messages as Block Kit. Slack's limits: 150 letters in a header, 3000 in a section, 10 fields."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from evenfall.chat.ports import Card

ACTION: Final = "evenfall."
_MOST_HEADER: Final = 150
_MOST_TEXT: Final = 2900
_MOST_FIELDS: Final = 10
_MOST_LABEL: Final = 75
_SIGNS: Final = {
    "critical": ":red_circle:",
    "error": ":large_orange_circle:",
    "warning": ":large_yellow_circle:",
    "info": ":large_blue_circle:",
}
_STATE_SIGNS: Final = {
    **dict.fromkeys(("acknowledged", "monitoring"), ":eyes:"),
    **dict.fromkeys(("resolved", "review", "closed"), ":white_check_mark:"),
    "fixing": ":wrench:",
    "paused": ":double_vertical_bar:",
    "declined": ":no_entry_sign:",
    "merged": ":twisted_rightwards_arrows:",
}
_STYLES: Final = {"acknowledge": "primary", "resolve": "danger"}

type Block = dict[str, Any]


def card_message(card: Card) -> dict[str, Any]:
    """The parameters of a message that shows a card."""
    sign = _STATE_SIGNS.get(card.state) or _SIGNS.get(card.severity, "")
    blocks = [_header(f"{sign} {card.title}".strip())]
    blocks += _section(card.lines)
    if card.facts:
        fields = [
            {"type": "mrkdwn", "text": f"*{escape(label)}*\n{escape(value)}"}
            for label, value in card.facts[:_MOST_FIELDS]
        ]
        blocks.append({"type": "section", "fields": fields})
    pairs = [(button.name, button.label) for button in card.buttons]
    blocks += _buttons(card.subject, pairs, card.url)
    return _message(card.title, card.lines, blocks)


def direct_message(
    *,
    title: str,
    lines: Sequence[str],
    url: str,
    severity: str,
    subject: str,
    actions: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    """The parameters of a message to one person."""
    blocks = [_header(f"{_SIGNS.get(severity, '')} {title}".strip())]
    blocks += _section(lines)
    blocks += _buttons(subject, actions, url)
    return _message(title, lines, blocks)


def escape(text: str) -> str:
    """Plain text in Slack's markup: the three signs that it gives a meaning."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _message(title: str, lines: Sequence[str], blocks: list[Block]) -> dict[str, Any]:
    """`text` is what a notification on a phone and a screen reader say."""
    text = escape("\n".join((title, *lines)))[:_MOST_TEXT]
    return {"text": text, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _header(text: str) -> Block:
    plain = {"type": "plain_text", "text": _cut(text, _MOST_HEADER), "emoji": True}
    return {"type": "header", "text": plain}


def _section(lines: Sequence[str]) -> list[Block]:
    text = "\n".join(lines)
    if not text.strip():
        return []
    # cut before it is escaped, so that no sign is cut in two
    return [
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": escape(_cut(text, _MOST_TEXT // 5 * 4))},
        }
    ]


def _buttons(subject: str, actions: Iterable[tuple[str, str]], url: str) -> list[Block]:
    elements = [_button(subject, name, label) for name, label in actions]
    if url:
        elements.append(
            {
                "type": "button",
                "action_id": f"{ACTION}open",
                "text": {"type": "plain_text", "text": "Open"},
                "url": url,
            }
        )
    return [{"type": "actions", "elements": elements}] if elements else []


def _button(subject: str, name: str, label: str) -> Block:
    button: Block = {
        "type": "button",
        "action_id": f"{ACTION}{name}",
        "value": subject,
        "text": {"type": "plain_text", "text": _cut(label, _MOST_LABEL)},
    }
    if name in _STYLES:
        button["style"] = _STYLES[name]
    return button


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
