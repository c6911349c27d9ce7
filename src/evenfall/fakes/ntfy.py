"""ntfy: publishing as JSON, the clearing of a message, and protected topics.

A topic whose name begins with "private" asks for a token that begins with "tk_", or for any user
and password: without one 403, with a wrong one 401. A reader taps a button with
``POST /_/ntfy/tap {"topic": …, "button": "Acknowledge"}``.

Faults: hang, status, refuse (`code` is ntfy's: 40101, 40301, 41303, 42901, 42908 …), lose, crash.
"""

import secrets
import time
from collections.abc import Sequence
from typing import Any, override

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes.faults import FaultKind
from evenfall.fakes.vendor import ConnectionCut, Vendor

MOST_ACTIONS = 3
MOST_BYTES = 4096
_WORDS = {
    40009: "invalid request: topic invalid",
    40017: "invalid request: request body must be message JSON",
    40018: "invalid request: actions invalid",
    40101: "unauthorized",
    40301: "forbidden",
    40401: "page not found",
    41303: "JSON body too large",
    42901: "limit reached: too many requests, please be nice",
    42908: "limit reached: too many messages",
    50701: "cannot publish to UnifiedPush topic without previously active subscriber",
}


class Ntfy(Vendor):
    """One ntfy server. `cleared` are the (topic, sequence id) that were taken from screens."""

    name = "ntfy"
    faults_known = frozenset(
        {
            FaultKind.HANG,
            FaultKind.STATUS,
            FaultKind.REFUSE,
            FaultKind.LOSE,
            FaultKind.CRASH,
        }
    )

    def __init__(self) -> None:
        super().__init__()
        self.cleared: list[tuple[str, str]] = []

    @override
    def clear(self) -> None:
        super().clear()
        self.cleared.clear()

    @override
    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/", self._publish, methods=["POST", "PUT"]),
            Route("/{topic}/{sequence}/clear", self._clear, methods=["PUT"]),
        ]

    @override
    def people_routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/tap", self._tap, methods=["POST"]),
            Route("/cleared", self._cleared, methods=["GET"]),
        ]

    # what the vendor does

    async def _publish(self, request: Request) -> Response:
        fault = self.faults.next(text=(await request.body()).decode("utf-8", "replace"))
        if (answer := await self.strike(fault)) is not None:
            return answer
        if fault is not None and fault.kind is FaultKind.REFUSE:
            return _refused(fault.code, fault.retry_after_s)
        try:
            body = await request.json()
        except ValueError:
            return _refused(40017)
        if (code := _fault_of(body, request)) is not None:
            return _refused(code)
        arrives = fault is None or fault.kind is not FaultKind.LOSE
        text = "\n".join(str(body.get(key, "")) for key in ("title", "message", "click"))
        self.keep(to=body["topic"], text=text, body=body, arrived=arrives)
        if fault is not None and fault.kind is FaultKind.CRASH:
            raise ConnectionCut
        now = int(time.time())
        told = {"id": secrets.token_urlsafe(9)[:12], "time": now, "expires": now + 43_200}
        return JSONResponse({**told, "event": "message", **body})

    async def _clear(self, request: Request) -> Response:
        topic, sequence = request.path_params["topic"], request.path_params["sequence"]
        if (code := _access(topic, request)) is not None:
            return _refused(code)
        self.cleared.append((topic, sequence))
        return JSONResponse({"event": "message_clear", "topic": topic, "sequence_id": sequence})

    # what a reader does

    async def _tap(self, request: Request) -> Response:
        """The app sends what the button says, from the phone."""
        wish = await request.json()
        newest = [sent for sent in self.sent if sent.to == wish["topic"] and sent.arrived][-1]
        button = next(
            one
            for one in newest.body["actions"]
            if one["label"] == wish["button"] and one["action"] == "http"
        )
        answer = await self.call_back(
            button["url"],
            content=button.get("body", "").encode(),
            headers=button.get("headers", {}),
            method=button.get("method", "POST"),
        )
        return JSONResponse({"status": 0 if answer is None else answer.status_code})

    async def _cleared(self, _request: Request) -> Response:
        return JSONResponse([list(one) for one in self.cleared])


def _fault_of(body: Any, request: Request) -> int | None:  # noqa: ANN401 - JSON of any shape
    if not isinstance(body, dict) or not isinstance(body.get("topic"), str):
        return 40009
    if len(body.get("actions", ())) > MOST_ACTIONS:
        return 40018
    if len(str(body.get("message", "")).encode()) > MOST_BYTES:
        return 41303
    return _access(body["topic"], request)


def _access(topic: str, request: Request) -> int | None:
    if not topic.startswith("private"):
        return None
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return 40301
    return None if scheme == "Basic" or token.startswith("tk_") else 40101


def _refused(code: int, retry_after_s: int | None = None) -> Response:
    status = code // 100
    headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
    told = {"code": code, "http": status, "error": _WORDS.get(code, "error")}
    return JSONResponse(told, status_code=status, headers=headers)
