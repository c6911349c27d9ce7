"""Channels of Mattermost as rooms that show incidents, and channels made for one incident."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from urllib.parse import quote, urlsplit

from evenfall.chat import errors
from evenfall.chat.ports import Card, ChatError, Member, OpenedRoom
from evenfall.integrations.mattermost import texts
from evenfall.integrations.mattermost.account import TYPE, id_of
from evenfall.integrations.mattermost.server import ServerError, call
from evenfall.notifications.ports import Account, AddressField

_NAMED: Final = re.compile(r"[a-z0-9_-]{1,64}/[a-z0-9_-]{1,64}")
_ID: Final = re.compile(r"[a-z0-9]{26}")
MOST_ENDINGS: Final = 20


class MattermostChannels:
    """A room is "team/channel" as in the address of the channel, or the id of a channel."""

    type = TYPE
    label = "Mattermost"
    kind = TYPE
    can_edit = True
    can_open_rooms = True
    room_is_secret = False
    pause = timedelta(milliseconds=500)
    room_field = AddressField(
        label="Channel",
        help="Its address in the browser, or team/channel. Add the bot to the channel first.",
        icon="note",
        placeholder="https://chat.example.org/ops/channels/incidents",
        input_mode="url",
        guide="mattermost.md",
    )

    def read_room(self, text: str) -> str:
        room = _from_address(text.strip())
        if not _NAMED.fullmatch(room) and not _ID.fullmatch(room):
            raise errors.RoomNotUsable(
                reason="it must be the address of a channel, or team/channel.", field="address"
            )
        return room

    async def post(self, account: Account, room: str, card: Card) -> str:
        try:
            channel = await _channel(account, room)
            body = texts.of_card(card, provider_id=account.id)
            return id_of(await call(account, "POST", "posts", {"channel_id": channel, **body}))
        except ServerError as error:
            raise _chat_error(error, is_room=True) from error

    async def edit(self, account: Account, room: str, reference: str, card: Card) -> None:
        del room  # the post knows its channel
        body = {"id": reference, **texts.of_card(card, provider_id=account.id)}
        try:
            await call(account, "PUT", f"posts/{quote(reference, safe='')}", body)
        except ServerError as error:
            raise _chat_error(error, is_room=False) from error

    async def open_room(self, account: Account, name: str, members: Sequence[Member]) -> OpenedRoom:
        team = account.values.get("team", "")
        if not team:
            raise ChatError(f"{account.name} names no team for channels", permanent=True)
        try:
            team_id = id_of(await call(account, "GET", f"teams/name/{team}"))
            channel, taken = await _made(account, team_id, name)
            missing = [one.name for one in members if not await _invite(account, channel, one)]
        except ServerError as error:
            raise _chat_error(error, is_room=False) from error
        url = f"{account.values['api_url'].rstrip('/')}/{team}/channels/{taken}"
        return OpenedRoom(address=f"{team}/{taken}", url=url, missing=tuple(missing))


def _from_address(text: str) -> str:
    """The "team/channel" of an address such as https://chat.example.org/team/channels/channel."""
    if "://" not in text:
        return text.strip("/").lower()
    parts = urlsplit(text).path.strip("/").split("/")
    return "/".join(parts[-3::2]) if len(parts) >= 3 else ""  # noqa: PLR2004 - team, "channels", channel


async def _channel(account: Account, room: str) -> str:
    team, _, name = room.partition("/")
    if not name:
        return room
    found = await call(account, "GET", f"teams/name/{team}/channels/name/{name}")
    if found.get("delete_at"):
        raise ServerError(f"the channel {room} is archived", status=404)
    return id_of(found)


async def _made(account: Account, team_id: str, name: str) -> tuple[str, str]:
    """A new public channel: its id and its name, which gets a number where it is taken."""
    for ending in range(1, MOST_ENDINGS + 1):
        tried = name if ending == 1 else f"{name}-{ending}"
        params = {"team_id": team_id, "name": tried, "display_name": tried, "type": "O"}
        try:
            return id_of(await call(account, "POST", "channels", params)), tried
        except ServerError as error:
            if not error.is_taken:
                raise
    raise ServerError(f"the name {name} and its endings are taken", status=409)


async def _invite(account: Account, channel: str, member: Member) -> bool:
    """Add somebody to a channel; False where the server does not know or take them."""
    path = (
        f"users/username/{quote(member.address, safe='')}"
        if member.address
        else f"users/email/{quote(member.email, safe='@')}"
    )
    try:
        person = id_of(await call(account, "GET", path))
        await call(account, "POST", f"channels/{channel}/members", {"user_id": person})
    except ServerError as error:
        if error.is_final:
            return False
        raise
    return True


def _chat_error(error: ServerError, *, is_room: bool) -> ChatError:
    return ChatError(
        error.message,
        permanent=error.is_final,
        retry_after=error.wait,
        room_gone=is_room and (error.is_missing or error.is_closed),
    )
