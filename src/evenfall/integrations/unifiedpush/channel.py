"""Send one message to an endpoint."""

import base64
import re
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final, Literal

import msgspec

from evenfall.notifications.adapters import sealed, subscription_of
from evenfall.notifications.errors import AddressNotUsable
from evenfall.notifications.ports import (
    Accepted,
    AddressField,
    ChannelError,
    Message,
    Urgency,
    parse_retry_after,
    web_address,
)
from evenfall.platform.clock import utc_now
from evenfall.platform.http import OutgoingFailed, OutgoingRefused, Response, outgoing

TIMEOUT_S: Final = 9.0
MOST_BYTES: Final = 3900  # endpoints take 4,096, encryption included
TTL_S: Final = MappingProxyType({Urgency.HIGH: 3600, Urgency.LOW: 86_400})
_WIRE_URGENCY: Final = MappingProxyType({Urgency.HIGH: "high", Urgency.LOW: "normal"})
_BODY_LIMITS: Final = (1200, 400, 100, 0)  # characters; one can take six bytes in JSON
_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
# What ntfy says when no phone listens at this endpoint: waiting would not help.
_NOBODY_THERE: Final = HTTPStatus.INSUFFICIENT_STORAGE
_KEY_BYTES: Final = (("p256dh", 65), ("auth", 16))


class UnifiedPushChannel:
    kind = "unifiedpush"
    label = "UnifiedPush"
    proof: Literal["code", "challenge"] = "code"
    address_field = AddressField(
        label="Endpoint",
        help="The address that your app shows after it registered with a distributor.",
        icon="push",
        placeholder="https://",
        input_mode="url",
        guide="push-on-phones.md",
        secret_label="Keys",  # noqa: S106 - the label of a field
        secret_help="The app's p256dh and auth, with a blank between. Empty: not encrypted.",  # noqa: S106 - as above
    )

    def __init__(self, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock

    def read(self, address: str, secret: str) -> tuple[str, str]:
        return web_address(address), read_keys(secret)

    def read_address(self, text: str) -> str:
        return web_address(text)

    def new_secret(self) -> str:
        return ""

    def prepare(self, now: datetime) -> None:
        """Needs nothing."""

    async def send(self, message: Message) -> Accepted:
        now = self._clock()
        if message.purpose == "verify":
            await _discover(message.address)
        headers = {
            "Content-Type": "application/octet-stream",
            "TTL": str(TTL_S[message.urgency]),
            "Urgency": _WIRE_URGENCY[message.urgency],
        }
        content = payload_of(message)
        if message.secret:
            headers["Content-Encoding"] = "aes128gcm"
            content = sealed(content, subscription_of(message.secret))
        answer = await _request("POST", message.address, content, headers)
        _check(answer, now)
        return Accepted(provider_id=answer.headers.get("location", ""))


def read_keys(text: str) -> str:
    """The keys as they are stored, "" for none. Raises AddressNotUsable."""
    words = re.findall(r"[-_A-Za-z0-9+/]{20,}", text)
    if not text:
        return ""
    lengths = [len(base64.urlsafe_b64decode(_padded(word))) for word in words]
    if lengths != [length for _, length in _KEY_BYTES]:
        raise AddressNotUsable(
            reason="the keys are p256dh (87 characters) and auth (22), in this order.",
            field="secret",
        )
    keys = {name: _url_safe(word) for (name, _), word in zip(_KEY_BYTES, words, strict=True)}
    return msgspec.json.encode(keys).decode()


def payload_of(message: Message) -> bytes:
    """The JSON that the app reads, cut so that endpoints take it."""
    payload = b""
    for limit in _BODY_LIMITS:
        payload = msgspec.json.encode(_fields(message, limit))
        if len(payload) <= MOST_BYTES:
            break
    return payload


def _fields(message: Message, limit: int) -> dict[str, Any]:
    content = message.content
    return {
        "title": content.title[:200],
        "message": "\n".join(content.lines)[:limit],
        "url": content.url,
        "tag": content.tag,
        "urgency": message.urgency.value,
        "actions": [{"action": one.name, "title": one.label} for one in content.actions],
        "respond_url": "" if message.code else message.respond_url,
    }


def _url_safe(word: str) -> str:
    return word.replace("+", "-").replace("/", "_")


def _padded(word: str) -> str:
    return _url_safe(word) + "=" * (-len(word) % 4)


async def _discover(address: str) -> None:
    """A push server says what it is, so that nobody posts codes to any address. Raises."""
    answer = await _request("GET", address, b"", {})
    try:
        said = msgspec.json.decode(answer.body, type=dict[str, Any])
    except msgspec.DecodeError:
        said = {}
    about = said.get("unifiedpush")
    if not isinstance(about, dict) or about.get("version") != 1:
        raise ChannelError("this address is no endpoint of UnifiedPush", permanent=True)


async def _request(method: str, url: str, content: bytes, headers: dict[str, str]) -> Response:
    try:
        return await outgoing.request(
            method, url, content=content, headers=headers, timeout_s=TIMEOUT_S
        )
    except OutgoingFailed as error:
        is_final = isinstance(error, OutgoingRefused)
        raise ChannelError(error.message, permanent=is_final) from error


def _check(answer: Response, now: datetime) -> None:
    status = answer.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    is_busy = status == HTTPStatus.TOO_MANY_REQUESTS or (
        status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != _NOBODY_THERE
    )
    raise ChannelError(
        f"the push server answered {status}",
        permanent=not is_busy,
        address_dead=status in _GONE,
        retry_after=parse_retry_after(answer.headers.get("retry-after"), now=now),
    )
