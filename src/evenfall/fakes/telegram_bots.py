"""What Telegram's fake keeps of a bot, and how it reads what a bot sends."""

import asyncio
import html
import json
import re
from typing import Any

from msgspec import Struct, field
from starlette.requests import Request

from evenfall.fakes.faults import Fault

LONGEST_TEXT = 4096
LONGEST_DATA = 64
_TAG = re.compile(r"<([^>]*)>")
_TAGS = {"b", "i", "u", "s", "a", "code", "pre", "blockquote"}


class Bot(Struct):
    """What Telegram keeps of one bot."""

    token: str
    webhook: str = ""
    secret: str = ""
    updates: list[dict[str, Any]] = field(default_factory=list)
    held: list[dict[str, Any]] = field(default_factory=list)
    last_update: int = 1000
    polls: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def id(self) -> int:
        return int(self.token.partition(":")[0])


class Refused(Exception):
    """An answer with ``ok`` false."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


async def params_of(request: Request) -> dict[str, Any]:
    body = await request.body()
    if not body:
        return dict(request.query_params)
    found: dict[str, Any] = json.loads(body)
    return found


def plain(params: dict[str, Any]) -> str:
    """The text without its marks, as Telegram keeps it; refuses what Telegram refuses."""
    text = str(params.get("text", ""))
    if params.get("parse_mode") == "HTML":
        if [tag for tag in _TAG.findall(text) if tag.strip("/").split(" ")[0] not in _TAGS]:
            raise Refused(400, "Bad Request: can't parse entities: Unsupported start tag")
        text = html.unescape(_TAG.sub("", text))
    if not text.strip():
        raise Refused(400, "Bad Request: message text is empty")
    if len(text) > LONGEST_TEXT:
        raise Refused(400, "Bad Request: message is too long")
    for row in keyboard(params):
        if any(len(button["callback_data"].encode()) > LONGEST_DATA for button in row):
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return text


def keyboard(params: dict[str, Any]) -> list[list[dict[str, Any]]]:
    markup = params.get("reply_markup") or {}
    rows: list[list[dict[str, Any]]] = markup.get("inline_keyboard", [])
    return rows


def person(user: int) -> dict[str, Any]:
    return {"id": user, "is_bot": False, "first_name": "Ada", "language_code": "en"}


def refusal(fault: Fault) -> Refused:
    if fault.retry_after_s is None:
        return Refused(fault.status, f"fault {fault.status}")
    words = f"Too Many Requests: retry after {fault.retry_after_s}"
    return Refused(fault.status, words, retry_after=fault.retry_after_s)
