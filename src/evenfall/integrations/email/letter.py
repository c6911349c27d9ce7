"""The mail for a message."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from evenfall.notifications.ports import Letter, Message, Urgency

_PAGE = """<!doctype html>
<html><body style="font:16px/1.5 system-ui,sans-serif;margin:0;padding:24px">
<h1 style="font-size:20px;margin:0 0 12px">{title}</h1>
{lines}{links}</body></html>
"""
# how to answer without opening a link, in the words that are understood
_HINTS = {
    "en": "Or answer this mail with one of: ack, on it, escalate, help, resolve.",
    "de": "Oder antworte mit: bestätigt, bin dran, eskalieren, Hilfe oder gelöst.",
    "fr": "Ou répondez avec : reçu, je m'en occupe, escalader, aide ou résolu.",
    "es": "O responda con: recibido, me encargo, escalar, ayuda o resuelto.",
    "pt": "Ou responda com: recebido, estou nisso, escalonar, ajuda ou resolvido.",
}
_LINE = '<p style="margin:0 0 8px">{}</p>\n'
_BUTTON = (
    '<p style="margin:16px 0"><a href="{url}" style="display:inline-block;padding:12px 20px;'
    'border:1px solid;border-radius:8px;text-decoration:none;font-weight:600">{label}</a></p>\n'
)


def compose(
    message: Message, *, sender: str, domain: str, now: datetime, answer_to: str = ""
) -> EmailMessage:
    """The complete mail. `domain` ends the Message-ID; `now` is its date.

    `answer_to` is the address that takes the reader's answer to this very notice.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = message.address
    letter = message.letter or _letter(message, answer_to)
    mail["Subject"] = _one_line(letter.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.idempotency_key}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Evenfall"] = message.purpose
    if answer_to:
        mail["Reply-To"] = answer_to
    if message.content.tag:
        mail["References"] = f"<{sha256(message.content.tag.encode()).hexdigest()[:24]}@{domain}>"
    if message.urgency is Urgency.HIGH:
        mail["Importance"] = "high"
        mail["X-Priority"] = "1"
    for name, value in letter.headers:
        mail[name] = value
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    return mail


def _letter(message: Message, answer_to: str) -> Letter:
    hint = _HINTS.get(message.language, _HINTS["en"]) if answer_to else ""
    return Letter(
        subject=message.content.title, text=_text(message, hint), html=_html(message, hint)
    )


def _one_line(text: str) -> str:
    """A header is one line, whatever an alert put into its title."""
    return " ".join(text.split())[:200]


def _text(message: Message, hint: str) -> str:
    links = [f"{link.label}: {link.url}" for link in message.action_links]
    if message.content.url:
        links.append(f"Open: {message.content.url}")
    parts = [message.content.title, "\n".join(message.content.lines), "\n\n".join(links), hint]
    return "\n\n".join(part for part in parts if part) + "\n"


def _html(message: Message, hint: str) -> str:
    buttons = [(link.label, link.url) for link in message.action_links]
    if message.content.url:
        buttons.append(("Open", message.content.url))
    return _PAGE.format(
        title=escape(message.content.title),
        lines="".join(_LINE.format(escape(line)) for line in message.content.lines),
        links="".join(
            _BUTTON.format(label=escape(label), url=escape(url)) for label, url in buttons
        )
        + (_LINE.format(escape(hint)) if hint else ""),
    )
