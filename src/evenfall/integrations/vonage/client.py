"""Requests to Vonage's APIs, and what their errors mean for a message.

Errors are problem details (RFC 9457): `type` ends with the number of the error, `title` and
`detail` say it in words. https://developer.vonage.com/en/api-errors/messages lists them.
"""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from evenfall.notifications.ports import Account, ChannelError, parse_retry_after
from evenfall.platform.clock import utc_now
from evenfall.platform.http import OutgoingFailed, OutgoingRefused, Response, outgoing

TIMEOUT_S: Final = 9.0
UNSUBSCRIBED: Final = 1240
# The address itself is refused, whoever asks: the contact method is switched off.
DEAD: Final = frozenset(
    {
        1170,  # not a number
        UNSUBSCRIBED,  # its owner opted out
        1250,  # a landline, or a number that takes no text
        1320,  # the number does not exist
    }
)
# Over soon: the same request may succeed in a moment.
BUSY: Final = frozenset({1000, 1030})
_WORDS: Final = ("title", "error_title", "detail")  # the Voice API has a name of its own
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_FIRST_ERROR: Final = 300


async def post(
    account: Account, path: str, body: Mapping[str, Any], *, authorization: str = ""
) -> dict[str, Any]:
    """POST JSON to a path such as ``/v1/messages``. Raises ChannelError.

    `authorization` is the header where the API wants a token of an application; else the key and
    the secret of the account are used.
    """
    url = account.values["api_url"].rstrip("/") + path
    headers = {
        "Authorization": authorization or _basic(account),
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    try:
        answer = await outgoing.post(
            url, content=msgspec.json.encode(dict(body)), headers=headers, timeout_s=TIMEOUT_S
        )
    except OutgoingFailed as error:
        is_final = isinstance(error, OutgoingRefused)
        raise ChannelError(error.message, permanent=is_final) from error
    return _read(answer, now=utc_now())


def refusal(
    *, status: int, code: int, words: str, retry_after: str | None = None, now: datetime
) -> ChannelError:
    """What an error of Vonage's means. `status` is that of HTTP, `code` Vonage's own number."""
    is_busy = code in BUSY or status == _TOO_MANY or status >= _SERVER_ERROR
    number = f" (error {code})" if code else ""
    return ChannelError(
        f"{words or f'Vonage answered {status}'}{number}",
        permanent=not is_busy,
        address_dead=code in DEAD,
        retry_after=parse_retry_after(retry_after, now=now),
    )


def code_of(problem: Mapping[str, Any]) -> int:
    """The number of an error: behind the # of its type, or its title in a callback; 0 for none."""
    for text in (str(problem.get("type", "")).rpartition("#")[2], str(problem.get("title", ""))):
        if text.isascii() and text.isdecimal():
            return int(text[:9])
    return 0


def _read(answer: Response, *, now: datetime) -> dict[str, Any]:
    try:
        body = msgspec.json.decode(answer.body, type=dict[str, Any])
    except msgspec.DecodeError:
        body = {}
    if answer.status < _FIRST_ERROR and body:
        return body
    if answer.status < _FIRST_ERROR:
        raise ChannelError("Vonage's answer cannot be read", permanent=False)
    raise refusal(
        status=answer.status,
        code=code_of(body),
        words=". ".join(str(body[name]) for name in _WORDS if body.get(name)),
        retry_after=answer.headers.get("retry-after"),
        now=now,
    )


def _basic(account: Account) -> str:
    pair = f"{account.values['api_key']}:{account.values['api_secret']}"
    return "Basic " + base64.b64encode(pair.encode()).decode()
