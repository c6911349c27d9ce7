"""The contract between notifications and the channels, and the values that cross it.

A channel is one class under ``integrations/<kind>/``. It gets a :class:`Message` with everything
it needs, returns :class:`Accepted`, or raises :class:`ChannelError`. It never touches notices.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from evenfall.notifications.logic.retry_after import parse_retry_after
from evenfall.notifications.logic.retrying import Urgency

__all__ = [
    "Accepted",
    "Action",
    "ActionLink",
    "Channel",
    "ChannelError",
    "Content",
    "Message",
    "NeedsBrowserKey",
    "NewNotice",
    "Urgency",
    "browser_key",
    "channel",
    "kinds",
    "parse_retry_after",
    "register_channel",
    "unregister_channel",
]


@dataclass(frozen=True, kw_only=True)
class Action:
    """An answer that the reader can give with one tap: `name` is ours, `label` is read."""

    name: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a notice says, before any channel gives it a form.

    `url` is absolute or a path of this installation. Messages with the same `tag` replace each
    other on a device. `lines` are plain text, the most important first.
    """

    title: str
    lines: tuple[str, ...] = ()
    url: str = ""
    severity: str = ""
    actions: tuple[Action, ...] = ()
    tag: str = ""


@dataclass(frozen=True, kw_only=True)
class NewNotice:
    """A wish to reach somebody.

    `contact_method_id` None means every verified contact method of this kind; where there is
    none, the notice is recorded as failed so that the reason is visible. `purpose` is free text of
    one word ("page", "test", "shift"…); `subject` is ``"noun:id"``, such as ``"page:5"``.
    """

    user_id: int
    subject: str
    purpose: str
    kind: str
    due_at: datetime
    content: Content
    contact_method_id: int | None = None
    urgency: str = Urgency.HIGH


@dataclass(frozen=True, kw_only=True)
class ActionLink:
    name: str
    label: str
    url: str  # opens a page that shows the answer; only its POST acts


@dataclass(frozen=True, kw_only=True)
class Message:
    """One attempt to reach one address. Every attempt of a notice has the same idempotency key."""

    notice_id: int
    kind: str
    idempotency_key: str
    attempt: int
    urgency: Urgency
    purpose: str
    subject: str
    address: str
    secret: str
    content: Content  # its url is absolute here
    respond_url: str  # takes a POST with ``action``; empty when no answer is expected
    action_links: tuple[ActionLink, ...]
    code: str  # what proves the address, for purpose "verify" only


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The provider took it. `proof` is what it answered to a challenge in ``message.code``."""

    provider_id: str = ""
    delivered: bool = False
    proof: str = ""


class ChannelError(Exception):
    """The provider did not take it.

    permanent      trying again would give the same answer
    address_dead   the address itself is refused for good: the contact method is switched off
    retry_after    the least wait that the provider asks for
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool,
        address_dead: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent or address_dead
        self.address_dead = address_dead
        self.retry_after = retry_after


class Channel(Protocol):
    """How to speak to one kind of contact method. One object serves all sends of a process."""

    kind: str
    label: str

    def prepare(self, now: datetime) -> None:
        """Load what sending needs (keys, settings). May use the database; called often."""

    async def send(self, message: Message) -> Accepted:
        """Hand the message over once. Raises ChannelError; is cancelled after ten seconds."""


@runtime_checkable
class NeedsBrowserKey(Protocol):
    """A channel for which the browser must know a public key before it can subscribe."""

    def browser_key(self) -> str:
        """The key in unpadded base64url; valid after `prepare`."""


_channels: dict[str, Channel] = {}


def register_channel(new: Channel) -> None:
    """Make a channel known; a second one of the same kind replaces the first."""
    _channels[new.kind] = new


def unregister_channel(kind: str) -> None:
    _channels.pop(kind, None)


def channel(kind: str) -> Channel | None:
    return _channels.get(kind)


def kinds() -> tuple[str, ...]:
    return tuple(_channels)


def browser_key(kind: str, *, now: datetime) -> str:
    """The public key of a channel, "" where the channel is absent or needs none."""
    found = _channels.get(kind)
    if found is None or not isinstance(found, NeedsBrowserKey):
        return ""
    found.prepare(now)
    return found.browser_key()
