"""Rooms and a scripted chat tool for tests. Times are `NOW` unless given."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from tests.factories.identity import NOW

from evenfall.chat import actions, errors, ports
from evenfall.chat.actions import RoomWish
from evenfall.chat.models import Room
from evenfall.chat.ports import Card, ChatError, Member, OpenedRoom, Reply
from evenfall.incidents.ports import Sev
from evenfall.notifications import ports as notifications_ports
from evenfall.notifications.models import Provider
from evenfall.notifications.ports import Accepted, Account, AddressField, Message, ProviderField

_numbers = itertools.count(1)


class ScriptedTool:
    """A chat tool that records what it gets; `answers` are raised or returned in turn."""

    type = "scripted"
    label = "Scripted chat"
    kind = "slack"
    channels: tuple[str, ...] = ()
    fields: tuple[ProviderField, ...] = ()
    guide = ""
    can_open_rooms = True
    room_field = AddressField(label="Channel", help="Its id.", icon="chat")
    room_is_secret = False

    def __init__(
        self, *answers: ChatError | None, can_edit: bool = True, pause_s: float = 0.0
    ) -> None:
        self.can_edit = can_edit
        self.pause = timedelta(seconds=pause_s)
        self.answers = list(answers)
        self.posted: list[tuple[str, Card]] = []
        self.edited: list[tuple[str, str, Card]] = []
        self.opened: list[tuple[str, Sequence[Member]]] = []
        self.replies: list[tuple[str, Reply]] = []
        self.others: dict[str, tuple[str, ...]] = {}
        self.before: Callable[[], object] = lambda: None

    def check(self, values: Mapping[str, str]) -> None:
        """Any account will do."""

    async def send(self, message: Message, account: Account) -> Accepted:
        raise NotImplementedError

    def read_room(self, text: str) -> str:
        if not text.strip():
            raise errors.RoomNotUsable(reason="it is empty.", field="address")
        return text.strip()

    async def post(self, account: Account, room: str, card: Card) -> str:
        self._answer()
        self.posted.append((room, card))
        return f"m{len(self.posted)}"

    async def edit(self, account: Account, room: str, reference: str, card: Card) -> None:
        self._answer()
        self.edited.append((room, reference, card))

    async def open_room(self, account: Account, name: str, members: Sequence[Member]) -> OpenedRoom:
        self._answer()
        self.opened.append((name, members))
        return OpenedRoom(address=f"C-{name}", url=f"https://chat.example.org/{name}")

    async def known_as(self, account: Account, address: str) -> tuple[str, ...]:
        self._answer()
        return self.others.get(address, ())

    async def reply(self, account: Account, reply_to: str, reply: Reply) -> None:
        self.replies.append((reply_to, reply))

    def _answer(self) -> None:
        self.before()
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer


def use_tool(tool: ScriptedTool) -> ScriptedTool:
    """Register it, for the accounts of `make_account`."""
    ports.register_chat_service(tool)
    notifications_ports.register_provider_type(tool)
    return tool


def make_account(type_name: str = "scripted", *, is_on: bool = True) -> Provider:
    number = next(_numbers)
    return Provider.objects.create(
        type=type_name, name=f"Chat {number}", position=number, is_on=is_on, created_at=NOW
    )


def make_room(
    account: Provider | None = None,
    *,
    address: str | None = None,
    team_id: int | None = None,
    least_severity: Sev = Sev.SEV5,
    now: datetime = NOW,
) -> Room:
    """A room that shows everything, unless told otherwise."""
    number = actions.add_room(
        provider_id=(account or make_account()).id,
        address=address or f"C{next(_numbers)}",
        wish=RoomWish(name="incidents", team_id=team_id, least_severity=least_severity),
        now=now,
        actor="system",
    )
    return Room.objects.get(id=number)
