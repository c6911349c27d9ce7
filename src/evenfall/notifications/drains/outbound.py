"""The network half of the sender: one event loop, and a count of what is out."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from evenfall.notifications import ports
from evenfall.notifications.actions import Result
from evenfall.notifications.actions.sending import SEND_TIMEOUT
from evenfall.notifications.logic.capacity import room
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.ports import Accepted, Channel, ChannelError, Message
from evenfall.platform.clock import utc_now
from evenfall.platform.logs import get_logger
from evenfall.platform.loops import LoopThread
from evenfall.platform.metrics import histogram

log = get_logger(__name__)
duration = histogram(
    "evenfall_channel_seconds", "Time a provider took to answer", ("channel", "outcome")
)

type Pool = tuple[str, Urgency]


class Outbound:
    """Sends messages and gives each answer to `on_result`, from the thread of its loop."""

    def __init__(
        self,
        *,
        on_result: Callable[[Result], None],
        clock: Callable[[], datetime] | None = None,
        timeout_s: float = SEND_TIMEOUT.total_seconds(),
    ) -> None:
        self._on_result = on_result
        self._clock = clock or utc_now
        self._timeout_s = timeout_s
        self._out: dict[tuple[int, int], tuple[Pool, datetime]] = {}
        self._enough = 0  # at so many that are out somebody is woken
        self._changed = threading.Condition()
        self._loop = LoopThread("notices outbound")

    def start(self) -> None:
        self._loop.start()

    def stop(self) -> None:
        self._loop.stop()

    def prepare(self, kinds: Iterable[str], *, now: datetime) -> None:
        """Let these channels load what they need to send.

        One that cannot says so when it is asked to send.
        """
        for kind in kinds:
            channel = ports.channel(kind)
            if channel is not None:
                _prepare(channel, now)

    def rooms(self, now: datetime) -> dict[Pool, int]:
        """How many notices of each kind and urgency may be claimed now."""
        with self._changed:
            started: dict[Pool, list[datetime]] = defaultdict(list)
            for pool, at in self._out.values():
                started[pool].append(at)
        return {
            (kind, urgency): room(urgency, started[kind, urgency], now=now)
            for kind in ports.kinds()
            for urgency in Urgency
        }

    def send(self, messages: Sequence[tuple[Message, int]], *, now: datetime) -> None:
        """Start to send these, each with the number of its attempt, and return at once."""
        with self._changed:
            for message, attempt in messages:
                self._out[message.notice_id, attempt] = ((message.kind, message.urgency), now)
        self._loop.begin([self._deliver(message, attempt) for message, attempt in messages])

    def wait_until_idle(self, timeout_s: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: not self._out, timeout_s)

    def wait_for_half(self, timeout_s: float) -> None:
        """Wait until half of what is out has come back, or until time runs out.

        One waits at a time. It is not woken by each answer: that would keep the loop from working.
        """
        with self._changed:
            half = self._enough = len(self._out) // 2
            self._changed.wait_for(lambda: len(self._out) <= half, timeout_s)
            self._enough = 0

    async def _deliver(self, message: Message, attempt: int) -> None:
        began = asyncio.get_running_loop().time()
        answer = await self._ask(message)
        took = asyncio.get_running_loop().time() - began
        outcome = "accepted" if isinstance(answer, Accepted) else "refused"
        duration.labels(message.kind, outcome).observe(took)
        self._on_result(
            Result(notice_id=message.notice_id, attempt=attempt, at=self._clock(), answer=answer)
        )
        with self._changed:
            self._out.pop((message.notice_id, attempt), None)
            if not self._out or len(self._out) == self._enough:
                self._changed.notify_all()

    async def _ask(self, message: Message) -> Accepted | ChannelError:
        """The provider's answer; whatever goes wrong becomes an answer too."""
        channel = ports.channel(message.kind)
        if channel is None:
            return ChannelError(f"there is no channel {message.kind}", permanent=False)
        try:
            async with asyncio.timeout(self._timeout_s):
                return await channel.send(message)
        except ChannelError as error:
            return error
        except TimeoutError:
            return ChannelError(f"no answer within {self._timeout_s:g} s", permanent=False)
        except Exception as error:
            log.exception("a channel failed", channel=message.kind, notice=message.notice_id)
            return ChannelError(f"{type(error).__name__} in the channel", permanent=False)


def _prepare(channel: Channel, now: datetime) -> None:
    try:
        channel.prepare(now)
    except Exception:
        log.exception("a channel cannot be prepared", channel=channel.kind)
