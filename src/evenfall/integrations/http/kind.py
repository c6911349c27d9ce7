"""One request, and one that takes it back."""

import asyncio
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from evenfall.platform.errors import Invalid
from evenfall.platform.http import Response, outgoing, safe_address
from evenfall.runbooks.ports import FieldType, StepField, StepResult

_METHODS: Final = tuple((one, one) for one in ("POST", "PUT", "PATCH", "DELETE", "GET"))
_HEADER: Final = re.compile(r"([A-Za-z0-9-]{1,100}):[ \t]*([\x20-\x7e]{0,2000})")
# the client makes these, or they are a secret
_RESERVED: Final = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "authorization"}
)
_MOST_SHOWN: Final = 500
_OK: Final = range(200, 300)


class SettingUnclear(Invalid):
    """{reason}"""

    code = "http_step.setting_unclear"


class _Request(Struct, frozen=True, kw_only=True):
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


class HttpStep:
    """See the package."""

    name = "http"
    label = "HTTP request"
    conditions = ()
    fields = (
        StepField(
            name="method",
            label="Method",
            type=FieldType.CHOICE,
            choices=_METHODS,
            default="POST",
        ),
        StepField(
            name="url",
            label="Address",
            type=FieldType.URL,
            help="Such as https://deploy.example.org/api/services/{{service}}/restart",
        ),
        StepField(
            name="headers",
            label="Headers",
            type=FieldType.LINES,
            required=False,
            help="One a line, such as X-Reason: incident {{incident}}",
        ),
        StepField(
            name="authorization",
            label="Authorization header",
            type=FieldType.SECRET,
            required=False,
            help="Such as Bearer and a token. Stored encrypted, never shown again.",
        ),
        StepField(
            name="body",
            label="Body",
            type=FieldType.JSON,
            required=False,
            help='JSON, such as {"replicas": {{count}}, "host": "{{host}}"}',
        ),
        StepField(
            name="undo_method",
            label="Method of the undo",
            type=FieldType.CHOICE,
            choices=_METHODS,
            required=False,
            help="POST when nothing is chosen.",
        ),
        StepField(
            name="undo_url",
            label="Address of the undo",
            type=FieldType.URL,
            required=False,
            help="Empty when there is no way back. On the same host: it gets the same headers.",
        ),
        StepField(name="undo_body", label="Body of the undo", type=FieldType.JSON, required=False),
    )

    def check(self, settings: Mapping[str, str]) -> None:
        _headers(settings)
        undo = settings.get("undo_url", "")
        if undo and _host(undo) != _host(settings["url"]):
            raise SettingUnclear(field="undo_url", reason="The undo goes to the same host.")

    def target(self, settings: Mapping[str, str]) -> str:
        parts = urlsplit(settings["url"])
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def dry_run(self, settings: Mapping[str, str], *, time_limit_s: float) -> StepResult:
        request = _request(settings)
        asyncio.run(_reachable(request.url, time_limit_s))
        return StepResult(ok=True, log=f"Would send {_said(request, settings)}")

    def run(self, settings: Mapping[str, str], *, time_limit_s: float) -> StepResult:
        return _sent(_request(settings), time_limit_s)

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
        if not settings.get("undo_url"):
            return None
        return _sent(_request(settings, "undo_"), time_limit_s)


def _request(settings: Mapping[str, str], prefix: str = "") -> _Request:
    headers = _headers(settings)
    body = settings.get(f"{prefix}body", "").encode()
    if body:
        headers.setdefault("Content-Type", "application/json")
    if settings.get("authorization"):
        headers["Authorization"] = settings["authorization"]
    return _Request(
        method=settings.get(f"{prefix}method") or "POST",
        url=settings[f"{prefix}url"],
        headers=headers,
        body=body,
    )


def _headers(settings: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in settings.get("headers", "").splitlines():
        if not line.strip():
            continue
        header = _HEADER.fullmatch(line.strip())
        if header is None:
            raise SettingUnclear(
                field="headers", reason=f'Cannot read the header "{line[:40]}". Write Name: value.'
            )
        if header[1].lower() in _RESERVED:
            raise SettingUnclear(field="headers", reason=f"{header[1]} cannot be set here.")
        found[header[1]] = header[2]
    return found


def _sent(request: _Request, time_limit_s: float) -> StepResult:
    answer = asyncio.run(_send(request, time_limit_s))
    text = answer.body[: 4 * _MOST_SHOWN].decode("utf-8", "replace")[:_MOST_SHOWN].strip()
    said = f"{request.method} {request.url} answered {answer.status}."
    return StepResult(
        ok=answer.status in _OK,
        log="\n".join(line for line in (said, text) if line),
        memory={"status": str(answer.status)},
    )


async def _send(request: _Request, time_limit_s: float) -> Response:
    return await outgoing.request(
        request.method,
        request.url,
        headers=request.headers,
        content=request.body,
        timeout_s=time_limit_s,
    )


async def _reachable(url: str, time_limit_s: float) -> None:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    async with asyncio.timeout(time_limit_s):
        await safe_address(parts.hostname or "", port)


def _said(request: _Request, settings: Mapping[str, str]) -> str:
    names = [name for name in request.headers if name != "Authorization"]
    more = ["with the secret Authorization header"] if settings.get("authorization") else []
    more += [f"with the headers {', '.join(names)}"] if names else []
    head = f"{request.method} {request.url}" + "".join(f", {one}" for one in more)
    return f"{head}:\n{request.body.decode()}" if request.body else f"{head}."


def _host(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
