"""A whole Evenfall of its own for one test, started the way people start it."""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
from tests.factories.ports import free_port

START_LIMIT_S = 120.0
# An answer to most questions comes within a second or not for several: who asks as often all the
# while takes the processor from those who are asked.
POLL_S = 0.05
POLL_MORE = 1.2
POLL_AT_MOST_S = 0.25
PASSWORD = "correct horse battery staple"
UNDER_WAY = """
SELECT 1 FROM platform_pending_reaction
UNION ALL
SELECT 1 FROM paging_page WHERE due_at <= %s
UNION ALL
SELECT 1 FROM notifications_notice
 WHERE state IN ('claimed', 'sent') OR state = 'planned' AND due_at <= %s
UNION ALL
SELECT 1 FROM chat_post AS post JOIN chat_room AS room ON room.id = post.room_id
 WHERE room.is_on AND post.wanted > post.shown
 LIMIT 1
"""


def eventually[T](
    look: Callable[[], T | None],
    *,
    within_s: float = 60.0,
    what: str | Callable[[], str] = "",
    pace_s: float | None = None,
) -> T:
    """Return the first truthy answer; fail when none came in time.

    Asks every `pace_s` seconds; where none is given, less and less often. `what` was waited for. As
    a function it is asked in the end only, so it can tell what came.
    """
    deadline = time.monotonic() + within_s
    pause_s = pace_s or POLL_S
    while True:
        if found := look():
            return found
        if time.monotonic() > deadline:
            told = what() if callable(what) else what
            raise AssertionError(f"did not happen within {within_s:g} s: {told or look}")
        time.sleep(pause_s)
        if pace_s is None:
            pause_s = min(pause_s * POLL_MORE, POLL_AT_MOST_S)


def is_ready(url: str) -> bool:
    """Whether it answers, and says that all is well."""
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


