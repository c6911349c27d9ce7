"""Requests to Twilio's REST API, and what its errors mean for a message.

Every error of Twilio's has a number; https://www.twilio.com/docs/api/errors explains each.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from evenfall.notifications.ports import Account, ChannelError, parse_retry_after
from evenfall.platform.clock import utc_now
from evenfall.platform.http import OutgoingFailed, OutgoingRefused, Response, outgoing

TIMEOUT_S: Final = 9.0
VERSION: Final = "2010-04-01"
UNSUBSCRIBED: Final = 21610
# The address itself is refused, whoever asks: the contact method is switched off.
DEAD: Final = frozenset(
    {
        21211,  # not a number
        UNSUBSCRIBED,  # its owner sent STOP
        21614,  # not a mobile
        21217,  # not a number that can be called
        30006,  # a landline, or a carrier that takes no text
    }
)
# Over soon: the same request may succeed in a moment.
BUSY: Final = frozenset({20429, 21611, 14107, 30001, 30008})
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_FIRST_ERROR: Final = 300


type Form = Mapping[str, str | Sequence[str]]


async def post(account: Account, path: str, fields: Form) -> dict[str, Any]:
    """POST a form below the account, such as ``Messages.json``; a list repeats its name.

    Raises ChannelError.
    """
    return await _request("POST", account, path, urlencode(fields, doseq=True).encode())


async def get(account: Account, path: str) -> dict[str, Any]:
    """Read below the account, such as ``Messages/SM….json``. Raises ChannelError."""
    return await _request("GET", account, path, b"")


def refusal(
    *, status: int, code: int, words: str, retry_after: str | None = None, now: datetime
) -> ChannelError:
    """What an error of Twilio's means. `status` is that of HTTP, `code` Twilio's own number."""
    is_busy = code in BUSY or status == _TOO_MANY or status >= _SERVER_ERROR
    number = f" (error {code})" if code else ""
    return ChannelError(
        f"{words or f'Twilio answered {status}'}{number}",
        permanent=not is_busy,
        address_dead=code in DEAD,
        retry_after=parse_retry_after(retry_after, now=now),
    )


async def _request(method: str, account: Account, path: str, body: bytes) -> dict[str, Any]:
    values = account.values
    url = f"{values['api_url'].rstrip('/')}/{VERSION}/Accounts/{values['account_sid']}/{path}"
    headers = {"Authorization": _basic(values["account_sid"], values["auth_token"])}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        answer = await outgoing.request(
            method, url, content=body, headers=headers, timeout_s=TIMEOUT_S
        )
    except OutgoingFailed as error:
        is_final = isinstance(error, OutgoingRefused)
        raise ChannelError(error.message, permanent=is_final) from error
    return _read(answer, now=utc_now())


def _read(answer: Response, *, now: datetime) -> dict[str, Any]:
    try:
        body = msgspec.json.decode(answer.body, type=dict[str, Any])
    except msgspec.DecodeError:
        body = {}
    if answer.status < _FIRST_ERROR and body:
        return body
    if answer.status < _FIRST_ERROR:
        raise ChannelError("Twilio's answer cannot be read", permanent=False)
    raise refusal(
        status=answer.status,
        code=number(body.get("code")),
        words=str(body.get("message") or ""),
        retry_after=answer.headers.get("retry-after"),
        now=now,
    )


def number(text: object) -> int:
    """A number that may come as text, or not at all: then 0."""
    try:
        return int(str(text))
    except ValueError:
        return 0


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
