"""Publish one message."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, Literal

import msgspec

from evenfall.integrations.ntfy.address import authorization, split, topic_of
from evenfall.integrations.ntfy.body import body_of, sequence_of
from evenfall.notifications.ports import (
    Accepted,
    AddressField,
    ChannelError,
    Message,
    parse_retry_after,
)
from evenfall.platform.clock import utc_now
from evenfall.platform.http import OutgoingFailed, OutgoingRefused, Response, outgoing

TIMEOUT_S: Final = 9.0
_REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_DAILY_LIMIT: Final = 42908  # ntfy's own code: no message more today


class NtfyChannel:
    kind = "ntfy"
    label = "ntfy"
    proof: Literal["code", "challenge"] = "code"
    closes: Literal[True] = True
    address_field = AddressField(
        label="Topic",
        help="The whole address of your topic. Choose a name that nobody guesses.",
        icon="push",
        placeholder="https://ntfy.sh/…",
        input_mode="url",
        guide="ntfy.md",
        secret_label="Access token",  # noqa: S106 - the label of a field
        secret_help="Only where the topic is protected: a token, or user:password.",  # noqa: S106 - as above
    )

    def __init__(self, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock

    def read(self, address: str, secret: str) -> tuple[str, str]:
        return split(address, secret)

    def read_address(self, text: str) -> str:
        return split(text, "")[0]

    def new_secret(self) -> str:
        return ""

    def prepare(self, now: datetime) -> None:
        """Needs nothing."""

    async def send(self, message: Message) -> Accepted:
        now = self._clock()
        if message.purpose == "close":
            _check(await _clear(message), now)
            return Accepted()
        topic = topic_of(message.address)
        answer = await _request(
            "POST", f"{topic.server}/", message.secret, msgspec.json.encode(body_of(message, topic))
        )
        _check(answer, now)
        return Accepted(provider_id=str(_read(answer).get("id", "")))


async def _clear(message: Message) -> Response:
    """Take the messages of this tag from the screens of whoever reads the topic."""
    url = f"{message.address}/{sequence_of(message.content.tag)}/clear"
    return await _request("PUT", url, message.secret, b"")


async def _request(method: str, url: str, secret: str, content: bytes) -> Response:
    headers = {"Content-Type": "application/json", **authorization(secret)}
    try:
        return await outgoing.request(
            method, url, content=content, headers=headers, timeout_s=TIMEOUT_S
        )
    except OutgoingFailed as error:
        is_final = isinstance(error, OutgoingRefused)
        raise ChannelError(error.message, permanent=is_final) from error


def _check(answer: Response, now: datetime) -> None:
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return
    said = _read(answer)
    is_refused = answer.status in _REFUSED
    is_busy = answer.status == HTTPStatus.TOO_MANY_REQUESTS and said.get("code") != _DAILY_LIMIT
    reason = str(said.get("error", ""))[:200]
    raise ChannelError(
        f"ntfy answered {answer.status} {reason}".rstrip(),
        permanent=not (is_busy or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR),
        address_dead=is_refused,
        retry_after=parse_retry_after(answer.headers.get("retry-after"), now=now),
    )


def _read(answer: Response) -> dict[str, Any]:
    try:
        return msgspec.json.decode(answer.body, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}
