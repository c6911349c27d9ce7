"""What people do in Telegram: press Start, tap a button, type a command.

Telegram brings each update at least once. Everything here can be repeated: an answer that was
given is not given again, and a chat that is joined stays joined.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from evenfall.chat import actions as chat_actions
from evenfall.chat.ports import Reply
from evenfall.identity import queries as identity_queries
from evenfall.integrations.telegram import texts
from evenfall.integrations.telegram.account import TYPE
from evenfall.integrations.telegram.bot import BotError, call
from evenfall.integrations.telegram.linking import read_start_word
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Account
from evenfall.notifications.queries import absolute
from evenfall.platform.logs import get_logger

log = get_logger(__name__)
ANSWER_S: Final = 4.0
LONGEST_TOAST: Final = 200
_PERSONAL: Final = ("page:", "digest:", "rehearsal:")


class Call(Struct, frozen=True, kw_only=True):
    """A method of the Bot API that answers an update."""

    method: str
    params: Mapping[str, Any]


class _Person(Struct):
    id: int
    first_name: str = ""
    is_bot: bool = False


class _Chat(Struct):
    id: int
    type: str = "private"


class _Message(Struct, rename={"sender": "from"}):
    message_id: int
    chat: _Chat
    sender: _Person | None = None
    text: str = ""
    entities: list[dict[str, Any]] = []
    reply_markup: dict[str, Any] = {}
    message_thread_id: int | None = None
    is_topic_message: bool = False


class _Query(Struct, rename={"sender": "from"}):
    id: str
    sender: _Person
    data: str = ""
    message: _Message | None = None


class Update(Struct):
    """The kinds of updates that are asked for; see core.telegram.org/bots/api#update."""

    update_id: int
    message: _Message | None = None
    callback_query: _Query | None = None


ASKED_FOR: Final = ("message", "callback_query")


def take_each(updates: Sequence[Update], *, now: datetime) -> list[Call]:
    """Take updates one by one; one that fails is logged and does not stop the others."""
    calls = list[Call]()
    for update in updates:
        try:
            calls += take(update, now=now)
        except Exception:
            log.exception("an update of Telegram failed", update=update.update_id)
    return calls


async def answer_all(account: Account, calls: Sequence[Call]) -> None:
    """Tell Telegram; what it refuses is logged, for nothing is lost but a word on a screen."""
    for one in calls:
        try:
            await call(account, one.method, one.params, timeout_s=ANSWER_S)
        except BotError as error:
            log.warning("Telegram refused", method=one.method, error=error.message)


def take(update: Update, *, now: datetime) -> list[Call]:
    """Do what an update says; returns what to tell Telegram, the most urgent first."""
    if update.callback_query is not None:
        return _tapped(update.callback_query, now)
    message = update.message
    if message is None or message.sender is None or message.sender.is_bot:
        return []
    return _typed(message, message.sender, now)


def _tapped(query: _Query, now: datetime) -> list[Call]:
    subject, action = texts.read_data(query.data)
    reply = chat_actions.answer_from_chat(
        kind=TYPE, address=str(query.sender.id), subject=subject, action=action, now=now
    )
    toast = {
        "callback_query_id": query.id,
        "text": reply.text[:LONGEST_TOAST],
        "show_alert": not reply.ok,
    }
    edits = [] if query.message is None else _marked(query.message, query.data, subject, reply)
    return [Call(method="answerCallbackQuery", params=toast), *edits]


def _marked(message: _Message, data: str, subject: str, reply: Reply) -> list[Call]:
    """A message to one person says below what was answered; a card of a room is kept by chat."""
    if not reply.ok or not subject.startswith(_PERSONAL):
        return []
    rows = message.reply_markup.get("inline_keyboard", [])
    left = [[key for key in row if key.get("callback_data") != data] for row in rows]
    params = {
        "chat_id": message.chat.id,
        "message_id": message.message_id,
        "text": f"{message.text}\n\n✓ {reply.text}",
        "entities": message.entities,
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": [row for row in left if row]},
    }
    return [Call(method="editMessageText", params=params)]


def _typed(message: _Message, sender: _Person, now: datetime) -> list[Call]:
    command, _, rest = message.text.strip().partition(" ")
    if not command.startswith("/"):
        return []
    name, rest = command[1:].partition("@")[0].lower(), rest.strip()
    if name == "id":
        return _say(message, _number_of(message))
    if name == "start":
        return _say(message, _started(message, sender, rest, now))
    line = rest if name == "evenfall" else f"{name} {rest}".strip()
    reply = chat_actions.run_command(kind=TYPE, address=str(sender.id), text=line, now=now)
    return _say(message, reply.text)


def _started(message: _Message, sender: _Person, word: str, now: datetime) -> str:
    """The link from the profile joins the chat; without it people get the number to type."""
    if message.chat.type != "private":
        return _number_of(message)
    if not word:
        add = absolute(f"/profile/contact-methods/add/{TYPE}/")
        return f"The number of this chat is {sender.id}. Type it at {add} to be paged here."
    user_id = read_start_word(word, now=now)
    if user_id is None or user_id not in identity_queries.people([user_id]):
        return "This link is too old. Open your profile in Evenfall and take a new one."
    notifications_actions.join_contact_method(
        user_id=user_id, kind=TYPE, address=str(sender.id), label=sender.first_name, now=now
    )
    return "Done: pages reach you here from now on. Send yourself a test page from your profile."


def _number_of(message: _Message) -> str:
    topic = message.message_thread_id if message.is_topic_message else None
    number = f"{message.chat.id}/{topic}" if topic else str(message.chat.id)
    return f"The number of this chat is {number}"


def _say(message: _Message, text: str) -> list[Call]:
    params: dict[str, Any] = {
        "chat_id": message.chat.id,
        "text": text[: texts.LONGEST_TEXT] or "Nothing to show.",
        "link_preview_options": {"is_disabled": True},
    }
    if message.is_topic_message:
        params["message_thread_id"] = message.message_thread_id
    return [Call(method="sendMessage", params=params)]
