"""The connection that commits signals, driven by the event loop without waiting for anything.

psycopg's `pq` is used directly: a commit happens up to a few thousand times a second, and cursors,
adapters and coroutines would cost more than PostgreSQL itself.
"""

import asyncio
from collections.abc import Callable

import psycopg
from psycopg import pq

from evenfall.alerting.intake import arrays
from evenfall.alerting.intake.commits import Group
from evenfall.alerting.models.signal_queue import PIPELINE_WAKE
from evenfall.platform.events import WAKE_CHANNEL
from evenfall.platform.logs import get_logger

log = get_logger(__name__)

ANSWER_WITHIN_S = 10.0
_STORE = """
PREPARE store_signals (timestamptz[], bigint[], text[], boolean[], bytea[], bigint, timestamptz,
    timestamptz, bigint) AS
WITH batch AS (
    SELECT nextval('alerting_signal_batch_number') << 10 AS first_id
), stored AS (
    INSERT INTO alerting_signal (id, received_at, integration_id, format, unparsed, body)
    SELECT (SELECT first_id FROM batch) + position - 1, received_at, integration_id, format,
        unparsed, body
    FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY
        AS incoming (received_at, integration_id, format, unparsed, body, position)
), queued AS (
    INSERT INTO alerting_signal_batch (first_id, size, received_from, received_to, body_bytes)
    SELECT first_id, $6, $7, $8, $9 FROM batch
)
SELECT pg_notify('WAKE_CHANNEL', 'PIPELINE_WAKE')
""".replace("WAKE_CHANNEL", WAKE_CHANNEL).replace("PIPELINE_WAKE", PIPELINE_WAKE)
_FORMATS = [pq.Format.BINARY] * 9
_DONE = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)


class SignalWriter:
    """Commits one group at a time; connects again by itself when the connection is lost.

    `written(group, committed)` hears of each group, `lost()` of a lost connection, `free()` of a
    new one.
    """

    def __init__(
        self,
        dsn: str,
        *,
        written: Callable[[Group, bool], None],
        lost: Callable[[], None],
        free: Callable[[], None],
    ) -> None:
        self._dsn = dsn
        self._written = written
        self._lost = lost
        self._free = free
        self._connection: psycopg.AsyncConnection | None = None
        # libpq forgets the number of a socket that broke; the loop must forget it too, or it stays
        # deaf to the next connection, which gets the same number
        self._socket = -1
        self._group: Group | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._closed = False
        self._idle = asyncio.Event()
        self.is_free = False

    @property
    def is_away(self) -> bool:
        return self._connection is None

    async def start(self) -> None:
        """Try to connect once; where that fails, go on trying."""
        self._loop = asyncio.get_running_loop()
        if not await self._connect():
            self._reconnect()

    async def stop(self) -> None:
        """Finish what is being written, then disconnect."""
        self._closed = True
        if self._group is not None:  # ends in any case: _fail comes when no answer does
            await self._idle.wait()
        if self._connecting is not None:
            self._connecting.cancel()
        self._drop()

    def write(self, group: Group) -> None:
        connection = self._connection
        assert connection is not None, "write only when is_free"  # noqa: S101 - a caller's mistake
        self.is_free = False
        self._group = group
        self._timer = self._loop.call_later(ANSWER_WITHIN_S, self._fail, "no answer in time")
        try:
            connection.pgconn.send_query_prepared(
                b"store_signals", _parameters(group), _FORMATS, pq.Format.BINARY
            )
            self._send()
        except psycopg.Error as error:
            self._fail(str(error))

    def _send(self) -> None:
        """Send what the socket takes; the rest when it can take more."""
        connection = self._connection
        if connection is None:
            return
        try:
            if connection.pgconn.flush():
                self._loop.add_writer(self._socket, self._send)
            else:
                self._loop.remove_writer(self._socket)
        except psycopg.Error as error:
            self._fail(str(error))

    def _readable(self) -> None:
        connection = self._connection
        if connection is None:
            return
        try:
            self._read(connection.pgconn)
        except psycopg.Error as error:
            self._fail(str(error))

    def _read(self, pgconn: pq.abc.PGconn) -> None:
        pgconn.consume_input()
        while not pgconn.is_busy():
            result = pgconn.get_result()
            if result is None:
                if self._group is not None:
                    self._succeed()
                return
            if result.status not in _DONE:
                self._fail(result.get_error_message())
                return

    def _succeed(self) -> None:
        group = self._release()
        self.is_free = True
        if group is not None:
            self._written(group, True)  # noqa: FBT003 - the one thing there is to say

    def _fail(self, problem: str) -> None:
        """Give up the connection: after any error its state is not worth guessing."""
        log.warning("signals could not be stored", problem=problem.strip())
        self._drop()
        group = self._release()
        if group is not None:
            self._written(group, False)  # noqa: FBT003 - the one thing there is to say
        self._lost()
        self._reconnect()

    def _release(self) -> Group | None:
        group, self._group = self._group, None
        if self._closed:
            self._idle.set()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        return group

    def _drop(self) -> None:
        self.is_free = False
        connection, self._connection = self._connection, None
        if connection is None:
            return
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        connection.pgconn.finish()

    def _reconnect(self) -> None:
        if not self._closed:
            self._connecting = self._loop.create_task(self._keep_connecting())

    async def _keep_connecting(self) -> None:
        pause = 0.05
        while not await self._connect():
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)
        self._free()

    async def _connect(self) -> bool:
        """Connect and prepare; return whether that went well."""
        try:
            connection = await psycopg.AsyncConnection.connect(
                self._dsn, autocommit=True, connect_timeout=5
            )
            await connection.execute(f"SET statement_timeout = {int(ANSWER_WITHIN_S * 1000)}")
            await connection.execute(_STORE)
        except (psycopg.Error, OSError) as error:
            log.warning("the database does not answer", problem=str(error).strip())
            return False
        connection.pgconn.nonblocking = 1
        self._socket = connection.pgconn.socket
        self._loop.add_reader(self._socket, self._readable)
        self._connection = connection
        self.is_free = True
        return True


def _parameters(group: Group) -> list[bytes | None]:
    count = len(group.waiting)
    return [
        arrays.array(arrays.TIMESTAMP, group.received, count),
        arrays.array(arrays.BIGINT, group.integrations, count),
        arrays.array(arrays.TEXT, group.formats, count),
        arrays.array(arrays.BOOLEAN, group.unparsed, count),
        arrays.array(arrays.BYTES, group.bodies, count),
        arrays.parameter(count),
        arrays.parameter(group.first),
        arrays.parameter(group.last),
        arrays.parameter(group.size),
    ]
