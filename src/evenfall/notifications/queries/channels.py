"""Kinds of channels in the words and pictures of people."""

from django.conf import settings

from evenfall.notifications import errors, ports
from evenfall.notifications.ports import AddedByHand
from evenfall.notifications.queries.providers import served_kinds

INBOX = "inbox"
_ICONS = {"webpush": "push", INBOX: "inbox"}
_LABELS = {INBOX: "Inbox"}  # the one kind without a channel: it is the product itself


def channel_label(kind: str) -> str:
    channel = ports.channel(kind)
    return _LABELS.get(kind, kind) if channel is None else channel.label


def channel_icon(kind: str) -> str:
    channel = ports.channel(kind)
    if isinstance(channel, AddedByHand):
        return channel.address_field.icon
    return _ICONS.get(kind, "bell")


def addable(kind: str) -> AddedByHand:
    """The channel of this kind, whose addresses people type in. Raises KindUnknown."""
    channel = ports.channel(kind)
    if not isinstance(channel, AddedByHand):
        known = ", ".join(one.kind for one in ports.added_by_hand())
        raise errors.KindUnknown(kind=kind, known=known, field="kind")
    return channel


def addable_now() -> list[AddedByHand]:
    """The channels that a person may add an address of: those with providers need one that is on.

    Whether mail can be sent at all is told where it fails: its setting is not of this page.
    """
    need_provider = {kind for one in ports.provider_types() for kind in one.channels}
    served = served_kinds() if need_provider else frozenset()
    return [
        one for one in ports.added_by_hand() if one.kind not in need_provider or one.kind in served
    ]


def mail_is_on() -> bool:
    """Whether this installation can send mails at all."""
    return bool(settings.EVENFALL.mail_host)


def absolute(url: str) -> str:
    """A path of this installation with its public address before it; other addresses unchanged."""
    return f"{settings.EVENFALL.public_url}{url}" if url.startswith("/") else url
