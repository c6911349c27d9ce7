"""Groups and channels of Telegram as rooms that show incidents."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from evenfall.chat import errors
from evenfall.chat.ports import Card, ChatError, Member, OpenedRoom
from evenfall.integrations.telegram import texts
from evenfall.integrations.telegram.account import TYPE
from evenfall.integrations.telegram.bot import BotError, call
from evenfall.notifications.ports import Account, AddressField

_ROOM: Final = re.compile(r"(?:-\d{5,16}(?:/\d{1,12})?|@[A-Za-z][A-Za-z0-9_]{3,31})")
_SAME: Final = "message is not modified"


class TelegramGroups:
    """A room is "-100123", "-100123/7" for a topic of it, or "@name" of a public channel.

    A reference is "<number of the chat>:<number of the message>". A group that becomes a supergroup
    gets a new number: new messages follow it there, older ones stay behind and keep what they say.
    """

    type = TYPE
    label = "Telegram"
    kind = TYPE
    can_edit = True
    can_open_rooms = False  # a bot cannot make groups
    room_is_secret = False
    pause = timedelta(seconds=3)  # Telegram lets a bot write 20 messages a minute to one group
    room_field = AddressField(
        label="Number of the group",
        help="Add the bot to the group and write /id there: it answers with this number.",
        icon="note",
        placeholder="-1001234567890",
        guide="telegram.md",
    )

    def read_room(self, text: str) -> str:
        room = text.strip()
        if not _ROOM.fullmatch(room):
            raise errors.RoomNotUsable(
                reason="it must be the number that the bot answers to /id, such as -1001234567890.",
                field="address",
            )
        return room

    async def post(self, account: Account, room: str, card: Card) -> str:
        chat, _, topic = room.partition("/")
        params = _params(card) | ({"message_thread_id": int(topic)} if topic else {})
        try:
            sent = await call(account, "sendMessage", {"chat_id": _chat(chat), **params})
        except BotError as error:
            if error.moved_to is None:
                raise _chat_error(error) from error
            return await self.post(account, _moved(error.moved_to, topic), card)
        return f"{_number(sent, 'chat', 'id') or chat}:{_number(sent, 'message_id')}"

    async def edit(self, account: Account, room: str, reference: str, card: Card) -> None:
        del room  # the reference knows better
        chat, _, number = reference.partition(":")
        params = {"chat_id": _chat(chat), "message_id": int(number), **_params(card)}
        try:
            await call(account, "editMessageText", params)
        except BotError as error:
            if _SAME in error.message:
                return
            raise _chat_error(error) from error

    async def open_room(self, account: Account, name: str, members: Sequence[Member]) -> OpenedRoom:
        del account, name, members
        raise ChatError("Telegram lets no bot make a group", permanent=True)


def _params(card: Card) -> dict[str, Any]:
    return {
        "text": texts.of_card(card),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": texts.keyboard(card.subject, card.buttons),
    }


def _chat(chat: str) -> int | str:
    return chat if chat.startswith("@") else int(chat)


def _moved(chat: int, topic: str) -> str:
    return f"{chat}/{topic}" if topic else str(chat)


def _number(sent: Any, *path: str) -> str:  # noqa: ANN401 - JSON
    for name in path:
        sent = sent.get(name) if isinstance(sent, dict) else None
    return "" if sent is None else str(sent)


def _chat_error(error: BotError) -> ChatError:
    return ChatError(
        error.message, permanent=error.is_final, retry_after=error.wait, room_gone=error.is_gone
    )
