"""A bot on a Mattermost server, and the messages that it sends to people."""

import re
from collections.abc import Mapping
from typing import Any, Final

from evenfall.integrations.mattermost import texts
from evenfall.integrations.mattermost.server import ServerError, call
from evenfall.notifications import errors
from evenfall.notifications.adapters import ProviderChannel
from evenfall.notifications.ports import (
    Accepted,
    Account,
    AddressField,
    ChannelError,
    Message,
    ProviderField,
    web_address,
)

TYPE: Final = "mattermost"
_NAME: Final = re.compile(r"[a-z0-9._-]{1,64}")


class MattermostAccounts:
    """The type of provider: a bot on a server."""

    type = TYPE
    label = "Mattermost"
    channels: tuple[str, ...] = (TYPE,)
    guide = "mattermost.md"
    fields: tuple[ProviderField, ...] = (
        ProviderField(
            name="api_url",
            label="Address of the server",
            help="As in the browser, such as https://chat.example.org.",
        ),
        ProviderField(
            name="bot_token",
            label="Token of the bot",
            help="Integrations → Bot Accounts → Add Bot Account shows it once.",
            is_secret=True,
        ),
        ProviderField(
            name="command_token",
            label="Token of the command",
            help="Of the slash command /evenfall, if you add one. Several with blanks between.",
            is_secret=True,
            is_required=False,
        ),
        ProviderField(
            name="team",
            label="Team for channels of incidents",
            help="Its name in the address of the team, such as “ops”; empty: no such channels.",
            is_required=False,
        ),
    )

    def check(self, values: Mapping[str, str]) -> None:
        try:
            web_address(values["api_url"])
        except errors.AddressNotUsable as error:
            raise errors.ProviderNotUsable(
                reason="it must be a whole address that starts with https://.", field="api_url"
            ) from error
        if values["team"] and not _NAME.fullmatch(values["team"]):
            raise errors.ProviderNotUsable(
                reason="a team's name in its address has small letters, digits and hyphens.",
                field="team",
            )

    async def send(self, message: Message, account: Account) -> Accepted:
        """One post in the direct channel with the reader; a quick repeat is recognised."""
        try:
            channel = await self._direct_channel(message.address, account)
            body = texts.of_message(message, provider_id=account.id)
            post = await call(
                account,
                "POST",
                "posts",
                {"channel_id": channel, "pending_post_id": message.idempotency_key, **body},
            )
        except ServerError as error:
            raise ChannelError(
                error.message, permanent=error.is_final, retry_after=error.wait
            ) from error
        return Accepted(provider_id=id_of(post))

    async def _direct_channel(self, name: str, account: Account) -> str:
        person = await self._person(name, account)
        bot = await call(account, "GET", "users/me")
        channel = await call(account, "POST", "channels/direct", [id_of(bot), person])
        return id_of(channel)

    async def _person(self, name: str, account: Account) -> str:
        """Somebody who left is a dead address; one of several servers knows not all people."""
        try:
            person = await call(account, "GET", f"users/username/{name}")
        except ServerError as error:
            if not error.is_missing:
                raise
            raise _nobody(f"{account.name} knows nobody called @{name}", account) from error
        if person.get("delete_at"):
            raise _nobody(f"@{name} is deactivated on {account.name}", account)
        return id_of(person)


class MattermostChannel(ProviderChannel):
    """Direct messages of the bot. The address is a user name, which the server says with a tap."""

    def __init__(self) -> None:
        super().__init__(
            kind=TYPE,
            label="Mattermost",
            address_field=AddressField(
                label="Your user name there",
                help="As it stands behind the @, such as ada.lovelace. A code goes there first.",
                icon="note",
                placeholder="ada.lovelace",
                guide="mattermost.md",
            ),
            read_address=read_name,
        )


def read_name(text: str) -> str:
    """A user name without the @, in small letters, as the server keeps it."""
    name = text.strip().removeprefix("@").lower()
    if not _NAME.fullmatch(name):
        raise errors.AddressNotUsable(
            reason="a user name has letters, digits, dots, hyphens and underscores only.",
            field="address",
        )
    return name


def _nobody(message: str, account: Account) -> ChannelError:
    return ChannelError(message, permanent=True, address_dead=account.is_only)


def id_of(found: Any) -> str:  # noqa: ANN401 - JSON
    """The id of what the server made or found. Raises ServerError for an answer without one."""
    value = found.get("id") if isinstance(found, dict) else None
    if not isinstance(value, str) or not value:
        raise ServerError("an answer without an id", status=404)
    return value
