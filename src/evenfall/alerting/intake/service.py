"""The front door's parts put together, with a beginning and an end."""

import asyncio
import contextlib

from evenfall.alerting.intake.commits import Group, GroupCommit
from evenfall.alerting.intake.door import Door
from evenfall.alerting.intake.keys import KeyTable
from evenfall.alerting.intake.repeats import RepeatTable
from evenfall.alerting.intake.unheard import Reply
from evenfall.alerting.intake.upkeep import SaveRefused, SaveSightings, Upkeep
from evenfall.alerting.intake.writer import SignalWriter
from evenfall.alerting.ports import Format

WRITERS = 2
_FIRST_KEYS_WITHIN_S = 5.0


class Intake:
    """Start it on the event loop that serves requests; then `receive` may be called."""

    def __init__(
        self, dsn: str, *, save_sightings: SaveSightings, save_refused: SaveRefused
    ) -> None:
        loop = asyncio.get_running_loop()
        self._writers = [
            SignalWriter(dsn, written=self._written, lost=self._lost, free=self._flush)
            for _ in range(WRITERS)
        ]
        self.keys = KeyTable()
        self.repeats = RepeatTable()
        self.commits = GroupCommit(self._writers, loop.call_soon)
        keys_wanted = asyncio.Event()
        self.door = Door(
            keys=self.keys,
            repeats=self.repeats,
            commits=self.commits,
            later=loop.call_later,
            ask=keys_wanted.set,
        )
        self._upkeep = Upkeep(
            dsn,
            keys=self.keys,
            repeats=self.repeats,
            door=self.door,
            keys_wanted=keys_wanted,
            save_sightings=save_sightings,
            save_refused=save_refused,
        )
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Connect. Returns when the keys are known, or after some seconds without a database."""
        await asyncio.gather(*(writer.start() for writer in self._writers))
        self._tasks = [
            asyncio.create_task(self._upkeep.listen(), name="intake listen"),
            asyncio.create_task(self._upkeep.save(), name="intake save"),
        ]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.keys.loaded.wait(), _FIRST_KEYS_WITHIN_S)

    async def stop(self) -> None:
        """Finish the commit under way and disconnect."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(writer.stop() for writer in self._writers))
        self.commits.give_up()

    def receive(self, format_: Format, key: str | None, body: bytes, reply: Reply) -> None:
        """See `Door.receive`."""
        self.door.receive(format_, key, body, reply)

    def _written(self, group: Group, committed: bool) -> None:  # noqa: FBT001 - the writer's word
        self.commits.written(group, committed=committed)

    def _lost(self) -> None:
        if self.commits.is_away:
            self.commits.give_up()

    def _flush(self) -> None:
        self.commits.flush()
