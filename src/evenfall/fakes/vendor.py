"""What every fake has: its messages, its faults and its routes."""

import asyncio
import functools
import ssl
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Sequence
from typing import Any

import httpx
from msgspec import Struct, field
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from evenfall.fakes.faults import Fault, FaultKind, Faults

CALLBACK_TIMEOUT_S = 10.0


@functools.cache
def _known_authorities() -> ssl.SSLContext:
    """Read once: it takes longer than many callbacks."""
    return ssl.create_default_context()


class Sent(Struct, kw_only=True):
    """One message as the vendor got it: `to` is the address, `body` its form or JSON."""

    number: int
    to: str
    text: str
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    arrived: bool = True


class Vendor(ABC):
    """One fake. Its routes hang below ``/<name>``, those of its people below ``/_/<name>``."""

    name: str
    faults_known: frozenset[FaultKind]

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.faults = Faults()
        self.callbacks: list[tuple[str, int]] = []  # address, status of the answer
        self._running: set[asyncio.Task[None]] = set()

    @abstractmethod
    def routes(self) -> Sequence[BaseRoute]:
        """What the vendor itself serves, with paths as in its documentation."""

    def people_routes(self) -> Sequence[BaseRoute]:
        """What the reader of a message can do, such as ``POST /reply``."""
        return ()

    def keep(self, *, to: str, text: str, body: dict[str, Any], arrived: bool = True) -> Sent:
        sent = Sent(number=len(self.sent) + 1, to=to, text=text, body=body, arrived=arrived)
        self.sent.append(sent)
        return sent

    def clear(self) -> None:
        self.sent.clear()
        self.callbacks.clear()
        self.faults.clear()

    async def strike(self, fault: Fault | None) -> Response | None:
        """The answer that a general fault gives instead of the vendor's own, if it is one."""
        if fault is None:
            return None
        if fault.kind is FaultKind.HANG:
            await asyncio.sleep(fault.seconds or 3600.0)
            return Response(status_code=504)
        if fault.kind is FaultKind.STATUS:
            headers = {}
            if fault.retry_after_s is not None:
                headers["Retry-After"] = str(fault.retry_after_s)
            body = {"error": f"fault {fault.status}"}
            return JSONResponse(body, status_code=fault.status, headers=headers)
        return None

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something after the answer, such as a callback."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def call_back(
        self,
        url: str,
        *,
        content: bytes,
        headers: dict[str, str],
        method: str = "POST",
    ) -> httpx.Response | None:
        """Make one callback and remember its status (0: nobody answered)."""
        try:
            async with httpx.AsyncClient(
                verify=_known_authorities(), timeout=CALLBACK_TIMEOUT_S, trust_env=False
            ) as client:
                answer = await client.request(method, url, content=content, headers=headers)
        except httpx.HTTPError:
            self.callbacks.append((url, 0))
            return None
        self.callbacks.append((url, answer.status_code))
        return answer


class ConnectionCut(Exception):
    """Raised in a route to end the connection without an answer (a fault of kind "crash")."""
