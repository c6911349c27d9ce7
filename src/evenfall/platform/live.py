"""Live updates: what changed, told to the browsers that look at it.

One LISTEN connection for each web process hears the subjects of published events; every open
page subscribes to its topics. Only names travel ("incident:17"), never content: the browser
fetches what changed with its own rights.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import psycopg

from evenfall.platform.database import dsn
from evenfall.platform.events import LIVE_CHANNEL
from evenfall.platform.logs import get_logger

ANYTHING = "*"
_QUEUE_LIMIT = 100

log = get_logger(__name__)


class Hub:
    """Fans the notifications out to the subscribers of one event loop."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._queues: set[asyncio.Queue[str]] = set()
        self._task: asyncio.Task[None] | None = None

    async def subscribe(self, topics: frozenset[str]) -> AsyncIterator[str]:
        """Yield space-separated subjects that changed, of those asked for; ``*`` means "any"."""
        queue: asyncio.Queue[str] = asyncio.Queue(_QUEUE_LIMIT)
        self._queues.add(queue)
        self._ensure_listening()
        try:
            while True:
                changed = await queue.get()
                hit = changed if changed == ANYTHING else _hits(changed, topics)
                if hit:
                    yield hit
        finally:
            self._queues.discard(queue)

    def _ensure_listening(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        pause = 0.1
        while self._queues:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._dsn, autocommit=True, connect_timeout=5
                ) as listener:
                    await listener.execute(f"LISTEN {LIVE_CHANNEL}")
                    self._tell(ANYTHING)  # whatever was missed while we were away
                    pause = 0.1
                    await self._forward(listener)
            except psycopg.OperationalError as error:
                log.warning("lost the live connection", error=str(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _forward(self, listener: psycopg.AsyncConnection) -> None:
        while self._queues:
            async for note in listener.notifies(timeout=5.0):
                self._tell(note.payload)

    def _tell(self, changed: str) -> None:
        for queue in self._queues:
            with contextlib.suppress(asyncio.QueueFull):  # a slow reader fetches everything later
                queue.put_nowait(changed)


def _hits(changed: str, topics: frozenset[str]) -> str:
    """Return the topics concerned; a topic without an id ("alert") means every such subject."""
    words = changed.split()
    return " ".join(
        dict.fromkeys(
            topic for word in words for topic in (word, word.partition(":")[0]) if topic in topics
        )
    )


_hubs: dict[int, Hub] = {}


def hub() -> Hub:
    """Return the hub of the running event loop."""
    return _hubs.setdefault(id(asyncio.get_running_loop()), Hub(dsn()))


async def subscribe(topics: frozenset[str]) -> AsyncIterator[str]:
    """Yield what changed among ``topics``, for ever; see ``Hub.subscribe``."""
    async for changed in hub().subscribe(topics):
        yield changed
