"""The processes of a tree: forked from one that has loaded the code, so they share its memory."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable

from msgspec import Struct, field
from setproctitle import setproctitle

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
HEALTHY_AFTER_S = 30.0
LOOK_EVERY_S = 0.05


def fork(name: str, run: Callable[[], int]) -> int:
    """Run something in a process of its own, in a session of its own; return its id.

    Ctrl-C reaches the supervisor only: it ends the others in order. The process must hold no
    thread and no connection when it forks, for a child could not use either.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _live(name, run)
    return pid


def _live(name: str, run: Callable[[], int]) -> None:
    code = 1
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        setproctitle(f"evenfall {name}")
        os.environ["PGAPPNAME"] = f"evenfall {name}"  # what PostgreSQL shows of its connections
        code = run()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - nothing above us would tell it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # what the supervisor registered for its own end is not the child's to do
        os._exit(code)


class Child(Struct, kw_only=True):
    """A process of the tree and when to start it (monotonic seconds)."""

    name: str
    run: Callable[[], int]
    pid: int | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause_s: float = field(default=FIRST_PAUSE_S)

    def look(self, now: float) -> str:
        """Start the process if it is due; note its death. Return what happened, "" for nothing."""
        if self.pid is None:
            if now >= self.start_at:
                self.pid, self.started_at = fork(self.name, self.run), now
            return ""
        code = self._exit_code()
        if code is None:
            return ""
        if now - self.started_at > HEALTHY_AFTER_S:
            self.pause_s = FIRST_PAUSE_S
        told = f"{self.name} ended ({_cause(code)}); starting it again in {self.pause_s:g} s"
        self.pid, self.start_at = None, now + self.pause_s
        self.pause_s = min(self.pause_s * 2, LONGEST_PAUSE_S)
        return told

    def end(self) -> None:
        """Ask it to end; `wait` waits for that."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGTERM)

    def wait(self, until: float) -> bool:
        """Wait for the end; False when it had to be killed because time ran out."""
        while self.pid is not None:
            if self._exit_code() is not None:
                self.pid = None
            elif time.monotonic() > until:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                self.pid = None
                return False
            else:
                time.sleep(LOOK_EVERY_S)
        return True

    def _exit_code(self) -> int | None:
        if self.pid is None:
            return None
        ended, status = os.waitpid(self.pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if ended else None


def _cause(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
