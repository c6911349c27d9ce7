"""One call of the Bot API, and what its answers mean."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct

from evenfall.notifications.ports import Account
from evenfall.platform.http import OutgoingFailed, outgoing

API: Final = "https://api.telegram.org"
TIMEOUT_S: Final = 8.0
_HEADERS: Final = {"Content-Type": "application/json"}
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
# What Telegram says when a person or a group cannot be written to any more, in lower case.
_GONE: Final = (
    "bot was blocked",
    "user is deactivated",
    "chat not found",
    "bot was kicked",
    "bot is not a member",
    "group chat was deleted",
    "can't initiate conversation",
    "not enough rights to send",
    "have no rights to send",
)


class BotError(Exception):
    """Telegram did not do it.

    `is_gone`: the person or the group cannot be written to; `moved_to` is the new number of a
    group that became a supergroup; `wait` is what Telegram asks for.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        wait: timedelta | None = None,
        moved_to: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.wait = wait
        self.moved_to = moved_to

    @property
    def is_final(self) -> bool:
        """Whether the same call would be refused again."""
        return 0 < self.status < _SERVER_ERROR and self.status != _TOO_MANY

    @property
    def is_gone(self) -> bool:
        return self.is_final and any(words in self.message.lower() for words in _GONE)


class _Answer(Struct):
    ok: bool = False
    result: Any = None
    description: str = ""
    parameters: dict[str, int] = {}


async def call(
    account: Account, method: str, params: Mapping[str, Any], *, timeout_s: float = TIMEOUT_S
) -> Any:  # noqa: ANN401 - JSON
    """Call one method of the bot and return its result. Raises BotError.

    The address holds the token of the bot: it is in no error.
    """
    url = f"{account.values['api_url'].rstrip('/')}/bot{account.values['bot_token']}/{method}"
    try:
        answer = await outgoing.post(
            url, content=msgspec.json.encode(params), headers=_HEADERS, timeout_s=timeout_s
        )
    except OutgoingFailed as error:
        raise BotError(error.message) from None
    return _result(answer.status, answer.body)


def _result(status: int, body: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except msgspec.DecodeError:
        answer = _Answer(description="an answer that is not Telegram's")
    if answer.ok:
        return answer.result
    wait = answer.parameters.get("retry_after")
    raise BotError(
        f"Telegram answered {status}: {answer.description}",
        status=status,
        wait=None if wait is None else timedelta(seconds=wait),
        moved_to=answer.parameters.get("migrate_to_chat_id"),
    )
