"""Kinds of channels in the words and pictures of people."""

from django.conf import settings

from evenfall.notifications import ports

INBOX = "inbox"
LABELS = {
    "email": "E-mail",
    "webpush": "Push",
    "webhook": "Web hook",
    INBOX: "Inbox",
}
ICONS = {"email": "mail", "webpush": "push", "webhook": "webhook", INBOX: "inbox"}


def channel_label(kind: str) -> str:
    channel = ports.channel(kind)
    return channel.label if channel is not None else LABELS.get(kind, kind)


def mail_is_on() -> bool:
    """Whether this installation can send mails at all."""
    return bool(settings.EVENFALL.mail_host)


def absolute(url: str) -> str:
    """A path of this installation with its public address before it; other addresses unchanged."""
    return f"{settings.EVENFALL.public_url}{url}" if url.startswith("/") else url
