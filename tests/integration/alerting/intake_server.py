"""A real web process on a port of its own, on the tests' database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from msgspec import Struct
from tests.factories.ports import free_port

from evenfall.platform.database import dsn

START_WITHIN_S = 90.0  # two seconds on a quiet machine
_PROGRAM = "import sys; from evenfall.cli import processes; sys.exit(processes.web())"


class Server(Struct, frozen=True):
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def running() -> Iterator[Server]:
    """Start a web process and end it afterwards."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": dsn(),
        "EVENFALL_PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONWARNINGS": "ignore",
    }
    process = subprocess.Popen([sys.executable, "-c", _PROGRAM], env=environment)
    try:
        _wait_for(port, process)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "the web process ended"
        try:
            httpx.get(f"http://127.0.0.1:{port}/livez", timeout=1)
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the web process did not answer in time")
