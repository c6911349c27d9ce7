"""Requests with a key that nobody has, as far as this process has heard.

A key may be younger than the table of keys: its owner was told of it when it was committed, and
that word reaches the front door some milliseconds later, or a second later on a busy machine. So
only a table that was read after the request came may say that nobody has its key; until then the
request waits. A flood of them costs no more than ten readings a second and a few megabytes.
"""

from collections.abc import Callable

from msgspec import Struct

from evenfall.alerting.ports import Answer, Format

Reply = Callable[[Answer], None]
Later = Callable[[float, Callable[[], None]], object]

# most keys are heard of by themselves within this time
ASK_AFTER_S = 0.1
# no table came: the database is away
GIVE_UP_AFTER_S = 2.0
MOST = 1_000
MOST_BYTES = 8_000_000


class Request(Struct, frozen=True):
    """One request as it came; `came_at` are seconds of the monotonic clock."""

    format: Format
    key: str | None
    body: bytes
    reply: Reply
    came_at: float


class Unheard:
    """Where requests wait for the next table of keys; one event loop only.

    `again` gets each request when a table was read after it came, `too_late` when none was in
    `GIVE_UP_AFTER_S`. `ask` is called when a reading is wanted. `later` runs something in so many
    seconds.
    """

    def __init__(
        self,
        later: Later,
        *,
        ask: Callable[[], None],
        again: Callable[[Request], None],
        too_late: Callable[[Request], None],
    ) -> None:
        self._later = later
        self._ask = ask
        self._again = again
        self._too_late = too_late
        self._waiting: dict[int, Request] = {}
        self._number = 0
        self._size = 0
        self._is_asking = False

    def hold(self, request: Request) -> bool:
        """Let a request wait; False if too much waits already."""
        if len(self._waiting) >= MOST or self._size + len(request.body) > MOST_BYTES:
            return False
        self._number += 1
        number = self._number
        self._waiting[number] = request
        self._size += len(request.body)
        self._later(GIVE_UP_AFTER_S, lambda: self._give_up(number))
        self._ask_soon()
        return True

    def loaded(self, read_at: float) -> None:
        """Let those go who came before the table of keys was read."""
        before = [number for number, one in self._waiting.items() if one.came_at <= read_at]
        for number in before:
            self._again(self._take(number))
        if self._waiting:
            self._ask_soon()

    def _ask_soon(self) -> None:
        if not self._is_asking:
            self._is_asking = True
            self._later(ASK_AFTER_S, self._ask_now)

    def _ask_now(self) -> None:
        self._is_asking = False
        if self._waiting:
            self._ask()

    def _give_up(self, number: int) -> None:
        if number in self._waiting:
            self._too_late(self._take(number))

    def _take(self, number: int) -> Request:
        request = self._waiting.pop(number)
        self._size -= len(request.body)
        return request
