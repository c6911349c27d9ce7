"""The contract between chat and the slices that speak to a chat tool.

A service is one class under ``integrations/<slice>/``, often the same object as its
``notifications.ports.ProviderType``. It gets a :class:`Card` with everything it needs and gives it
the form of its tool; it returns what the tool answered, or raises :class:`ChatError`.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol, runtime_checkable

from msgspec import Struct

from evenfall.notifications.ports import Account, AddressField

ANSWERS = ("acknowledge", "on_it", "escalate", "need_help", "resolve")


class Button(Struct, frozen=True, kw_only=True):
    """One answer: `name` is one of ANSWERS and goes back to ``actions.answer_from_chat``."""

    name: str
    label: str


class Card(Struct, frozen=True, kw_only=True):
    """One message in a room, before a tool gives it a form. All of it is plain text.

    subject   what it is about, "incident:17"; a button sends it back. "test" and "list" have none
    title     one line, "#17 Payments are slow"
    lines     the most important first; may be empty
    facts     label and value, for two columns: ("Severity", "critical")
    url       absolute; empty only where there is nothing to open
    severity  critical, error, warning, info or ""
    state     open, acknowledged, fixing, monitoring, paused, resolved, review, closed, declined,
              merged or ""
    buttons   empty as soon as there is nothing to answer
    """

    subject: str
    title: str
    lines: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    url: str = ""
    severity: str = ""
    state: str = ""
    buttons: tuple[Button, ...] = ()


class Member(Struct, frozen=True, kw_only=True):
    """Somebody to invite. `address` is their verified contact method of this service, or ""."""

    name: str
    email: str
    address: str = ""


class OpenedRoom(Struct, frozen=True, kw_only=True):
    """A room that the tool made: its address, and where a browser finds it ("" if nowhere).

    `missing` are the names of those who could not be invited.
    """

    address: str
    url: str = ""
    missing: tuple[str, ...] = ()


class Reply(Struct, frozen=True, kw_only=True):
    """What to tell the person who tapped a button or typed a command, in plain lines.

    `ok` False: nothing was done, and the text says why. Show it to that person alone if you can.
    """

    text: str
    ok: bool = True


class ChatError(Exception):
    """The tool did not do it.

    permanent    trying again would give the same answer; the message is given up
    retry_after  the least wait that the tool asks for
    room_gone    the room itself is gone, archived or closed to us: it is switched off
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: timedelta | None = None,
        room_gone: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent or room_gone
        self.retry_after = retry_after
        self.room_gone = room_gone


class ChatService(Protocol):
    """What a slice knows of one chat tool. One object serves all accounts of a process.

    type             the same word as that of its ProviderType: the accounts are those
    kind             the kind of contact method by which its people are known; "" if there is none
    can_edit         without it a room gets a new message where others see one change, and only
                     when the state of the incident changed
    can_open_rooms   whether `open_room` works
    room_field       how an administrator is asked for the address of a room
    room_is_secret   whoever knows the address may write there: it is never shown again
    pause            the least time between two messages to one room, as the tool demands

    All calls are cancelled after ten seconds, and made from one event loop of the lane "chat".
    """

    type: str
    label: str
    kind: str
    can_edit: bool
    can_open_rooms: bool
    room_field: AddressField
    room_is_secret: bool
    pause: timedelta

    def read_room(self, text: str) -> str:
        """The address of a room in its one form. Raises chat.errors.RoomNotUsable."""

    async def post(self, account: Account, room: str, card: Card) -> str:
        """Write a message; returns how `edit` finds it again. Raises ChatError."""

    async def edit(self, account: Account, room: str, reference: str, card: Card) -> None:
        """Make a message say this. Raises ChatError; only where `can_edit`."""

    async def open_room(self, account: Account, name: str, members: Sequence[Member]) -> OpenedRoom:
        """Make a room and invite people. `name` is ASCII, such as "inc-17-payments-slow".

        A name that is taken gets an ending. Raises ChatError; only where `can_open_rooms`.
        """


@runtime_checkable
class TakesReplies(ChatService, Protocol):
    """A service whose taps and commands are written down first, and answered a moment later.

    Its slice calls ``actions.hear`` and tells the tool at once that it was heard.
    """

    async def known_as(self, account: Account, address: str) -> tuple[str, ...]:
        """Other addresses of the same person, asked only where nobody has this one."""

    async def reply(self, account: Account, reply_to: str, reply: Reply) -> None:
        """Tell the person what happened. Raises ChatError; is tried once."""


_services: dict[str, ChatService] = {}


def register_chat_service(new: ChatService) -> None:
    """Make a service known; a second one of the same type replaces the first."""
    _services[new.type] = new


def chat_service(type_name: str) -> ChatService | None:
    return _services.get(type_name)


def chat_services() -> tuple[ChatService, ...]:
    return tuple(_services.values())
