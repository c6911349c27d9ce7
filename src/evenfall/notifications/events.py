"""Facts about notices and contact methods."""

from typing import Any, ClassVar, override

from evenfall.platform.events import Event


class NoticeEvent(Event, frozen=True, kw_only=True):
    """What every fact about a notice says. `channel` is the kind of channel, such as "email"."""

    notice_id: int
    user_id: int
    subject: str
    channel: str
    purpose: str
    urgency: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (self.subject, f"user:{self.user_id}", f"notice:{self.notice_id}")


class NoticeAccepted(NoticeEvent, frozen=True, kw_only=True):
    """The provider took the message."""

    kind: ClassVar[str] = "notifications.notice_accepted"
    attempts: int
    provider_id: str


class NoticeDelivered(NoticeEvent, frozen=True, kw_only=True):
    """The message reached the device, the mailbox or the inbox."""

    kind: ClassVar[str] = "notifications.notice_delivered"
    attempts: int
    provider_id: str


class NoticeFailed(NoticeEvent, frozen=True, kw_only=True):
    """The message will not arrive this way. `fallback_id` is the notice sent instead, if any."""

    kind: ClassVar[str] = "notifications.notice_failed"
    attempts: int
    reason: str
    fallback_id: int | None = None


class NoticeUnknown(NoticeEvent, frozen=True, kw_only=True):
    """A sender stopped while handing over. `sent_again` says whether it goes out once more."""

    kind: ClassVar[str] = "notifications.notice_unknown"
    attempts: int
    reason: str
    sent_again: bool


class NoticeCancelled(NoticeEvent, frozen=True, kw_only=True):
    """Nobody needs the message any more; it was not handed over."""

    kind: ClassVar[str] = "notifications.notice_cancelled"
    reason: str


class ContactMethodChanged(Event, frozen=True, kw_only=True):
    """A contact method was added, verified, made primary or removed; `{}` stands for nothing."""

    kind: ClassVar[str] = "notifications.contact_method_changed"
    contact_method_id: int
    user_id: int
    before: dict[str, str]
    after: dict[str, str]

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"user:{self.user_id}", f"contact-method:{self.contact_method_id}")


class ContactMethodBroken(Event, frozen=True, kw_only=True):
    """A provider refuses this address for good: a repair task for its owner."""

    kind: ClassVar[str] = "notifications.contact_method_broken"
    contact_method_id: int
    user_id: int
    channel: str
    address: str
    reason: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"user:{self.user_id}", f"contact-method:{self.contact_method_id}")


class ProviderChanged(Event, frozen=True, kw_only=True):
    """An account at a provider was added, changed or removed; `{}` stands for nothing."""

    kind: ClassVar[str] = "notifications.provider_changed"
    provider_id: int
    before: dict[str, Any]
    after: dict[str, Any]

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"provider:{self.provider_id}",)
