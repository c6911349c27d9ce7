"""Alertmanager of the same machine, in its own default dress except for what a bench needs."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from msgspec import Struct
from tests.factories.ports import free_port

NO_RECEIVER = """
route: {receiver: none, group_by: [alertname], group_wait: 5s}
receivers: [{name: none}]
"""


class Alertmanager(Struct, frozen=True):
    port: int
    pid: int
    path: str = "/api/v2/alerts"


@contextmanager
def alertmanager(scratch: Path, config: str = NO_RECEIVER) -> Iterator[Alertmanager]:
    """Run a single Alertmanager with this configuration."""
    port = free_port()
    settings = scratch / "alertmanager.yml"
    settings.write_text(config)
    command = [
        "prometheus-alertmanager",
        f"--config.file={settings}",
        f"--storage.path={scratch / 'alertmanager'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
        "--log.level=error",
    ]
    with process(command, dict(os.environ)) as number:
        wait_for(f"http://127.0.0.1:{port}/-/ready")
        yield Alertmanager(port, number)


@contextmanager
def process(command: list[str], environment: dict[str, str]) -> Iterator[int]:
    running = subprocess.Popen(command, env=environment)
    try:
        yield running.pid
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=20)


def wait_for(address: str) -> None:
    """Wait until this address answers with success."""
    deadline = time.monotonic() + 30
    while True:
        try:
            urlopen(address, timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
