"""What the fakes of issue trackers share: issues, faults at each call, webhooks of each change."""

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, override

from msgspec import Struct, field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes.faults import OF_CALLBACKS, OF_REQUESTS, Fault, FaultKind
from evenfall.fakes.vendor import ConnectionCut, Vendor

NOT_FOUND = 404
GONE = 410


class Stored(Struct, kw_only=True):
    """One issue; `reason` is how it was closed, in the tracker's words."""

    number: int
    title: str
    body: str
    labels: list[str] = field(default_factory=list)
    is_open: bool = True
    reason: str = ""


class IssueTracker(Vendor):
    """A tracker with one project. Closing and opening tell the address of the webhook, if any.

    A reader sets the webhook (POST /hook), closes, opens, removes or makes an issue (POST /close,
    /open, /remove, /make), as somebody does in the tracker itself.
    """

    faults_known = frozenset(
        {
            FaultKind.HANG,
            FaultKind.STATUS,
            FaultKind.REFUSE,
            FaultKind.CRASH,
            FaultKind.DUPLICATE_CALLBACK,
            FaultKind.REVERSED_CALLBACKS,
            FaultKind.LATE_CALLBACK,
            FaultKind.BAD_SIGNATURE,
        }
    )

    def __init__(self) -> None:
        super().__init__()
        self.issues: dict[int, Stored] = {}
        self.removed: set[int] = set()
        self.writes = 0  # calls that changed something
        self._hook = ("", "")
        self._held: list[tuple[dict[str, str], bytes]] = []

    @abstractmethod
    def refused(self, status: int, *, retry_after_s: int | None = None) -> Response:
        """The tracker's own words for this status."""

    @abstractmethod
    def webhook(self, stored: Stored, event: str, secret: str) -> tuple[dict[str, str], bytes]:
        """Headers and body of what is told; `event` is made, closed, opened or removed."""

    @override
    def people_routes(self) -> Sequence[BaseRoute]:
        paths = {
            "/hook": self._set_hook,
            "/make": self._make_by_hand,
            "/close": self._close_by_hand,
            "/open": self._open_by_hand,
            "/remove": self._remove_by_hand,
        }
        return [Route(path, act, methods=["POST"]) for path, act in paths.items()]

    @override
    def clear(self) -> None:
        super().clear()
        self.issues.clear()
        self.removed.clear()
        self.writes = 0
        self._held.clear()

    def make(self, *, title: str, body: str, labels: Sequence[str] = ()) -> Stored:
        number = len(self.issues) + len(self.removed) + 1
        stored = Stored(number=number, title=title, body=body, labels=list(labels))
        self.issues[number] = stored
        self.writes += 1
        self.keep(to=str(number), text=title, body={"body": body})
        self.tell(stored, "made")
        return stored

    def put(self, stored: Stored, *, is_open: bool, reason: str = "") -> None:
        """Open or close; what is so already changes nothing and tells nobody."""
        if stored.is_open == is_open:
            return
        stored.is_open, stored.reason = is_open, reason
        self.writes += 1
        self.tell(stored, "opened" if is_open else "closed")

    def missing(self, number: int) -> Response | None:
        """The answer about an issue that is not there (any more)."""
        if number in self.removed:
            return self.refused(GONE)
        return None if number in self.issues else self.refused(NOT_FOUND)

    async def stricken(self, text: str) -> Response | None:
        """The answer that a planned fault gives to a call, before anything is done."""
        fault = self.faults.next(OF_REQUESTS - {FaultKind.CRASH}, text=text)
        if fault is not None and fault.kind is FaultKind.REFUSE:
            return self.refused(fault.code, retry_after_s=fault.retry_after_s)
        return await self.strike(fault)

    def crash(self, text: str) -> None:
        """Cut the connection after the work, where such a fault is planned."""
        if self.faults.next({FaultKind.CRASH}, text=text) is not None:
            raise ConnectionCut

    def tell(self, stored: Stored, event: str) -> None:
        url, secret = self._hook
        if url:
            fault = self.faults.next(OF_CALLBACKS, text=stored.title)
            is_bad = fault is not None and fault.kind is FaultKind.BAD_SIGNATURE
            told = self.webhook(stored, event, f"not {secret}" if is_bad else secret)
            self.later(self._told(url, told, fault))

    async def _told(
        self, url: str, told: tuple[dict[str, str], bytes], fault: Fault | None
    ) -> None:
        if fault is not None and fault.kind is FaultKind.REVERSED_CALLBACKS:
            self._held.append(told)  # comes after the next one
            return
        if fault is not None and fault.kind is FaultKind.LATE_CALLBACK:
            await asyncio.sleep(fault.seconds)
        times = 2 if fault is not None and fault.kind is FaultKind.DUPLICATE_CALLBACK else 1
        held, self._held = self._held, []
        for headers, body in (told,) * times + tuple(held):
            await self.call_back(url, content=body, headers=headers)

    # what somebody does in the tracker itself

    async def _set_hook(self, request: Request) -> Response:
        said = await request.json()
        self._hook = (said["url"], said.get("secret", ""))
        return JSONResponse({})

    async def _make_by_hand(self, request: Request) -> Response:
        said = await request.json()
        stored = self.make(title=said["title"], body=said.get("body", ""))
        return JSONResponse({"number": stored.number}, status_code=201)

    async def _close_by_hand(self, request: Request) -> Response:
        said = await request.json()
        self.put(self.issues[said["number"]], is_open=False, reason=said.get("reason", ""))
        return JSONResponse({})

    async def _open_by_hand(self, request: Request) -> Response:
        said = await request.json()
        self.put(self.issues[said["number"]], is_open=True)
        return JSONResponse({})

    async def _remove_by_hand(self, request: Request) -> Response:
        said = await request.json()
        stored = self.issues.pop(said["number"])
        self.removed.add(stored.number)
        self.tell(stored, "removed")
        return JSONResponse({})


def number_of(request: Request) -> int:
    """The number in the path; 0 for none."""
    told: Any = request.path_params.get("number", "")
    return int(told) if str(told).isdecimal() else 0
