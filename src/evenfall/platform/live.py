"""Live updates: what changed, told to the browsers that look at it.

One LISTEN connection for each web process hears the subjects of published events; every open
page subscribes to its topics. Only names travel ("incident:17"), never content: the browser
fetches what changed with its own rights.

A page knows from which place on it must hear (`position`, taken before anything of it was read),
and a stream begins there: what changes between the reading of a page and the opening of its
stream, or while a connection is down, is told late and never lost.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from typing import NamedTuple

import psycopg
from django.http import HttpRequest, HttpResponse

from evenfall.platform.database import dsn
from evenfall.platform.events import LIVE_CHANNEL, new_mark
from evenfall.platform.logs import get_logger

ANYTHING = "*"
MOST_KEPT = 1000
"""Changes that a stream may lie behind; further back than that, anything may have changed."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 5.0

type _Heard = deque[tuple[str, str]]
"""Marks, and what changed; the newest last."""

log = get_logger(__name__)


class Told(NamedTuple):
    """Subjects that changed, space-separated, or ``*`` for "any"; and the place after them."""

    changed: str
    position: str


class Hub:
    """Keeps what was heard lately and tells it to the subscribers of one event loop.

    It begins to listen with the first subscriber and goes on for the life of its process: a page
    that is read while nobody subscribes must be told what it missed, too. A place is the mark of
    what was heard last. PostgreSQL tells all listeners the same in the same order, so a stream may
    go on in another process than the one that its page came from.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._heard: _Heard = deque()
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def position(self) -> str:
        """The place after all that was heard; "" while nobody listens. For any thread."""
        heard = self._heard  # may be exchanged meanwhile, but never gets empty
        return heard[-1][0] if heard else ""

    async def subscribe(self, topics: frozenset[str], *, since: str = "") -> AsyncIterator[Told]:
        """Yield what changed of those topics after the place ``since``, and go on for ever.

        It begins with ``*`` where what came since is not known: no place, one from before this
        process listened, one more than ``MOST_KEPT`` changes ago.
        """
        self._ensure_listening()
        while True:
            news = self._news
            if self._heard:
                hit = self._hits_since(since, topics)
                since = self.position
                if hit:
                    yield Told(hit, since)
            await news.wait()

    def _hits_since(self, since: str, topics: frozenset[str]) -> str:
        changes: list[str] = []
        for mark, changed in reversed(self._heard):
            if mark == since:
                return _hits(changes, topics)
            changes.append(changed)
        return ANYTHING

    def _ensure_listening(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        pause = _FIRST_PAUSE_S
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._dsn, autocommit=True, connect_timeout=5
                ) as listener:
                    await listener.execute(f"LISTEN {LIVE_CHANNEL}")
                    pause = _FIRST_PAUSE_S
                    await self._hear_all(listener)
            except psycopg.OperationalError as error:
                log.warning("lost the live connection", error=str(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    async def _hear_all(self, listener: psycopg.AsyncConnection) -> None:
        """Begin at a new place: what was missed before this connection is unknown."""
        self._heard = deque([(new_mark(), "")], maxlen=MOST_KEPT)
        self._wake()
        try:
            async for note in listener.notifies():
                mark, _, changed = note.payload.partition(" ")
                self._heard.append((mark, changed))
                self._wake()
        finally:
            self._heard = deque()

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


def _hits(changes: Iterable[str], topics: frozenset[str]) -> str:
    """Return the topics concerned; a topic without an id ("alert") means every such subject."""
    words = [word for changed in changes for word in changed.split()]
    if ANYTHING in words:
        return ANYTHING
    return " ".join(
        dict.fromkeys(
            topic for word in words for topic in (word, word.partition(":")[0]) if topic in topics
        )
    )


_hubs: dict[int, Hub] = {}


def hub() -> Hub:
    """Return the hub of the running event loop."""
    return _hubs.setdefault(id(asyncio.get_running_loop()), Hub(dsn()))


async def subscribe(topics: frozenset[str], *, since: str = "") -> AsyncIterator[Told]:
    """Yield what changed among ``topics``, for ever; see ``Hub.subscribe``."""
    async for told in hub().subscribe(topics, since=since):
        yield told


def position() -> str:
    """The place that this process has heard up to, from any thread; "" before it listens."""
    newest = next(reversed(_hubs.values()), None)
    return newest.position if newest else ""


class LivePositionMiddleware:
    """Every page knows what it must hear from: the place before anything of it was read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.live_from = position()  # type: ignore[attr-defined]  # read by base.html alone
        return self._get_response(request)
