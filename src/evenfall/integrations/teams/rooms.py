"""Channels and chats of Teams as rooms that show incidents, through a workflow each."""

from collections.abc import Sequence
from datetime import timedelta

from evenfall.chat import errors
from evenfall.chat.ports import Card, ChatError, Member, OpenedRoom
from evenfall.integrations.teams import cards
from evenfall.integrations.teams.account import TYPE, may_go_to, not_allowed
from evenfall.integrations.teams.workflow import WorkflowError, deliver, read_workflow, shown
from evenfall.notifications.errors import AddressNotUsable
from evenfall.notifications.ports import Account, AddressField


class TeamsRooms:
    """A room is the address of a workflow. A card cannot be changed: a new one tells the change."""

    type = TYPE
    label = "Microsoft Teams"
    kind = ""  # nobody can tell who taps in a channel
    can_edit = False
    can_open_rooms = False
    room_is_secret = True
    pause = timedelta(seconds=1)  # more than four requests a second are throttled
    room_field = AddressField(
        label="Address of the workflow",
        help="The workflow “Send webhook alerts to a channel” shows it once it is made.",
        icon="note",
        placeholder="https://",
        input_mode="url",
        guide="microsoft-teams.md",
    )

    def read_room(self, text: str) -> str:
        try:
            return read_workflow(text)
        except AddressNotUsable as error:
            raise errors.RoomNotUsable(
                reason="it must be the whole address that Teams shows when the workflow is made.",
                field="address",
            ) from error

    async def post(self, account: Account, room: str, card: Card) -> str:
        if not may_go_to(room, account):
            raise ChatError(not_allowed(shown(room), account), permanent=True)
        try:
            return await deliver(room, cards.of_card(card))
        except WorkflowError as error:
            raise ChatError(
                error.message,
                permanent=error.is_final,
                retry_after=error.wait,
                room_gone=error.is_gone,
            ) from error

    async def edit(self, account: Account, room: str, reference: str, card: Card) -> None:
        del account, room, reference, card
        raise ChatError("a card in Teams cannot be changed", permanent=True)

    async def open_room(self, account: Account, name: str, members: Sequence[Member]) -> OpenedRoom:
        del account, name, members
        raise ChatError("a workflow makes no channels", permanent=True)
