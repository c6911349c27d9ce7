"""Wake-ups: who looks at due rows, and when.

Long-running things are rows with a due time. A *drain* claims a limited set of due rows
(``FOR UPDATE SKIP LOCKED``), advances them in one pass and says when to look again. It is run

- at once while it leaves work behind,
- when somebody wakes it (``wake`` in the transaction that made a row due; PostgreSQL delivers it
  on commit),
- when the next due time comes,
- when the clock jumps, and
- every second anyway: a lost wake-up costs a second, never a page. (In the lanes where nobody is
  paged every five seconds; what nobody uses costs next to nothing.)
"""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct, field

from evenfall.platform.events import wake

__all__ = ["Drain", "DrainResult", "wake"]


class DrainResult(Struct, frozen=True, kw_only=True):
    """``done`` rows were advanced; ``next_due`` is the earliest row still waiting, if known.

    ``took_all`` says that nothing due is left: what became due since then wakes us. Without
    it a drain that found work is run again at once, when the next step wants the processor.
    ``is_unused`` says that nobody uses what it looks after, and whoever begins to wakes it: then
    it looks twice a minute only.
    """

    done: int
    next_due: datetime | None = None
    took_all: bool = False
    is_unused: bool = False

    @property
    def is_over(self) -> bool:
        """Whether there is no reason to run again at once."""
        return self.took_all or not self.done


class Drain(Struct, frozen=True, kw_only=True):
    """A named piece of set-based work; ``run(now)`` owns its transaction.

    After a pass that found work it rests for ``rest_s`` seconds, and for as long, at most a
    quarter of a second, before it follows a wake-up: a stream of rows that can wait a moment is
    taken in groups and leaves the processor to those that cannot.
    """

    name: str
    lane: str
    run: Callable[[datetime], DrainResult]
    wake_on: tuple[str, ...] = field(default=())
    rest_s: float = 0.0

    @property
    def wakes(self) -> tuple[str, ...]:
        return self.wake_on or (self.name,)
