"""Slack as a provider of direct messages and as a chat tool."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec

from evenfall.chat.ports import Card, ChatError, Member, OpenedRoom, Reply
from evenfall.integrations.slack import account as accounts
from evenfall.integrations.slack.blocks import card_message, direct_message, escape
from evenfall.integrations.slack.web_api import TIMEOUT_S, SlackError, call, look_up
from evenfall.notifications.ports import (
    Accepted,
    Account,
    AddressField,
    ChannelError,
    Message,
    ProviderField,
)
from evenfall.platform.http import OutgoingFailed, outgoing

MOST_NAMES: Final = 9
_MOST_KNOWN: Final = 5000
_ROOM_GONE: Final = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
    }
)
_PERSON_GONE: Final = frozenset(
    {"channel_not_found", "user_disabled", "user_not_found", "users_not_found"}
)
_TOO_MANY: Final = 300


class SlackService:
    """Implements `notifications.ports.ProviderType` and `chat.ports.TakesReplies`."""

    type = accounts.TYPE
    label = "Slack"
    kind = accounts.TYPE
    channels: tuple[str, ...] = (accounts.TYPE,)
    fields: tuple[ProviderField, ...] = accounts.FIELDS
    guide = "slack.md"
    can_edit = True
    can_open_rooms = True
    room_is_secret = False
    pause = timedelta(seconds=1)
    room_field = AddressField(
        label="Channel",
        help="The id at the end of the channel's details, or a link to the channel. The app must "
        "be invited to a private channel.",
        icon="note",
        placeholder="C012AB3CD",
        guide="slack.md",
    )

    def __init__(self) -> None:
        self._members: dict[tuple[int, str], str] = {}

    def check(self, values: Mapping[str, str]) -> None:
        accounts.check(values)

    def read_room(self, text: str) -> str:
        return accounts.read_room(text)

    async def send(self, message: Message, account: Account) -> Accepted:
        """A direct message. Slack tells nobody whether it was seen, so it is never delivered."""
        content = message.content
        said = direct_message(
            title=content.title,
            lines=content.lines,
            url=content.url,
            severity=content.severity,
            subject=message.subject,
            actions=[(action.name, action.label) for action in content.actions],
        )
        try:
            member = await self._member(account, message.address)
            answer = await call(account, "chat.postMessage", channel=member, **said)
        except SlackError as error:
            raise _channel_error(error) from error
        reference = f"{answer.get('channel', '')}:{answer.get('ts', '')}"
        return Accepted(provider_id=reference)

    async def post(self, account: Account, room: str, card: Card) -> str:
        answer = await _chat(call(account, "chat.postMessage", channel=room, **card_message(card)))
        return str(answer.get("ts", ""))

    async def edit(self, account: Account, room: str, reference: str, card: Card) -> None:
        said = card_message(card)
        await _chat(call(account, "chat.update", channel=room, ts=reference, **said))

    async def open_room(self, account: Account, name: str, members: Sequence[Member]) -> OpenedRoom:
        channel = await self._create(account, name)
        missing = await self._invite(account, channel, members)
        try:
            url = str((await call(account, "auth.test")).get("url", ""))
        except SlackError:
            url = ""
        return OpenedRoom(
            address=channel, url=f"{url}archives/{channel}" if url else "", missing=missing
        )

    async def known_as(self, account: Account, address: str) -> tuple[str, ...]:
        """The e-mail address of a member."""
        found = await _chat(look_up(account, "users.info", user=address))
        mail = ((found.get("user") or {}).get("profile") or {}).get("email", "")
        return (str(mail).lower(),) if mail else ()

    async def reply(self, account: Account, reply_to: str, reply: Reply) -> None:  # noqa: ARG002 - the port's signature
        """Tell the person alone, at the address that came with what they did."""
        said = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": escape(reply.text),
        }
        headers = {"Content-Type": "application/json"}
        try:
            answer = await outgoing.post(
                reply_to, content=msgspec.json.encode(said), headers=headers, timeout_s=TIMEOUT_S
            )
        except OutgoingFailed as error:
            raise ChatError(error.message) from error
        if answer.status >= _TOO_MANY:
            raise ChatError(f"Slack answered {answer.status} to a reply")

    async def _member(self, account: Account, address: str) -> str:
        """The member id of an address; that of an e-mail address is remembered."""
        if "@" not in address:
            return address
        key = (account.id, address)
        if key not in self._members:
            found = await look_up(account, "users.lookupByEmail", email=address)
            if len(self._members) >= _MOST_KNOWN:
                self._members.clear()
            self._members[key] = str(found["user"]["id"])
        return self._members[key]

    async def _create(self, account: Account, name: str) -> str:
        for number in range(1, MOST_NAMES + 1):
            wanted = name if number == 1 else f"{name}-{number}"
            try:
                made = await call(account, "conversations.create", name=wanted)
            except SlackError as error:
                if error.code != "name_taken":
                    raise _chat_error(error) from error
            else:
                return str(made["channel"]["id"])
        raise ChatError(f"Slack: the name {name} is taken", permanent=True)

    async def _invite(
        self, account: Account, channel: str, members: Sequence[Member]
    ) -> tuple[str, ...]:
        """Invite one by one: Slack invites nobody where it cannot invite one of them."""
        missing: list[str] = []
        for member in members:
            try:
                found = await self._member(account, member.address or member.email)
                await call(account, "conversations.invite", channel=channel, users=found)
            except SlackError as error:
                if error.code != "already_in_channel":
                    missing.append(member.name)
        return tuple(missing)


async def _chat(asking: Any) -> dict[str, Any]:  # noqa: ANN401 - a coroutine of web_api
    try:
        found: dict[str, Any] = await asking
    except SlackError as error:
        raise _chat_error(error) from error
    return found


def _chat_error(error: SlackError) -> ChatError:
    return ChatError(
        error.message,
        permanent=error.is_final,
        retry_after=error.retry_after,
        room_gone=error.code in _ROOM_GONE,
    )


def _channel_error(error: SlackError) -> ChannelError:
    return ChannelError(
        error.message,
        permanent=error.is_final,
        address_dead=error.code in _PERSON_GONE,
        retry_after=error.retry_after,
    )
