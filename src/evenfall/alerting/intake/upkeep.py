"""Keeps the front door's tables true, and the database informed, beside the requests.

One connection only listens: keys that changed, alerts that closed. Another one loads and saves
every few seconds. Both come back by themselves; while the first is away nothing is answered from
memory.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import psycopg
from django import db
from psycopg.types.json import Jsonb

from evenfall.alerting.intake.door import Door, Refused
from evenfall.alerting.intake.keys import KeyTable
from evenfall.alerting.intake.repeats import RepeatTable, Sighting
from evenfall.alerting.models.signal_queue import INTAKE_CHANNEL
from evenfall.platform.clock import utc_now
from evenfall.platform.logs import get_logger

log = get_logger(__name__)

BEAT = "alerting.intake"
SAVE_EVERY_S = 5.0
TIDY_EVERY_S = 0.5
_ANSWER_WITHIN_S = 5.0
# after a longer gap between two beats, senders may have been turned away in between
OUTAGE = timedelta(seconds=20)
_SIGHTINGS_AT_ONCE = 1000

SaveSightings = Callable[[Sequence[Sighting]], Awaitable[None]]
SaveRefused = Callable[[Refused], Awaitable[None]]
# what is saved through actions fails in Django's words
_AWAY = (psycopg.Error, db.Error, OSError, TimeoutError)

_KEYS = """
SELECT id, key_hash, previous_key_hash, previous_key_until FROM alerting_integration
WHERE is_enabled
"""
_SEEN = """
UPDATE alerting_integration SET last_signal_at = greatest(last_signal_at, seen.at)
FROM unnest(%s::bigint[], %s::timestamptz[]) AS seen (id, at)
WHERE alerting_integration.id = seen.id
"""
_ERRORS = """
UPDATE alerting_integration SET last_error = failed.error
FROM unnest(%s::bigint[], %s::text[]) AS failed (id, error)
WHERE alerting_integration.id = failed.id
"""
_LAST_BEAT = "SELECT at, detail ->> 'since' FROM platform_beat WHERE name = %s"
_SAVE_BEAT = """
INSERT INTO platform_beat (name, at, detail) VALUES (%s, %s, %s)
ON CONFLICT (name) DO UPDATE SET at = excluded.at, detail = excluded.detail
"""


class Upkeep:
    """Two loops to be run as tasks: `listen` and `save`."""

    def __init__(
        self,
        dsn: str,
        *,
        keys: KeyTable,
        repeats: RepeatTable,
        door: Door,
        keys_wanted: asyncio.Event,
        save_sightings: SaveSightings,
        save_refused: SaveRefused,
    ) -> None:
        self._dsn = dsn
        self._keys = keys
        self._repeats = repeats
        self._door = door
        self._keys_wanted = keys_wanted
        self._save_sightings = save_sightings
        self._save_refused = save_refused

    async def listen(self) -> None:
        """Hear of changed keys and closed alerts, for ever."""
        while True:
            try:
                async with await self._connect() as listener:
                    await listener.execute(f"LISTEN {INTAKE_CHANNEL}")
                    self._keys_wanted.set()
                    self._repeats.is_listening = True
                    await self._hear(listener)
            except (psycopg.Error, OSError, TimeoutError) as error:
                log.warning("lost the intake's listening connection", problem=str(error).strip())
            finally:
                self._repeats.is_listening = False
                self._repeats.forget_all()
            await asyncio.sleep(0.5)

    async def _hear(self, listener: psycopg.AsyncConnection) -> None:
        while True:
            async for note in listener.notifies(timeout=2.0):
                self._heard(note.payload)
            # a connection that is dead without saying so; notes that come meanwhile are kept
            await asyncio.wait_for(listener.execute("SELECT 1"), _ANSWER_WITHIN_S)

    def _heard(self, payload: str) -> None:
        kind, _, rest = payload.partition(" ")
        if kind == "keys":
            self._keys_wanted.set()
        elif kind == "closed":
            for word in rest.split():
                integration, _, name = word.partition(":")
                self._repeats.close(int(integration), name)

    async def save(self) -> None:
        """Load keys when wanted and every few seconds, and save what was seen, for ever."""
        while True:
            try:
                async with await self._connect() as connection:
                    await connection.execute(
                        f"SET statement_timeout = {int(_ANSWER_WITHIN_S * 1000)}"
                    )
                    await self._serve(connection)
            except _AWAY as error:
                log.warning("the intake's upkeep cannot work", problem=str(error).strip())
            await asyncio.sleep(0.5)

    async def _serve(self, connection: psycopg.AsyncConnection) -> None:
        since = await self._since(connection)
        saved_at = float("-inf")
        while True:
            due = time.monotonic() - saved_at >= SAVE_EVERY_S
            if due or self._keys_wanted.is_set():
                self._keys_wanted.clear()
                await self.load_keys(connection)
            if due:
                saved_at = time.monotonic()
                await self._save_seen(connection)
                await self._save_beat(connection, since)
                await self._save_unknown()
            self._repeats.tidy()
            self._door.publish_counts()
            await self._save_due()
            await self._pause()

    async def load_keys(self, connection: psycopg.AsyncConnection) -> None:
        rows: dict[bytes, tuple[int, datetime | None]] = {}
        read_at = time.monotonic()
        cursor = await connection.execute(_KEYS)
        for number, key_hash, previous, until in await cursor.fetchall():
            rows[bytes(key_hash)] = (number, None)
            if previous is not None:
                rows.setdefault(bytes(previous), (number, until))
        self._keys.load(rows)
        self._door.unheard.loaded(read_at)

    async def _save_seen(self, connection: psycopg.AsyncConnection) -> None:
        seen, self._door.last_signal = self._door.last_signal, {}
        errors, self._door.last_error = self._door.last_error, {}
        if seen:
            await connection.execute(_SEEN, [list(seen), list(seen.values())])
        if errors:
            texts = [error.replace("\0", "") for error in errors.values()]
            await connection.execute(_ERRORS, [list(errors), texts])

    async def _since(self, connection: psycopg.AsyncConnection) -> datetime:
        """Return since when somebody has always taken signals in: now, unless another just did."""
        now = utc_now()
        cursor = await connection.execute(_LAST_BEAT, [BEAT])
        row = await cursor.fetchone()
        if row is None or row[1] is None or now - row[0] > OUTAGE:
            return now
        return datetime.fromisoformat(row[1])

    async def _save_beat(self, connection: psycopg.AsyncConnection, since: datetime) -> None:
        """Say that signals are taken in; alerts may only run out while this is so."""
        detail = {"since": since.isoformat()}
        await connection.execute(_SAVE_BEAT, [BEAT, utc_now(), Jsonb(detail)])

    async def _save_unknown(self) -> None:
        refused, self._door.refused = self._door.refused, None
        if refused:
            log.warning("unknown integration key", times=refused.count, ends=refused.ends_with)
            await self._save_refused(refused)

    async def _save_due(self) -> None:
        sightings = self._repeats.take_due(_SIGHTINGS_AT_ONCE)
        if sightings:
            await self._save_sightings(sightings)

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._keys_wanted.wait(), TIDY_EVERY_S)
        except TimeoutError:
            return

    async def _connect(self) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(self._dsn, autocommit=True, connect_timeout=5)
