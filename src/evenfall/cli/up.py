"""``evenfall up``: everything in one supervised tree.

The supervisor knows nothing of Django: it starts the embedded PostgreSQL, migrates, starts web and
workers, starts again what dies, and on Ctrl-C or SIGTERM ends all in the reverse order.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

from evenfall import __version__
from evenfall.config.embedded import EmbeddedPostgres
from evenfall.config.environment import Environment, read

LOOK_EVERY_S = 0.2
GRACE_S = 12.0
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
HEALTHY_AFTER_S = 30.0
# Intake has a process of its own: decoding a storm must not delay the pages it causes.
TREE = (("web",), ("worker", "--lane", "intake"), ("worker", "--lane", "paging", "--lane", "slow"))
# glibc gives each of the many threads a heap of its own that is seldom handed back: two, and the
# tree needs 11 MB less
_ENVIRON = {"MALLOC_ARENA_MAX": "2"}


@dataclass(kw_only=True)
class Child:
    """A process of the tree and when to start it (monotonic seconds)."""

    command: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause_s: float = field(default=FIRST_PAUSE_S)

    @property
    def name(self) -> str:
        return " ".join(word for word in self.command if word != "--lane")

    def look(self, now: float) -> None:
        """Start the process if it is due; note its death and when to start it again."""
        if self.process is None:
            if now >= self.start_at:
                self._start(now)
            return
        code = self.process.poll()
        if code is None:
            return
        if now - self.started_at > HEALTHY_AFTER_S:
            self.pause_s = FIRST_PAUSE_S
        _say(f"{self.name} ended ({_cause(code)}); starting it again in {self.pause_s:g} s")
        self.process, self.start_at = None, now + self.pause_s
        self.pause_s = min(self.pause_s * 2, LONGEST_PAUSE_S)

    def _start(self, now: float) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "evenfall.cli.main", *self.command],
            env={**_ENVIRON, **os.environ, "EVENFALL_SUPERVISED": "1"},
            # Ctrl-C reaches the supervisor only; it ends the others in order
            start_new_session=True,
        )
        self.started_at = now

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            _say(f"{self.name} did not end in time; killing it")
            self.process.kill()
            self.process.wait()


def up() -> int:
    """Run the tree until a signal; return 0 after a clean end, 1 when the start failed."""
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
        children = [Child(command=command) for command in TREE]
        _look_after(children, database, stopping, environment)
        _end(children)
    finally:
        if database is not None:
            database.stop()
            _say("database stopped")
    _say("Good night.")
    return 0


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
    os.environ["DATABASE_URL"] = database.start()
    _say(f"database   embedded PostgreSQL, {time.monotonic() - started:.1f} s")
    return database


def _prepare() -> bool:
    started = time.monotonic()
    if _run("migrate").returncode != 0:
        _say("the database could not be brought up to date; see above. `evenfall doctor` helps.")
        return False
    _say(f"schema     up to date, {time.monotonic() - started:.1f} s")
    return True


def _run(*command: str, capture: bool = False) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "evenfall.cli.main", *command],
        check=False,
        text=True,
        stdout=subprocess.PIPE if capture else None,
    )


def _look_after(
    children: list[Child],
    database: EmbeddedPostgres | None,
    stopping: list[int],
    environment: Environment,
) -> None:
    for child in children:
        child.look(time.monotonic())
        _say(f"started    {child.name}")
    _welcome(environment)
    while not stopping:
        if database is not None and not database.is_running():
            _revive(database)
        for child in children:
            child.look(time.monotonic())
        time.sleep(LOOK_EVERY_S)


def _welcome(environment: Environment) -> None:
    _say(f"open       {environment.public_url}")
    link = _run("admin-link", capture=True).stdout.strip()
    if link:
        _say("\nCreate the first administrator with this link (it works once):\n")
        _say(f"  {link}\n")


def _revive(database: EmbeddedPostgres) -> None:
    _say("the database ended; starting it again")
    try:
        database.restart()
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        # its last processes may still be ending; the next look tries again
        _say(f"the database does not start yet: {error}")


def _end(children: list[Child]) -> None:
    _say("\nstopping")
    until = time.monotonic() + GRACE_S
    for child in children:
        child.end()
    for child in children:
        child.wait(until)


def _on_signals() -> list[int]:
    """Return a list that is empty until a signal asks us to stop."""
    asked: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)
    return asked


def _cause(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _say(text: str) -> None:
    print(text, flush=True)
