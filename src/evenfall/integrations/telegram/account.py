"""A bot as an account that an administrator sets up, and the messages that it sends to people."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from evenfall.chat.ports import ANSWERS, Button
from evenfall.integrations.telegram import texts
from evenfall.integrations.telegram.bot import API, BotError, call
from evenfall.integrations.telegram.linking import start_word
from evenfall.notifications import errors
from evenfall.notifications.adapters import ProviderChannel
from evenfall.notifications.ports import (
    Accepted,
    Account,
    AddressField,
    ChannelError,
    Message,
    ProviderField,
    Urgency,
    web_address,
)

TYPE: Final = "telegram"
POLL, WEBHOOK = "poll", "webhook"
_TOKEN: Final = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,100}")
_BOT_NAME: Final = re.compile(r"@?[A-Za-z][A-Za-z0-9_]{3,31}")
_CHAT: Final = re.compile(r"[1-9]\d{0,15}")


class TelegramAccounts:
    """The type of provider: a bot."""

    type = TYPE
    label = "Telegram"
    channels: tuple[str, ...] = (TYPE,)
    guide = "telegram.md"
    fields: tuple[ProviderField, ...] = (
        ProviderField(
            name="bot_token",
            label="Token of the bot",
            help="@BotFather shows it when you make the bot, such as 123456789:AAE…",
            is_secret=True,
        ),
        ProviderField(
            name="bot_name",
            label="Name of the bot",
            help="The user name that ends in “bot”, such as acme_pager_bot.",
        ),
        ProviderField(
            name="updates",
            label="How answers come in",
            help=(
                "“poll”: Evenfall asks Telegram for them, which works behind a firewall."
                " “webhook”: Telegram calls this installation, which must be public and https."
            ),
            default=POLL,
        ),
        ProviderField(name="api_url", label="Address of the Bot API", default=API),
    )

    def check(self, values: Mapping[str, str]) -> None:
        for name, pattern, form in (
            ("bot_token", _TOKEN, "a number, a colon and letters, as @BotFather shows it."),
            ("bot_name", _BOT_NAME, "the user name of the bot, such as acme_pager_bot."),
            ("updates", re.compile(f"{POLL}|{WEBHOOK}"), f"“{POLL}” or “{WEBHOOK}”."),
        ):
            if not pattern.fullmatch(values[name]):
                raise errors.ProviderNotUsable(reason=f"this must be {form}", field=name)
        try:
            web_address(values["api_url"])
        except errors.AddressNotUsable as error:
            raise errors.ProviderNotUsable(
                reason="it must be a whole address that starts with https://.", field="api_url"
            ) from error

    async def send(self, message: Message, account: Account) -> Accepted:
        """One message with a button for each answer. Telegram has no key against repeats."""
        params = {
            "chat_id": int(message.address),
            "text": texts.of_message(message),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "disable_notification": message.urgency is Urgency.LOW,
            **_buttons(message),
        }
        try:
            sent = await call(account, "sendMessage", params)
        except BotError as error:
            raise _refused(error, account) from error
        return Accepted(provider_id=f"{message.address}/{_number(sent)}")


class TelegramChannel(ProviderChannel):
    """The chat of one person with the bot. Its address is the person's number at Telegram."""

    link_label = "Open in Telegram"

    def __init__(self) -> None:
        super().__init__(
            kind=TYPE,
            label="Telegram",
            address_field=AddressField(
                label="Number of your chat",
                help="Open the bot in Telegram and press Start: it answers with this number.",
                icon="note",
                placeholder="123456789",
                input_mode="numeric",
                guide="telegram.md",
            ),
            read_address=read_person,
        )

    def join_link(self, user_id: int, *, now: datetime) -> str:
        """Opens the chat with the first bot; pressing Start there adds it, proved."""
        self.prepare(now)
        first = next(iter(self._accounts.values()), None)
        if first is None:
            return ""
        name = first.values["bot_name"].removeprefix("@")
        return f"https://t.me/{name}?start={start_word(user_id, now=now)}"


def read_person(text: str) -> str:
    """The number of a private chat, which is that of its person."""
    address = text.strip()
    if not _CHAT.fullmatch(address):
        raise errors.AddressNotUsable(
            reason="it must be the number that the bot answers when you press Start.",
            field="address",
        )
    return address


def _refused(error: BotError, account: Account) -> ChannelError:
    """One of several bots that does not know the person says nothing about the others."""
    return ChannelError(
        error.message,
        permanent=error.is_final,
        address_dead=error.is_gone and account.is_only,
        retry_after=error.wait,
    )


def _buttons(message: Message) -> dict[str, object]:
    offered = [
        Button(name=one.name, label=one.label)
        for one in message.content.actions
        if one.name in ANSWERS
    ]
    return {"reply_markup": texts.keyboard(message.subject, offered)} if offered else {}


def _number(sent: object) -> str:
    return str(sent.get("message_id", "")) if isinstance(sent, dict) else ""
