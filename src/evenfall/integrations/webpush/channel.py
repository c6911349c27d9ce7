"""Send one push message."""

import base64
from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr
from hashlib import sha256
from types import MappingProxyType
from typing import Final, Literal

from django.conf import settings

from evenfall.integrations.webpush.keys import Identity, new_key
from evenfall.integrations.webpush.payload import payload_of
from evenfall.notifications import actions
from evenfall.notifications.adapters import sealed, subscription_of
from evenfall.notifications.ports import (
    Accepted,
    ChannelError,
    Message,
    Urgency,
    parse_retry_after,
)
from evenfall.platform.clock import utc_now
from evenfall.platform.http import OutgoingFailed, OutgoingRefused, Response, outgoing

TIMEOUT_S: Final = 9.0
# How long a push service keeps a message for a phone that is off, in seconds: a page is repeated
# by its policy, so an old copy is of no use.
TTL_S: Final = MappingProxyType({Urgency.HIGH: 3600, Urgency.LOW: 86_400})
_WIRE_URGENCY: Final = MappingProxyType({Urgency.HIGH: "high", Urgency.LOW: "normal"})
_GONE: Final = frozenset({404, 410})
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_TOPIC_LENGTH: Final = 32  # RFC 8030, section 5.4


class WebPushChannel:
    kind = "webpush"
    label = "Push"
    checks: Literal[True] = True
    closes: Literal[True] = True

    def __init__(self, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._identity: Identity | None = None

    def prepare(self, now: datetime) -> None:
        """Load the key pair once; the first process ever makes it."""
        if self._identity is None:
            pem = actions.channel_secret(kind=self.kind, make=new_key, now=now)
            address = parseaddr(settings.EVENFALL.mail_from)[1]
            self._identity = Identity(pem, contact=f"mailto:{address}")

    def browser_key(self) -> str:
        return "" if self._identity is None else self._identity.public_key

    async def send(self, message: Message) -> Accepted:
        if self._identity is None:
            raise ChannelError("the push keys are not loaded yet", permanent=False)
        now = self._clock()
        subscription = subscription_of(message.secret)
        headers = {
            "Authorization": self._identity.authorization(message.address, now=now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(TTL_S[message.urgency]),
            "Urgency": _WIRE_URGENCY[message.urgency],
        }
        if message.content.tag:
            headers["Topic"] = topic_of(message.content.tag)
        body = sealed(payload_of(message), subscription)
        answer = await _post(message.address, body, headers)
        _check(answer, now)
        return Accepted(provider_id=answer.headers.get("location", ""))


def topic_of(tag: str) -> str:
    """A name by which a newer message replaces the one that still waits for the phone."""
    return base64.urlsafe_b64encode(sha256(tag.encode()).digest()).decode()[:_TOPIC_LENGTH]


async def _post(url: str, body: bytes, headers: dict[str, str]) -> Response:
    try:
        return await outgoing.post(url, content=body, headers=headers, timeout_s=TIMEOUT_S)
    except OutgoingFailed as error:
        is_final = isinstance(error, OutgoingRefused)
        raise ChannelError(error.message, permanent=is_final) from error


def _check(answer: Response, now: datetime) -> None:
    if 200 <= answer.status < 300:  # noqa: PLR2004 - the class of success
        return
    if answer.status in _GONE:
        raise ChannelError(
            f"the device is no longer subscribed ({answer.status}); enable it there again",
            permanent=True,
            address_dead=True,
        )
    raise ChannelError(
        f"the push service answered {answer.status}",
        permanent=answer.status < _SERVER_ERROR and answer.status != _TOO_MANY,
        retry_after=parse_retry_after(answer.headers.get("retry-after"), now=now),
    )
