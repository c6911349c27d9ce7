"""The workspace of the fake Slack: members, channels, messages."""

import itertools
import re
from typing import Any

from msgspec import Struct, field

_MOST_FIELDS = 10
_NAME = re.compile(r"[a-z0-9_-]{1,80}")


class Refused(Exception):
    """Slack's own word for why it does not do it."""

    def __init__(self, code: str, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


class Channel(Struct):
    id: str
    name: str
    is_private: bool = False
    is_archived: bool = False
    members: set[str] = field(default_factory=set)


class Workspace:
    """Members and channels come into being as people make them; the bot is in what it made."""

    bot = "U0BOT00001"

    def __init__(self) -> None:
        self.members: dict[str, dict[str, Any]] = {}
        self.channels: dict[str, Channel] = {}
        self._numbers = itertools.count(1)

    def add_member(self, user: str, *, email: str = "", name: str = "") -> None:
        self.members[user] = {"id": user, "name": name, "profile": {"email": email}}

    def add_channel(self, name: str, *, number: str = "", is_private: bool = False) -> Channel:
        made = Channel(
            id=number or f"C0{next(self._numbers):08d}", name=name, is_private=is_private
        )
        self.channels[made.id] = made
        return made

    def create(self, name: str) -> Channel:
        if not _NAME.fullmatch(name):
            raise Refused("invalid_name_specials")
        if any(one.name == name for one in self.channels.values()):
            raise Refused("name_taken")
        made = self.add_channel(name)
        made.members.add(self.bot)
        return made

    def invite(self, channel: str, users: str) -> Channel:
        found = self.open_channel(channel)
        if self.bot not in found.members:
            raise Refused("not_in_channel")
        for user in users.split(","):
            if user not in self.members:
                raise Refused("user_not_found")
            if user in found.members:
                raise Refused("already_in_channel")
        found.members.update(users.split(","))
        return found

    def destination(self, channel: str) -> str:
        """Where a message goes: a channel, or the direct messages with a member."""
        if channel in self.members:
            return f"D{channel[1:]}"
        found = self.open_channel(channel)
        if found.is_private and self.bot not in found.members:
            raise Refused("channel_not_found")
        return found.id

    def open_channel(self, channel: str) -> Channel:
        found = self.channels.get(channel)
        if found is None:
            raise Refused("channel_not_found")
        if found.is_archived:
            raise Refused("is_archived")
        return found

    def member(self, user: str) -> dict[str, Any]:
        if user not in self.members:
            raise Refused("user_not_found")
        return self.members[user]

    def member_by_email(self, email: str) -> dict[str, Any]:
        for member in self.members.values():
            if member["profile"]["email"].lower() == email.lower():
                return member
        raise Refused("users_not_found")


def words_of(body: dict[str, Any]) -> str:
    """All that a message says, as somebody who looks at it reads it."""
    said = [str(body.get("text", ""))]
    for block in body.get("blocks") or ():
        parts = [block.get("text") or {}, *(block.get("fields") or ())]
        said += [str(part.get("text", "")) for part in parts]
        said += [str((one.get("text") or {}).get("text", "")) for one in block.get("elements", ())]
    return "\n".join(text for text in said if text)


def check_blocks(body: dict[str, Any]) -> None:
    """Refuse what Slack would: too long texts, action ids that come twice in a block."""
    for block in body.get("blocks") or ():
        text = (block.get("text") or {}).get("text", "")
        most = 150 if block.get("type") == "header" else 3000
        ids = [one.get("action_id") for one in block.get("elements", ())]
        if (
            len(text) > most
            or len(block.get("fields") or ()) > _MOST_FIELDS
            or len(set(ids)) < len(ids)
        ):
            raise Refused("invalid_blocks")
    if not body.get("text") and not body.get("blocks"):
        raise Refused("no_text")
