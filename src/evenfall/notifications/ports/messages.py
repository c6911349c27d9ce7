"""The values that cross the border between notifications and the channels."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from msgspec import Struct

from evenfall.notifications.logic.about import About
from evenfall.notifications.logic.retrying import Urgency


class Action(Struct, frozen=True, kw_only=True):
    """An answer that the reader can give with one tap: `name` is ours, `label` is read."""

    name: str
    label: str


class Content(Struct, frozen=True, kw_only=True):
    """What a notice says, before any channel gives it a form.

    `url` is absolute or a path of this installation. Messages with the same `tag` replace each
    other on a device. `lines` are plain text, the most important first. `about` says the same in
    parts, for a channel that words it itself, such as a call; it may be the first few of `count`.
    """

    title: str
    lines: tuple[str, ...] = ()
    url: str = ""
    severity: str = ""
    actions: tuple[Action, ...] = ()
    tag: str = ""
    about: tuple[About, ...] = ()
    count: int = 1


class NewNotice(Struct, frozen=True, kw_only=True):
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


class News(Struct, frozen=True, kw_only=True):
    """Something for one reader, by every way that reaches them; `due_at` None is now."""

    user_id: int
    subject: str
    content: Content
    urgency: Urgency = Urgency.LOW
    due_at: datetime | None = None


class ActionLink(Struct, frozen=True, kw_only=True):
    name: str
    label: str
    url: str  # opens a page that shows the answer; only its POST acts


class Letter(Struct, frozen=True, kw_only=True):
    """A mail that its sender words whole, for readers without an account. `html` is complete.

    `headers` come besides those of every mail, such as List-Unsubscribe.
    """

    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...] = ()


class Message(Struct, frozen=True, kw_only=True):
    """One attempt to reach one address. Every attempt of a notice has the same idempotency key.

    `reply_code` answers the message where the channel takes replies, `short_url` opens the page
    that does; both are empty where no answer is expected. `is_essential`: it goes out even beyond
    the monthly limit of a provider. Where it is given, a mail is the `letter`, and a web hook
    posts the fields of `data` instead of its own.
    """

    notice_id: int
    kind: str
    idempotency_key: str
    attempt: int
    urgency: Urgency
    purpose: str
    language: str  # of the reader, two letters, such as "de"
    subject: str
    address: str
    secret: str
    content: Content  # its url is absolute here
    respond_url: str  # takes a POST with ``action``; empty when no answer is expected
    action_links: tuple[ActionLink, ...]
    code: str  # what proves the address, for purpose "verify" only
    reply_code: str = ""
    short_url: str = ""
    is_essential: bool = True
    tried: tuple[str, ...] = ()  # providers that took an earlier try which did not arrive
    badge: int | None = None  # how many pages wait for the reader, for channels with devices
    letter: Letter | None = None
    data: Mapping[str, Any] | None = None


class Refusal(Struct, frozen=True, kw_only=True):
    """A provider that did not take the message before another one was asked."""

    via: str
    detail: str


class Accepted(Struct, frozen=True, kw_only=True):
    """The provider took it. `proof` is what it answered to a challenge in ``message.code``.

    `via` is the name of the provider where a kind of channel has several; `cost` is what it asks
    for this message in `currency` (ISO 4217), where it says so at once. `after` names those that
    were asked before it in the same attempt.
    """

    provider_id: str = ""
    delivered: bool = False
    proof: str = ""
    via: str = ""
    cost: Decimal | None = None
    currency: str = ""
    after: tuple[Refusal, ...] = ()


class ChannelError(Exception):
    """The provider did not take it.

    permanent      trying again would give the same answer
    address_dead   the address itself is refused for good: the contact method is switched off
    retry_after    the least wait that the provider asks for
    via            the name of the provider where a kind of channel has several
    after          those that were asked before it in the same attempt
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool,
        address_dead: bool = False,
        retry_after: timedelta | None = None,
        via: str = "",
        after: tuple[Refusal, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent or address_dead
        self.address_dead = address_dead
        self.retry_after = retry_after
        self.via = via
        self.after = after


class Receipt(Struct, frozen=True, kw_only=True):
    """What a provider reports afterwards about attempt number `attempt` of a notice.

    `delivered` True: it arrived. False: it did not, for `reason`; `address_dead` as in
    :class:`ChannelError`. None: news of the price only, or, with `is_taken`, that the provider has
    it: then no second copy needs to go out. With `try_again_after` what did not arrive is sent once
    more after this wait, by another provider if there is one. Receipts come late, twice and out of
    order. `via` is the name of the account, where the kind of channel has several.
    """

    notice_id: int
    attempt: int
    delivered: bool | None
    provider_id: str = ""
    via: str = ""
    reason: str = ""
    address_dead: bool = False
    is_taken: bool = False
    try_again_after: timedelta | None = None
    cost: Decimal | None = None
    currency: str = ""
