"""An event loop in a thread of its own: the network half of whoever else works in threads."""

import asyncio
import threading
from collections.abc import Coroutine, Iterable
from concurrent.futures import Future
from typing import Any

from evenfall.platform.http import outgoing


class LoopThread:
    """Runs coroutines that other threads hand over. `stop` ends it; `start` begins anew.

    Neither may be called by two threads at a time.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._tasks: set[asyncio.Task[None]] = set()  # the loop alone would forget them

    def start(self) -> None:
        """Start the thread unless it runs."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(
                target=self._loop.run_forever, name=self._name, daemon=True
            )
            self._thread.start()

    def begin(self, works: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Begin these together and return at once. They have to catch their errors themselves.

        Raises RuntimeError before `start`.
        """
        self._running().call_soon_threadsafe(self._begin, works)

    def submit[T](self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin this; to cancel the future cancels it. Raises RuntimeError before `start`."""
        return asyncio.run_coroutine_threadsafe(work, self._running())

    def stop(self) -> None:
        """Close the connections to others and end the thread; what still runs is dropped."""
        if self._loop is None or self._thread is None:
            return
        self.submit(outgoing.close()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = self._thread = None
        self._tasks.clear()

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            raise RuntimeError(f"{self._name} was not started")
        return self._loop

    def _begin(self, works: Iterable[Coroutine[Any, Any, None]]) -> None:
        for work in works:
            task = asyncio.ensure_future(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
