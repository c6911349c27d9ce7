"""The whole web process as one ASGI application: senders' paths first, Django for all others.

Any ASGI server can run it. `serve` runs it on uvicorn with `door_protocol`, which answers senders'
requests without a task or an ASGI message for each.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import Any

import uvicorn
import uvloop
from django.conf import settings

from evenfall.alerting import actions
from evenfall.alerting.intake.door import Refused
from evenfall.alerting.intake.repeats import Sighting
from evenfall.alerting.intake.service import Intake
from evenfall.alerting.ports import Answer, Refusal
from evenfall.config import intake_routes, kept_answers
from evenfall.config.asgi import application as django
from evenfall.config.collecting import collect_seldom
from evenfall.config.door_protocol import DoorProtocol, watch_connections
from evenfall.config.kept_answers import Asked, KeptAnswers
from evenfall.config.timing import Message, Send, timed
from evenfall.platform.clock import utc_now
from evenfall.platform.database import dsn, in_lent_connection
from evenfall.platform.logs import get_logger

log = get_logger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Application = Callable[[Any, Any, Any], Awaitable[None]]

RETRY_AFTER_S = 2
# pages and the API; senders have limits of their own
PAGE_LIMIT = 10_000_000


class FrontDoor:
    """ASGI application with lifespan; `intake` is there between start-up and shut-down.

    `pages` answers all that is not for senders.
    """

    def __init__(self, pages: Application = django) -> None:
        self._pages = pages
        self.intake: Intake | None = None
        self.kept = KeptAnswers()
        self._fetched: dict[Asked, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        route = intake_routes.find(scope["path"]) if scope["type"] == "http" else None
        if route is None or scope["method"].encode() not in intake_routes.METHODS:
            await self._hand_on(scope, _limited(receive, PAGE_LIMIT), timed(send))
            return
        method, headers = scope["method"], scope["headers"]
        route, kept = intake_routes.heard(route, method=method, url=_url(scope), headers=headers)
        await self._take_in(route, kept, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        self.intake = Intake(dsn(), save_sightings=_save_sightings, save_refused=_save_refused)
        await self.intake.start()
        scope["state"]["intake"] = self.intake
        scope["state"]["kept"] = self.kept
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.intake.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _hand_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Django answer; what everybody may have is kept, and stands in when Django fails."""
        asked = _asked(scope) if scope["type"] == "http" else None
        if asked is None:
            await self._pages(scope, receive, send)
            return
        if found := await self._from_another(asked):
            await _say_kept(send, found)
            return
        keeper = Keeper(self.kept, asked, send)
        whole = kept_answers.without_condition(scope) if self.kept.knows(asked) else scope
        with self._fetching(asked):
            await self._pages(whole, receive, keeper.send)

    async def _from_another(self, asked: Asked) -> kept_answers.Answer | None:
        """What a request for the same, which is under way, gets; None where nothing is kept of it.

        Of a crowd that comes at once to a page that nobody has read yet, one asks Django.
        """
        under_way = self._fetched.get(asked)
        if under_way is None:
            return None
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(under_way.wait(), kept_answers.PATIENCE_S)
        return self.kept.find(asked, time.monotonic()) if self.kept.knows(asked) else None

    @contextlib.contextmanager
    def _fetching(self, asked: Asked) -> Iterator[None]:
        if asked in self._fetched:  # the one before takes too long, or its answer is not kept
            yield
            return
        over = self._fetched[asked] = asyncio.Event()
        try:
            yield
        finally:
            del self._fetched[asked]
            over.set()

    async def _take_in(
        self, route: intake_routes.Route, kept: bytes, receive: Receive, send: Send
    ) -> None:
        """The slow way: requests that follow one another without waiting, and other servers."""
        body = await _body(receive, route.limit)
        if body is None:
            await _answer(send, route.format.refused(Refusal.TOO_LARGE))
            return
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        if self.intake is None:
            await _answer(send, route.format.refused(Refusal.OVERLOADED))
            return
        self.intake.receive(route.format, route.key, kept + body, answered.set_result)
        await _answer(send, await answered)


class Keeper:
    """Looks at one answer of Django on its way out."""

    def __init__(self, kept: KeptAnswers, asked: Asked, send: Send) -> None:
        self._kept, self._asked, self._send = kept, asked, send
        self._start: Message = {}
        self._body = bytearray()
        self._is_kept = self._is_replaced = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif not self._is_replaced:
            await self._go_on(message)

    async def _begin(self, message: Message) -> None:
        self._start, status = message, message["status"]
        headers = {name.lower(): value for name, value in message["headers"]}
        self._is_kept = kept_answers.may_keep(status, headers)
        instead = None
        if kept_answers.is_failure(status):
            instead = self._kept.instead(self._asked, time.monotonic())
        elif not self._is_kept:
            self._kept.drop(self._asked)
        if instead is None:
            await self._send(message)
            return
        self._is_replaced = True
        await _say_kept(self._send, instead)

    async def _go_on(self, message: Message) -> None:
        if self._is_kept:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                now, headers = time.monotonic(), self._start["headers"]
                self._kept.keep(self._asked, headers, bytes(self._body), now)
        await self._send(message)


application = FrontDoor()


async def _say_kept(send: Send, found: kept_answers.Answer) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": found.headers})
    await send({"type": "http.response.body", "body": found.body})


def _asked(scope: Scope) -> Asked | None:
    found = kept_answers.asked_for(scope["method"].encode(), _url(scope), scope["headers"])
    return found[0] if found else None


def _url(scope: Scope) -> bytes:
    query: bytes = scope["query_string"]
    raw: bytes = scope["raw_path"]
    return raw + b"?" + query if query else raw


async def _body(receive: Receive, limit: int) -> bytes | None:
    """Return the request's body, None where it is larger than `limit` bytes."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        more = message.get("more_body", False)
    return bytes(body)


def _limited(receive: Receive, limit: int) -> Receive:
    """End requests whose body is too large as if the client had gone: nothing reads further."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if seen > limit else message

    return limited


async def _answer(send: Send, answer: Answer) -> None:
    headers = [
        (b"content-type", answer.content_type.encode()),
        (b"content-length", str(len(answer.body)).encode()),
    ]
    if answer.status == 503:  # noqa: PLR2004 - Service Unavailable
        headers.append((b"retry-after", str(RETRY_AFTER_S).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _save_sightings(sightings: Sequence[Sighting]) -> None:
    await asyncio.to_thread(in_lent_connection, partial(_prolong, sightings))


def _prolong(sightings: Sequence[Sighting]) -> None:
    actions.prolong_alerts(sightings=sightings, now=utc_now())


async def _save_refused(refused: Refused) -> None:
    await asyncio.to_thread(in_lent_connection, partial(_note, refused))


def _note(refused: Refused) -> None:
    actions.note_unknown_keys(
        count=refused.count,
        first_at=refused.first_at,
        last_at=refused.last_at,
        ends_with=refused.ends_with,
    )


def serve() -> None:
    """Serve until SIGINT or SIGTERM, then finish what is under way."""
    config = uvicorn.Config(
        application,
        host=settings.EVENFALL.host,
        port=settings.EVENFALL.port,
        http=DoorProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
        backlog=2048,
    )
    collect_seldom()
    uvloop.run(_serve(uvicorn.Server(config)))


async def _serve(server: uvicorn.Server) -> None:
    watch = asyncio.create_task(watch_connections(server.server_state))
    try:
        await server.serve()
    finally:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch
