"""Contact methods, notices and a scripted channel for tests. Times are `NOW` unless given."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from evenfall.identity.models import User
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.notifications.ports import (
    Accepted,
    Action,
    ActionLink,
    AddressField,
    Content,
    Message,
    NewNotice,
    Urgency,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
CONTENT = Content(
    title="Checkout is down",
    lines=("critical · checkout · prod", "since 12:00, 3 alerts"),
    url="/pages/5/",
    severity="critical",
    actions=(
        Action(name="acknowledge", label="Acknowledge"),
        Action(name="help", label="Get help"),
    ),
    tag="page:5",
)
_numbers = itertools.count(1)


def make_contact_method(
    user: User,
    kind: str = "email",
    *,
    address: str | None = None,
    secret: str = "",
    is_verified: bool = True,
    is_primary: bool = False,
    is_broken: bool = False,
    now: datetime = NOW,
) -> ContactMethod:
    """A contact method that works, unless told otherwise."""
    return ContactMethod.objects.create(
        user=user,
        kind=kind,
        address=address or f"address-{next(_numbers)}@example.org",
        secret=secret,
        is_primary=is_primary,
        created_at=now,
        verified_at=now if is_verified else None,
        broken_at=now if is_broken else None,
        broken_reason="550 no such mailbox" if is_broken else "",
    )


def new_notice(
    user: User,
    kind: str = "email",
    *,
    subject: str = "page:5",
    purpose: str = "page",
    contact_method: ContactMethod | None = None,
    urgency: str = "high",
    due_at: datetime = NOW,
    content: Content = CONTENT,
) -> NewNotice:
    return NewNotice(
        user_id=user.id,
        subject=subject,
        purpose=purpose,
        kind=kind,
        contact_method_id=None if contact_method is None else contact_method.id,
        urgency=urgency,
        due_at=due_at,
        content=content,
    )


def states(subject: str = "page:5") -> list[str]:
    """The states of the notices of a subject, oldest first."""
    rows = Notice.objects.filter(subject=subject).order_by("id")
    return list(rows.values_list("state", flat=True))


class ScriptedChannel:
    """A channel that records what it gets and answers as `answers` says.

    An answer is a value to return or an exception to raise; the last one is repeated. Any text is
    an address to it.
    """

    proof: Literal["code", "challenge"] = "code"
    address_field = AddressField(label="Address", help="Anything.", icon="mail")

    def __init__(
        self, *answers: Accepted | Exception | Callable[[Message], Accepted], kind: str = "email"
    ) -> None:
        self.kind = kind
        self.label = kind.title()
        self.messages: list[Message] = []
        self.prepared = 0
        self._answers = answers or (Accepted(provider_id="p-1"),)

    def read_address(self, text: str) -> str:
        return text

    def new_secret(self) -> str:
        return ""

    def prepare(self, now: datetime) -> None:
        self.prepared += 1

    async def send(self, message: Message) -> Accepted:
        self.messages.append(message)
        number = len(self.messages) - 1
        answer = self._answers[min(number, len(self._answers) - 1)]
        if isinstance(answer, Exception):
            raise answer
        return answer(message) if callable(answer) else answer


def make_message(
    kind: str = "email",
    *,
    address: str = "ada@example.org",
    secret: str = "",
    content: Content = CONTENT,
    urgency: str = "high",
    purpose: str = "page",
    code: str = "",
    attempt: int = 1,
) -> Message:
    """What a channel gets for one try of notice 17."""
    return Message(
        notice_id=17,
        kind=kind,
        idempotency_key="notice-17",
        attempt=attempt,
        urgency=Urgency(urgency),
        language="en",
        purpose=purpose,
        subject="page:5",
        address=address,
        secret=secret,
        content=content,
        respond_url="https://evenfall.example/r/token/",
        action_links=tuple(
            ActionLink(
                name=action.name,
                label=action.label,
                url=f"https://evenfall.example/r/{action.name}/",
            )
            for action in content.actions
        ),
        code=code,
    )
