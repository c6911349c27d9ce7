"""``evenfall up``: everything in one supervised tree.

The supervisor starts the embedded PostgreSQL, loads the code once, migrates, forks web and workers,
starts again what dies, and on Ctrl-C or SIGTERM ends all in the reverse order. It opens no
connection and starts no thread: what it forks must be free to do both.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache, partial
from types import FrameType

from evenfall import __version__
from evenfall.cli import processes
from evenfall.cli.children import Child, fork
from evenfall.cli.sharing import share_what_is_loaded
from evenfall.config.embedded import EmbeddedPostgres, OtherPostgresError, StillRecoveringError
from evenfall.config.environment import Environment, read

LOOK_EVERY_S = 0.2
GRACE_S = 12.0
# Who pages shares a processor with nobody of ours: neither with a storm that is decoded nor with
# what can wait, which gives way to both.
PATIENT = ("slow", "chat", "steps", "rollouts")
WORKERS = (("intake",), ("paging",), PATIENT)
PATIENT_NICENESS = 10
# glibc gives each of the many threads a heap of its own that is seldom handed back: two, and the
# tree needs 11 MB less. It reads this at the start of a program only.
_ENVIRON = {"MALLOC_ARENA_MAX": "2"}


def up() -> int:
    """Run the tree until a signal; return 0 after a clean end, 1 when the start failed."""
    _start_with(_ENVIRON)
    environment = read()
    stopping = _on_signals()
    _say(f"Evenfall {__version__}")
    if _is_taken(environment):
        _say(
            f"{environment.host}:{environment.port} is taken: another program, or another Evenfall."
        )
        _say("End it, or choose another port with EVENFALL_PORT and EVENFALL_PUBLIC_URL.")
        return 1
    _share_metrics(environment)
    database = _start_database(environment)
    try:
        if not _prepare():
            return 1
        children = _children()
        _look_after(children, database, stopping, environment)
        _end(children)
    finally:
        if database is not None:
            database.stop()
            _say("database stopped")
    _say("Good night.")
    return 0


def _start_with(settings: dict[str, str]) -> None:
    """Start this program anew, once, where its environment lacks what must be there before it."""
    missing = {name: value for name, value in settings.items() if name not in os.environ}
    if missing:
        arguments = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, arguments, {**os.environ, **missing})  # noqa: S606 - ourselves


def _children() -> list[Child]:
    web = Child(name="web", run=processes.supervised(processes.web))
    workers = [
        Child(name=f"worker {' '.join(lanes)}", run=processes.supervised(partial(_work, lanes)))
        for lanes in WORKERS
    ]
    return [web, *workers]


def _work(lanes: tuple[str, ...]) -> int:
    if lanes == PATIENT:
        os.nice(PATIENT_NICENESS)
    return processes.worker(lanes)


def _is_taken(environment: Environment) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((environment.host, environment.port)) == 0


def _share_metrics(environment: Environment) -> None:
    """Give the processes of the tree a fresh folder to share their metrics in."""
    folder = environment.data_dir.resolve() / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _start_database(environment: Environment) -> EmbeddedPostgres | None:
    if environment.database_url:
        return None
    started = time.monotonic()
    folder = environment.data_dir.resolve() / "postgres"
    database = EmbeddedPostgres(folder)
    starting = fork("database", partial(_start, database))
    processes.load_libraries()
    if _ended(starting) != 0:
        raise SystemExit("The database could not be started; see above.")
    os.environ["DATABASE_URL"] = database.start()  # it runs: this process is told where
    _say(f"database   embedded PostgreSQL, {time.monotonic() - started:.1f} s")
    return database


def _start(database: EmbeddedPostgres) -> int:
    try:
        database.start(on_recovery=_tell_once())
    except OtherPostgresError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _tell_once() -> Callable[[], None]:
    return cache(partial(_say, "database   recovers from its last end; this can take minutes"))


def _prepare() -> bool:
    """Migrate in a process of its own, while this one loads the pages that will be served."""
    started = time.monotonic()
    processes.load()
    migrating = fork("migrate", processes.migrate_schema)
    has_files = _run("static", processes.collect) == 0
    if has_files:
        processes.load_pages()
        share_what_is_loaded()
    is_migrated = _ended(migrating) == 0
    if not has_files:
        _say("the static files could not be written into the data folder; see above.")
        return False
    if not is_migrated:
        _say("the database could not be brought up to date; see above. `evenfall doctor` helps.")
        return False
    _say(f"schema     up to date, {time.monotonic() - started:.1f} s")
    return True


def _run(name: str, work: Callable[[], int]) -> int:
    """Do something in a process of its own and wait for it; return its exit code."""
    return _ended(fork(name, work))


def _ended(pid: int) -> int:
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _look_after(
    children: list[Child],
    database: EmbeddedPostgres | None,
    stopping: list[int],
    environment: Environment,
) -> None:
    for child in children:
        child.look(time.monotonic())
        _say(f"started    {child.name}")
    _say(f"open       {environment.public_url}")
    _run("admin-link", processes.welcome)
    while not stopping:
        if database is not None and not database.is_running():
            _revive(database)
        for child in children:
            if told := child.look(time.monotonic()):
                _say(told)
        time.sleep(LOOK_EVERY_S)


def _revive(database: EmbeddedPostgres) -> None:
    _say("the database ended; starting it again")
    try:
        database.restart()
    except StillRecoveringError:
        _say("the database recovers from its last end; this can take minutes")
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        # its last processes may still be ending; the next look tries again
        _say(f"the database does not start yet: {error}")


def _end(children: list[Child]) -> None:
    _say("\nstopping")
    until = time.monotonic() + GRACE_S
    for child in children:
        child.end()
    for child in children:
        if not child.wait(until):
            _say(f"{child.name} did not end in time; it was killed")


def _on_signals() -> list[int]:
    """Return a list that is empty until a signal asks us to stop."""
    asked: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)
    return asked


def _say(text: str) -> None:
    print(text, flush=True)
