"""Send one signed POST."""

import base64
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, Literal

import msgspec

from evenfall.integrations.webhook.signature import PREFIX, signed_headers
from evenfall.notifications.ports import (
    Accepted,
    AddressField,
    ChannelError,
    Message,
    parse_retry_after,
    web_address,
)
from evenfall.platform.clock import utc_now
from evenfall.platform.http import OutgoingFailed, OutgoingRefused, Response, outgoing

TIMEOUT_S: Final = 9.0
_GONE: Final = 410
_AGAIN: Final = frozenset({408, 425, 429})
_SERVER_ERROR: Final = 500
_LONGEST_ID: Final = 200


class WebhookChannel:
    kind = "webhook"
    label = "Web hook"
    proof: Literal["code", "challenge"] = "challenge"
    address_field = AddressField(
        label="Address",
        help="Each notice is posted there as signed JSON.",
        icon="webhook",
        placeholder="https://",
        input_mode="url",
    )

    def __init__(self, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock

    def read_address(self, text: str) -> str:
        return web_address(text)

    def new_secret(self) -> str:
        """The key that signs what is posted, in the form of Standard Webhooks."""
        return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()

    def prepare(self, now: datetime) -> None:
        """Needs nothing."""

    async def send(self, message: Message) -> Accepted:
        now = self._clock()
        body = msgspec.json.encode(body_of(message))
        headers = signed_headers(
            body, message_id=message.idempotency_key, secret=message.secret, at=now
        )
        try:
            answer = await outgoing.post(
                message.address,
                content=body,
                headers={"Content-Type": "application/json", **headers},
                timeout_s=TIMEOUT_S,
            )
        except OutgoingFailed as error:
            is_final = isinstance(error, OutgoingRefused)
            raise ChannelError(error.message, permanent=is_final) from error
        _check(answer, now)
        return Accepted(provider_id=_id_of(answer), proof=_proof(message, answer))


def body_of(message: Message) -> dict[str, Any]:
    """The documented body; see the package's docstring."""
    if message.data is not None:
        return _data_of(message, message.data)
    body = {
        "type": "verification" if message.code else "notice",
        "id": message.idempotency_key,
        "attempt": message.attempt,
        "purpose": message.purpose,
        "urgency": message.urgency.value,
        "subject": message.subject,
        "title": message.content.title,
        "lines": list(message.content.lines),
        "severity": message.content.severity,
        "url": message.content.url,
        "tag": message.content.tag,
        "respond_url": "" if message.code else message.respond_url,
        "actions": [
            {"name": link.name, "label": link.label, "url": link.url}
            for link in message.action_links
        ],
    }
    return {**body, "challenge": message.code} if message.code else body


def _data_of(message: Message, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a domain says in its own fields."""
    body = {"id": message.idempotency_key, "attempt": message.attempt, **data}
    return {**body, "type": "verification", "challenge": message.code} if message.code else body


def _check(answer: Response, now: datetime) -> None:
    if 200 <= answer.status < 300:  # noqa: PLR2004 - the class of success
        return
    if answer.status == _GONE:
        raise ChannelError("the receiver says 410 Gone", permanent=True, address_dead=True)
    raise ChannelError(
        f"the receiver answered {answer.status}",
        permanent=answer.status < _SERVER_ERROR and answer.status not in _AGAIN,
        retry_after=parse_retry_after(answer.headers.get("retry-after"), now=now),
    )


def _proof(message: Message, answer: Response) -> str:
    """The challenge as the receiver returned it; raises where it did not."""
    if not message.code:
        return ""
    try:
        returned = msgspec.json.decode(answer.body, type=dict[str, Any]).get("challenge")
    except msgspec.DecodeError:
        returned = answer.body.decode("utf-8", "replace").strip()
    if returned != message.code:
        raise ChannelError("the receiver did not return the challenge", permanent=True)
    return message.code


def _id_of(answer: Response) -> str:
    return answer.headers.get("x-request-id", "")[:_LONGEST_ID]
