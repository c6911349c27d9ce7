"""Post to the address of a workflow, and what its answers mean.

The address is a secret: whoever has it can write there. It is in no error.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, field

from evenfall.notifications import errors
from evenfall.notifications.ports import parse_retry_after, web_address
from evenfall.platform.clock import utc_now
from evenfall.platform.http import OutgoingFailed, OutgoingRefused, Response, outgoing

TIMEOUT_S: Final = 8.0
LONGEST: Final = 1000
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_GONE: Final = frozenset({401, 403, 404, 410})
_OFF: Final = frozenset({"WorkflowTriggerIsNotEnabled", "WorkflowNotFound"})
# The older connectors answer 200 even where Teams itself refused, and say so in the text.
_INNER: Final = re.compile(rb"returned HTTP error (\d{3})")
_FINGERPRINT: Final = 8


class WorkflowError(Exception):
    """The workflow did not take it. `is_gone`: it was deleted, switched off or made anew."""

    def __init__(
        self,
        message: str,
        *,
        is_final: bool = False,
        is_gone: bool = False,
        wait: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.is_final = is_final or is_gone
        self.is_gone = is_gone
        self.wait = wait


class _Detail(Struct):
    code: str = ""
    message: str = ""


class _Refusal(Struct):
    error: _Detail = field(default_factory=_Detail)


async def deliver(url: str, body: bytes, *, clock: Callable[[], datetime] = utc_now) -> str:
    """Post a card; returns the number of the run, "" where none is said. Raises WorkflowError."""
    headers = {"Content-Type": "application/json"}
    try:
        answer = await outgoing.post(url, content=body, headers=headers, timeout_s=TIMEOUT_S)
    except OutgoingFailed as error:
        raise WorkflowError(error.message, is_final=isinstance(error, OutgoingRefused)) from None
    _check(answer, clock())
    return answer.headers.get("x-ms-workflow-run-id", "")[:200]


def read_workflow(text: str) -> str:
    """The address of a workflow in its one form. Raises AddressNotUsable."""
    address = web_address(text)
    if len(address) > LONGEST or not urlsplit(address).path.strip("/"):
        raise errors.AddressNotUsable(
            reason="it must be the whole address that Teams shows when the workflow is made.",
            field="address",
        )
    return address


def shown(address: str) -> str:
    """What may be shown of an address: its host, and a short sign by which to tell it apart."""
    sign = sha256(address.encode()).hexdigest()[:_FINGERPRINT]
    return f"{urlsplit(address).hostname} · {sign}"


def _check(answer: Response, now: datetime) -> None:
    status = answer.status
    inner = _INNER.search(answer.body)
    if 200 <= status < 300:  # noqa: PLR2004 - the class of success
        if inner is None:
            return
        status = int(inner[1])
    code = _code(answer.body)
    is_off = code in _OFF
    raise WorkflowError(
        f"the workflow answered {status}" + (f": {code}" if code else ""),
        is_final=status < _SERVER_ERROR and status != _TOO_MANY,
        is_gone=is_off or (status in _GONE and inner is None),
        wait=parse_retry_after(answer.headers.get("retry-after"), now=now),
    )


def _code(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Refusal).error.code[:80]
    except msgspec.DecodeError:
        return ""
