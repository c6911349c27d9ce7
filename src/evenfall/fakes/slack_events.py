"""How the fake Slack tells an app what people did: signed requests, or Socket Mode."""

import asyncio
import contextlib
import hashlib
import hmac
import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct, field
from starlette.websockets import WebSocket, WebSocketDisconnect

ACKNOWLEDGE_WITHIN_S = 3.0


class App(Struct):
    """How the app is set up: where Slack calls it, and which secret it checks."""

    signing_secret: str = ""
    interactions_url: str = ""
    commands_url: str = ""
    seconds_ahead: float = 0.0  # how far its clock is ahead of ours


def signed(body: bytes, app: App, *, spoilt: bool = False) -> dict[str, str]:
    """The headers of a genuine request; with `spoilt` the signature is made with another key."""
    stamp = str(int(time.time() + app.seconds_ahead))
    key = f"not {app.signing_secret}" if spoilt else app.signing_secret
    base = b"v0:" + stamp.encode() + b":" + body
    proof = hmac.new(key.encode(), base, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={proof}",
    }


def form_of(kind: str, payload: dict[str, Any]) -> bytes:
    """A request's body: a tap is one field with JSON, a command a plain form."""
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}).encode()
    return urlencode(payload).encode()


class Socket(Struct):
    """One open connection. What is not acknowledged in time is sent again."""

    web: WebSocket
    acknowledged: dict[str, asyncio.Event] = field(default_factory=dict)


class Sockets:
    """The connections of Socket Mode; a ticket is good for one of them."""

    def __init__(self) -> None:
        self._tickets = set[str]()
        self._numbers = itertools.count(1)
        self.open: list[Socket] = []
        self.opened = 0

    def ticket(self) -> str:
        made = f"t{next(self._numbers)}"
        self._tickets.add(made)
        return made

    async def serve(self, web: WebSocket) -> None:
        ticket = web.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await web.close(1008)
            return
        self._tickets.discard(ticket)
        await web.accept()
        socket = Socket(web=web)
        self.open.append(socket)
        self.opened += 1
        try:
            await web.send_json(
                {"type": "hello", "num_connections": len(self.open), "connection_info": {}}
            )
            while True:
                said = await web.receive_json()
                event = socket.acknowledged.get(said.get("envelope_id", ""))
                if event is not None:
                    event.set()
        except WebSocketDisconnect:
            pass
        finally:
            if socket in self.open:
                self.open.remove(socket)

    async def deliver(self, kind: str, payload: dict[str, Any], *, times: int = 1) -> bool:
        """Send an envelope until some connection acknowledges it; False when none did."""
        envelope = f"e{next(self._numbers)}"
        for _ in range(5):
            if await self._deliver_once(envelope, kind, payload, times):
                return True
        return False

    async def _deliver_once(
        self, envelope: str, kind: str, payload: dict[str, Any], times: int
    ) -> bool:
        if not self.open:
            await asyncio.sleep(0.5)
            return False
        socket = self.open[-1]
        event = socket.acknowledged.setdefault(envelope, asyncio.Event())
        message = {
            "type": kind,
            "envelope_id": envelope,
            "payload": payload,
            "accepts_response_payload": kind == "slash_commands",
        }
        with contextlib.suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
            for _ in range(times):
                await socket.web.send_json(message)
            await asyncio.wait_for(event.wait(), ACKNOWLEDGE_WITHIN_S)
            return True
        return False

    async def disconnect(self, reason: str) -> None:
        """Tell every connection to go away, as Slack does every few hours, then close it."""
        for socket in list(self.open):
            self.open.remove(socket)
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await socket.web.send_json({"type": "disconnect", "reason": reason})
