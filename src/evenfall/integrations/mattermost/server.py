"""Calls of a Mattermost server's API v4, and what its answers mean."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct

from evenfall.notifications.ports import Account
from evenfall.platform.http import OutgoingFailed, OutgoingRefused, Response, outgoing

TIMEOUT_S: Final = 8.0
_NOT_FOUND: Final = 404
_FORBIDDEN: Final = 403
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_TAKEN: Final = "channel.save_channel.exists"


class ServerError(Exception):
    """The server did not do it. `code` is its own name for the error, such as "api.…app_error"."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        code: str = "",
        wait: timedelta | None = None,
        is_refused: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.wait = wait
        self._is_refused = is_refused

    @property
    def is_final(self) -> bool:
        """Whether the same call would be refused again."""
        answered = 0 < self.status < _SERVER_ERROR and self.status != _TOO_MANY
        return answered or self._is_refused

    @property
    def is_missing(self) -> bool:
        return self.status == _NOT_FOUND

    @property
    def is_closed(self) -> bool:
        """Whether what we named is there but not for us."""
        return self.status == _FORBIDDEN

    @property
    def is_taken(self) -> bool:
        """Whether a channel could not be made because its name is used."""
        return _TAKEN in self.code


class _Refusal(Struct):
    id: str = ""
    message: str = ""


async def call(
    account: Account,
    method: str,
    path: str,
    params: Mapping[str, Any] | Sequence[str] | None = None,
) -> Any:  # noqa: ANN401 - JSON
    """Call ``/api/v4/<path>`` as the bot and return the JSON. Raises ServerError."""
    headers = {"Authorization": f"Bearer {account.values['bot_token']}"}
    content = b""
    if params is not None:
        content = msgspec.json.encode(params)
        headers["Content-Type"] = "application/json"
    url = f"{account.values['api_url'].rstrip('/')}/api/v4/{path}"
    try:
        answer = await outgoing.request(
            method, url, headers=headers, content=content, timeout_s=TIMEOUT_S
        )
    except OutgoingFailed as error:
        is_refused = isinstance(error, OutgoingRefused)
        raise ServerError(error.message, is_refused=is_refused) from error
    return _read(answer)


def _read(answer: Response) -> Any:  # noqa: ANN401 - JSON
    if 200 <= answer.status < 300:  # noqa: PLR2004 - the class of success
        try:
            return msgspec.json.decode(answer.body)
        except msgspec.DecodeError as error:
            message = "an answer that is not Mattermost's: is the address that of the server?"
            raise ServerError(message, status=_NOT_FOUND) from error
    try:
        refusal = msgspec.json.decode(answer.body, type=_Refusal)
    except msgspec.DecodeError:
        refusal = _Refusal()
    raise ServerError(
        f"Mattermost answered {answer.status}: {refusal.message}".removesuffix(": "),
        status=answer.status,
        code=refusal.id,
        wait=_wait(answer),
    )


def _wait(answer: Response) -> timedelta | None:
    """The seconds until its limit begins anew; a proxy before it may say Retry-After."""
    told = answer.headers.get("x-ratelimit-reset") or answer.headers.get("retry-after", "")
    return timedelta(seconds=int(told)) if told.isdecimal() and len(told) < 6 else None  # noqa: PLR2004 - a day has five digits of seconds