class Installation:
    """``evenfall up`` in a folder; ends only what it started."""

    def __init__(self, folder: Path, **settings: str) -> None:
        # Not below pytest's folder: another run of pytest closes that to all users but its own, and
        # the server of an installation that root runs has a user of its own.
        self.data = Path(tempfile.mkdtemp(prefix="evenfall-scenario-"))
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "evenfall.log"
        self._clock = folder / "clock"
        self._clock.write_text("0")
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("EVENFALL_", "DATABASE_URL", "DJANGO_"))
        }
        self.environ = {
            **inherited,
            "EVENFALL_DATA_DIR": str(self.data),
            "EVENFALL_PORT": str(self.port),
            "EVENFALL_PUBLIC_URL": self.url,
            "EVENFALL_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
            "EVENFALL_CLOCK_OFFSET_FILE": str(self._clock),
            **settings,
        }
        self._supervisor: subprocess.Popen[bytes] | None = None
        self._line: psycopg.Connection | None = None

    # life of the tree

    def start(self) -> "Installation":
        with self.log.open("ab") as log:
            self._supervisor = subprocess.Popen(
                [sys.executable, "-m", "evenfall.cli.main", "up"],
                env=self.environ,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        self.wait_ready()
        return self

    def wait_ready(self) -> None:
        eventually(self._is_up, within_s=START_LIMIT_S, what=f"readiness; see {self.log}")

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        self.hang_up()
        if self._supervisor is None:
            return
        self._supervisor.send_signal(signal.SIGINT)
        try:
            self._supervisor.wait(30)
        except subprocess.TimeoutExpired:
            self._kill_tree()
            raise
        finally:
            self._supervisor = None

    def _kill_tree(self) -> None:
        for process in [*self.processes(), psutil.Process(self._running().pid)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def processes(self) -> list[psutil.Process]:
        return psutil.Process(self._running().pid).children(recursive=True)

    def pid_of(self, words: str) -> int:
        """Return the process whose command line has these words, such as ``web``.

        Waits for one that is just being started again.
        """
        return eventually(lambda: self._find(words), what=f"a process {words!r} in the tree")

    def _find(self, words: str) -> int | None:
        for process in self.processes():
            with contextlib.suppress(psutil.Error):
                if words in " ".join(process.cmdline()):
                    return process.pid
        return None

    def postmaster_pid(self) -> int:
        first_line = (self.data / "postgres/postmaster.pid").read_text().splitlines()[0]
        return int(first_line)

    def kill(self, words: str) -> None:
        """``kill -9`` a process of ours."""
        os.kill(
            self.postmaster_pid() if words == "postgres" else self.pid_of(words), signal.SIGKILL
        )

    def move_clock(self, *, minutes: float) -> None:
        """Move the clock of all processes on."""
        self._clock.write_text(str(float(self._clock.read_text()) + minutes * 60))

    def now(self) -> datetime:
        """Return the time that its processes read, UTC."""
        return datetime.now(UTC) + timedelta(seconds=float(self._clock.read_text()))

    def wait_until_quiet(self) -> None:
        """Until every fact was reacted to, every page advanced, and every message is out.

        A test that plans a fault, counts messages or moves the clock begins here: what an earlier
        one left under way would meet it.
        """
        eventually(lambda: not self._under_way(), what="an installation with nothing under way")

    def _under_way(self) -> list[tuple[Any, ...]]:
        now = self.now()
        return self.rows(UNDER_WAY, now, now)

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._supervisor is not None, "not started"
        return self._supervisor

    def _is_up(self) -> bool:
        assert self._running().poll() is None, f"it ended:\n{self.log.read_text()[-4000:]}"
        return self.is_ready()

    def is_ready(self) -> bool:
        return is_ready(f"{self.url}/readyz")

    # reaching it

    def database(self) -> psycopg.Connection:
        """Open the database, to look; tests change nothing behind the product's back."""
        socket_folder = (self.data / "postgres/postmaster.pid").read_text().splitlines()[4]
        return psycopg.connect(
            f"host={socket_folder} user=postgres dbname=postgres", autocommit=True
        )

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What the database answers, over a connection that is kept: tests ask often."""
        try:
            return self._asked(query, parameters)
        except psycopg.OperationalError:  # the server was killed since the last question
            self.hang_up()
            return self._asked(query, parameters)

    def _asked(self, query: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        if self._line is None:
            self._line = self.database()
        return self._line.execute(query, parameters).fetchall()

    def hang_up(self) -> None:
        """Close the connection of `rows`: it is no part of what is looked at."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def first_admin(self, email: str = "ada@example.org") -> "Person":
        """Create the first administrator through the printed link."""
        found = eventually(
            lambda: re.search(r"(http\S+/welcome/\S+)", self.log.read_text()), what="the link"
        )
        person = Person(self.url, email)
        person.post(
            found[1],
            email=email,
            name="Ada",
            password=PASSWORD,
            time_zone="Europe/Berlin",
            language="en",
        )
        return person


class Person:
    """Somebody with a browser, signed in."""

    def __init__(self, url: str, email: str) -> None:
        self.email = email
        self.browser = httpx.Client(base_url=url, follow_redirects=True, timeout=30)

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Fill in a form as a browser does: open a page, take its CSRF token, send."""
        page = self.browser.get(path)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        token = found[1] if found else self.browser.cookies.get("csrftoken", "")
        answer = self.browser.post(path, data={"csrfmiddlewaretoken": token, **fields})
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[-2000:]}"
        return answer

    def api(self, *some: str) -> "Api":
        """Make a token with these scopes, or with all that an administrator may have."""
        scopes = some or ("view", "follow", "respond", "manage", "administer", "own")
        answer = self.browser.post(
            "/api/v1/tokens",
            json={"name": "scenario", "scopes": scopes},
            headers={"X-CSRFToken": self.browser.cookies["csrftoken"]},
        )
        assert answer.status_code == 201, answer.text
        return Api(str(self.browser.base_url), str(answer.json()["token"]))


class Api:
    """The REST API as an administrator's token sees it."""

    def __init__(self, url: str, token: str) -> None:
        self.token = token
        self.http = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )

    def get(self, path: str, **query: object) -> Any:
        return self._json(self.http.get(path, params={k: str(v) for k, v in query.items()}))

    def post(self, path: str, **body: object) -> Any:
        return self._json(self.http.post(path, json=body))

    def put(self, path: str, **body: object) -> Any:
        return self._json(self.http.put(path, json=body))

    def _json(self, answer: httpx.Response) -> Any:
        assert answer.status_code < 300, f"{answer.request.url}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


def _made_once() -> Path:
    """The data of an installation that was started once and ended, for others to begin with.

    Migrating a new database and collecting static files takes ten seconds each time; what is
    tested here is what comes after. All workers share it, and each state of the source has its own.
    """
    source = Path(__file__).parents[2] / "src/evenfall"
    digest = hashlib.blake2b(digest_size=8)
    for file in sorted((*source.rglob("migrations/*.py"), *source.rglob("static/**/*.*"))):
        digest.update(file.read_bytes())
    made = Path(tempfile.gettempdir(), f"evenfall-made-once-{digest.hexdigest()}")
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            with tempfile.TemporaryDirectory() as folder:
                first = Installation(Path(folder))
                first.start()
                first.stop()
            first.data.rename(made)
    return made


@contextlib.contextmanager
def running(folder: Path, *, new: bool = False, **settings: str) -> Iterator[Installation]:
    """Start an installation, and stop it whatever happens; a `new` one makes its own database."""
    installation = Installation(folder, **settings)
    if not new and "DATABASE_URL" not in settings:
        subprocess.run(["/bin/cp", "-a", f"{_made_once()}/.", installation.data], check=True)
        # whoever is killed loses nothing by that: only a machine that loses its power would
        kept = installation.data / "postgres/postgresql.auto.conf"
        kept.write_text(f"{kept.read_text()}fsync = 'off'\n")
    try:
        yield installation.start()
    finally:
        installation.stop()
        shutil.rmtree(installation.data, ignore_errors=True)
