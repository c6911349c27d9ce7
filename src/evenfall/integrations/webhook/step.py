"""A signed web hook as a step of a runbook: the receiver decides what to do about it.

Body (JSON, UTF-8): `type`, `id`, `timestamp` (RFC 3339), `data`. Headers as in the package.
"""

import asyncio
import base64
import binascii
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import msgspec

from evenfall.integrations.webhook.signature import PREFIX, signed_headers
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Invalid
from evenfall.platform.http import outgoing, safe_address
from evenfall.runbooks.ports import FieldType, StepField, StepResult

_OK: Final = range(200, 300)
_MOST_SHOWN: Final = 500
_SHORTEST_KEY: Final = 16


class SecretUnclear(Invalid):
    """The secret is the text of the receiver that begins with whsec_, or any text of 16 or more
    characters.
    """

    code = "webhook_step.secret_unclear"


class WebhookStep:
    """See the module. The clock is for the signature, which is of a moment."""

    name = "webhook"
    label = "Signed web hook"
    conditions = ()
    fields = (
        StepField(name="url", label="Address", type=FieldType.URL),
        StepField(
            name="secret",
            label="Secret",
            type=FieldType.SECRET,
            help="Signs what is posted, as Standard Webhooks do. Begins with whsec_.",
        ),
        StepField(name="type", label="Type of the event", help="Such as service.restart"),
        StepField(
            name="data",
            label="Data",
            type=FieldType.JSON,
            required=False,
            help='JSON, such as {"service": "{{service}}"}',
        ),
        StepField(
            name="undo_type",
            label="Type of the event that undoes",
            required=False,
            help="Empty when there is no way back.",
        ),
    )

    def __init__(self, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock

    def check(self, settings: Mapping[str, str]) -> None:
        key_of(settings["secret"])

    def target(self, settings: Mapping[str, str]) -> str:
        parts = urlsplit(settings["url"])
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def dry_run(self, settings: Mapping[str, str], *, time_limit_s: float) -> StepResult:
        asyncio.run(_reachable(settings["url"], time_limit_s))
        data = settings.get("data") or "{}"
        return StepResult(
            ok=True, log=f"Would post {settings['type']} to {settings['url']}, signed:\n{data}"
        )

    def run(self, settings: Mapping[str, str], *, time_limit_s: float) -> StepResult:
        return self._post(settings, settings["type"], time_limit_s)

    def test(
        self,
        condition: str,
        settings: Mapping[str, str],  # noqa: ARG002 - of the port
        memory: Mapping[str, str],  # noqa: ARG002 - of the port
        *,
        time_limit_s: float,  # noqa: ARG002 - of the port
    ) -> StepResult:
        return StepResult(ok=False, log=f"There is no condition {condition}.")

    def undo(
        self,
        settings: Mapping[str, str],
        memory: Mapping[str, str],  # noqa: ARG002 - of the port
        *,
        time_limit_s: float,
    ) -> StepResult | None:
        if not settings.get("undo_type"):
            return None
        return self._post(settings, settings["undo_type"], time_limit_s)

    def _post(self, settings: Mapping[str, str], kind: str, time_limit_s: float) -> StepResult:
        now, number = self._clock(), f"msg_{uuid.uuid4().hex}"
        data = msgspec.json.decode(settings.get("data") or "{}")
        body = msgspec.json.encode({"type": kind, "id": number, "timestamp": now, "data": data})
        headers = {
            "Content-Type": "application/json",
            **signed_headers(body, message_id=number, secret=key_of(settings["secret"]), at=now),
        }
        answer = asyncio.run(
            outgoing.post(settings["url"], content=body, headers=headers, timeout_s=time_limit_s)
        )
        text = answer.body[: 4 * _MOST_SHOWN].decode("utf-8", "replace")[:_MOST_SHOWN].strip()
        said = f"{kind} to {settings['url']} was answered {answer.status}."
        return StepResult(
            ok=answer.status in _OK,
            log="\n".join(line for line in (said, text) if line),
            memory={"id": number},
        )


def key_of(secret: str) -> str:
    """The secret in the form that signs; one that is no base64 is taken as it is written."""
    if secret.startswith(PREFIX):
        try:
            base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except binascii.Error as error:
            raise SecretUnclear(field="secret") from error
        return secret
    if len(secret) < _SHORTEST_KEY:
        raise SecretUnclear(field="secret")
    return PREFIX + base64.b64encode(secret.encode()).decode()


async def _reachable(url: str, time_limit_s: float) -> None:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    async with asyncio.timeout(time_limit_s):
        await safe_address(parts.hostname or "", port)
