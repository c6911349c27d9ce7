"""The network half of chat: one event loop, and one thread that writes the answers down."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final

from django.db import connection

from evenfall.chat import actions
from evenfall.chat.actions import Delivered, Errand, Hearing, Opened, OpeningErrand
from evenfall.chat.ports import ChatError, Reply
from evenfall.platform.clock import utc_now
from evenfall.platform.database import in_lent_connection
from evenfall.platform.logs import get_logger
from evenfall.platform.loops import LoopThread
from evenfall.platform.metrics import histogram

log = get_logger(__name__)
CALL_S: Final = 10.0
MOST_OUT: Final = 100
duration = histogram("evenfall_chat_seconds", "Time a chat tool took to answer", ("tool", "call"))


class Desk:
    """Speaks with the tools. Nothing here is shared with the sender of pages.

    Its threads start with the first errand. `timeout_s` ends a call that hangs; then it counts as
    failed, although the tool may have done it.
    """

    def __init__(
        self, *, clock: Callable[[], datetime] | None = None, timeout_s: float = CALL_S
    ) -> None:
        self._clock = clock or utc_now
        self._timeout_s = timeout_s
        self._loop = LoopThread("chat outbound")
        self._writer: ThreadPoolExecutor | None = None
        self._out = 0
        self._changed = threading.Condition()

    @property
    def free(self) -> int:
        """How many more calls may start now."""
        with self._changed:
            return max(0, MOST_OUT - self._out)

    def deliver(self, errand: Errand) -> None:
        self._start(self._deliver(errand))

    def open_room(self, errand: OpeningErrand) -> None:
        self._start(self._open_room(errand))

    def answer(self, hearing: Hearing) -> None:
        self._start(self._answer(hearing))

    def wait_until_idle(self, timeout_s: float = CALL_S + 1) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._out == 0, timeout_s)

    def stop(self) -> None:
        """Let what is out come back, then end the threads."""
        if self._writer is None:
            return
        self.wait_until_idle()
        self._writer.submit(_close).result()
        self._writer.shutdown()
        self._loop.stop()
        self._writer = None

    def _start(self, work: Awaitable[None]) -> None:
        if self._writer is None:
            self._writer = ThreadPoolExecutor(1, thread_name_prefix="chat records")
            self._loop.start()
        with self._changed:
            self._out += 1
        self._loop.begin([self._whole(work)])

    async def _whole(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception:
            # its row is claimed again when the lease ends
            log.exception("an errand of chat failed")
        finally:
            with self._changed:
                self._out -= 1
                self._changed.notify_all()

    async def _deliver(self, errand: Errand) -> None:
        answer = await self._call(errand.service.type, "post", _send(errand))
        delivered = Delivered(
            errand=errand,
            reference=answer if isinstance(answer, str) else "",
            error=answer if isinstance(answer, ChatError) else None,
        )
        await self._write(lambda: actions.record_delivery(delivered=delivered, now=self._clock()))

    async def _open_room(self, errand: OpeningErrand) -> None:
        opening = errand.service.open_room(errand.account, errand.name, errand.members)
        answer = await self._call(errand.service.type, "open_room", opening)
        opened = (
            Opened(errand=errand, error=answer)
            if isinstance(answer, ChatError)
            else Opened(errand=errand, room=answer)
        )
        await self._write(lambda: actions.record_opening(opened=opened, now=self._clock()))

    async def _answer(self, hearing: Hearing) -> None:
        reply = hearing.reply
        if reply is None:
            reply = await self._answer_as_known(hearing)
        if reply is None or not hearing.reply_to:
            return
        telling = hearing.service.reply(hearing.account, hearing.reply_to, reply)
        answer = await self._call(hearing.service.type, "reply", telling)
        if isinstance(answer, ChatError):
            log.warning("nobody could be told", tool=hearing.service.type, error=answer.message)

    async def _answer_as_known(self, hearing: Hearing) -> Reply | None:
        looking = hearing.service.known_as(hearing.account, hearing.address)
        found = await self._call(hearing.service.type, "known_as", looking)
        addresses = () if isinstance(found, ChatError) else found
        return await self._write(
            lambda: actions.answer_as(
                said_id=hearing.said_id, addresses=addresses, now=self._clock()
            )
        )

    async def _call[T](self, tool: str, name: str, call: Awaitable[T]) -> T | ChatError:
        """What the tool answered; whatever goes wrong becomes an answer too."""
        try:
            with duration.labels(tool, name).time():
                async with asyncio.timeout(self._timeout_s):
                    return await call
        except ChatError as error:
            return error
        except TimeoutError:
            return ChatError(f"no answer within {self._timeout_s:g} s")
        except Exception as error:
            log.exception("a chat tool failed", tool=tool, call=name)
            return ChatError(f"{type(error).__name__} in {tool}")

    async def _write[T](self, write: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            self._writer, in_lent_connection, write
        )


async def _send(errand: Errand) -> str:
    service = errand.service
    if errand.is_edit:
        await service.edit(errand.account, errand.room, errand.reference, errand.card)
        return errand.reference
    return await service.post(errand.account, errand.room, errand.card)


def _close() -> None:
    connection.close()  # that of the writer's own thread
