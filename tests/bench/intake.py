"""The front door beside Alertmanager: `python -m tests.bench.intake`.

Both run at the same time on this machine and are asked in turn, five pairs for each workload; what
counts is the median of the pairs' ratios. Ours commits every alert to PostgreSQL (fsync on) before
it answers; Alertmanager keeps them in memory.
"""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import psutil
import psycopg
from tests.bench.open_loop import paced

PAIRS = int(os.environ.get("BENCH_PAIRS", "5"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "3"))
CONNECTIONS = 64
KEY = "benchmark-key-of-32-characters-xx"
SCRIPT = Path(__file__).with_name("intake.lua")
OPEN_LOOP_RATE = 2000
OPEN_LOOP_SECONDS = 10
OPEN_LOOP_BAR_MS = 50.0
_PREPARE = """
import os, hashlib, django
django.setup()
from evenfall.alerting.models import Integration
from evenfall.config import upgrade
from evenfall.platform.clock import utc_now
upgrade.migrate()
Integration.objects.create(name="bench", kind="prometheus", key_hint="xx", created_at=utc_now(),
    key_hash=hashlib.sha256(os.environ["BENCH_KEY"].encode()).digest())
"""
_SERVE = "import sys; from evenfall.cli import processes; sys.exit(processes.web())"


@dataclass(frozen=True)
class Workload:
    """`sets` label sets to repeat, 0 for new ones only; `bar` is the least ratio."""

    name: str
    batch: int
    sets: int
    bar: float


WORKLOADS = (
    Workload("one alert a request, new", 1, 0, 1.0),
    Workload("100 alerts a request, new", 100, 0, 1.0),
    Workload("one alert a request, repeats", 1, 5000, 1.3),
    Workload("100 alerts a request, repeats", 100, 5000, 4.0),
)


@dataclass(frozen=True)
class Target:
    """A server to send to; `processes` with their children are what it costs."""

    port: int
    path: str
    processes: tuple[int, ...]

    def cpu_s(self) -> float:
        """Return the processor time used so far, in seconds."""
        roots = [psutil.Process(number) for number in self.processes]
        tree = [part for root in roots for part in (root, *root.children(recursive=True))]
        times = [part.cpu_times() for part in tree]
        return sum(used.user + used.system for used in times)


@dataclass(frozen=True)
class Result:
    alerts_s: float
    requests: int
    p99_ms: float
    cpu_us: float  # processor time for each alert, in microseconds


def main() -> int:
    """Run everything; return how many bars were missed."""
    if missing := [name for name in ("wrk", "prometheus-alertmanager") if not shutil.which(name)]:
        _say(f"install {', '.join(missing)} first")
        return 1
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="evenfall-bench-")))
        dsn, database = stack.enter_context(_database(scratch))
        ours = stack.enter_context(_ours(scratch, dsn, database))
        theirs = stack.enter_context(_alertmanager(scratch))
        missed = sum(not _compare(workload, ours, theirs, dsn) for workload in WORKLOADS)
        missed += not _steady(ours)
        return missed


def _compare(workload: Workload, ours: Target, theirs: Target, dsn: str) -> bool:
    """Print one workload; return whether the bar is met."""
    _run(workload, ours, seconds=2)  # warm up, and make the repeats known
    _run(workload, theirs, seconds=2)
    stored = _stored(dsn)
    pairs = [(_run(workload, ours), _run(workload, theirs)) for _ in range(PAIRS)]
    stored = _stored(dsn) - stored
    ratio = median(our.alerts_s / their.alerts_s for our, their in pairs)
    answered = sum(our.requests for our, _ in pairs)
    sides = [[pair[side] for pair in pairs] for side in (0, 1)]
    _say(f"{workload.name}: ratio {ratio:.2f} (bar {workload.bar})")
    for name, side in zip(("Evenfall", "Alertmanager"), sides, strict=True):
        _say(
            f"  {name:13s}{median(run.alerts_s for run in side):10,.0f} alerts/s"
            f"   p99 {median(run.p99_ms for run in side):6.1f} ms"
            f"   {median(run.cpu_us for run in side):6.1f} us of processor time an alert"
        )
    _say(f"  {answered:,} requests answered, {stored:,} rows stored")
    assert workload.sets or stored >= answered, "something answered was not stored"
    return ratio >= workload.bar


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _run(workload: Workload, target: Target, seconds: int = SECONDS) -> Result:
    arguments = [target.path, str(workload.batch), str(workload.sets), str(time.time_ns())]
    load = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds}s",
        "--timeout",
        "20s",
        "-s",
        str(SCRIPT),
    ]
    address = f"http://127.0.0.1:{target.port}/"
    used_s = target.cpu_s()
    output = subprocess.run(
        [*load, address, "--", *arguments], check=True, capture_output=True, text=True
    ).stdout
    found = json.loads(output.partition("RESULT ")[2])
    assert not found["refused"] + found["broken"], f"not all were accepted: {found}"
    alerts = found["requests"] * workload.batch
    used_us = (target.cpu_s() - used_s) / alerts * 1e6
    return Result(alerts / found["seconds"], found["requests"], found["p99_ms"], used_us)


def _steady(ours: Target) -> bool:
    """Print the latency at a steady rate that does not wait for answers."""
    taken = asyncio.run(paced(ours.port, ours.path, rate=OPEN_LOOP_RATE, seconds=OPEN_LOOP_SECONDS))
    taken.sort()
    p50, p99 = taken[len(taken) // 2], taken[int(len(taken) * 0.99)]
    _say(
        f"{OPEN_LOOP_RATE:,} new alerts/s, to the commit     p50 {p50:.1f} ms  p99 {p99:.1f} ms"
        f"  max {taken[-1]:.1f} ms  (bar {OPEN_LOOP_BAR_MS} ms)"
    )
    return p99 < OPEN_LOOP_BAR_MS


@contextmanager
def _database(scratch: Path) -> Iterator[tuple[str, int]]:
    from evenfall.config.embedded import EmbeddedPostgres  # noqa: PLC0415 - starts nothing by itself

    server = EmbeddedPostgres(scratch / "postgres")
    dsn = server.start()
    try:
        with psycopg.connect(dsn, autocommit=True) as connection:
            for name in ("fsync", "synchronous_commit"):
                assert connection.execute(f"SHOW {name}").fetchone() == ("on",)
            _age(connection)
        yield dsn, server.pid
    finally:
        server.stop()


def _age(connection: psycopg.Connection) -> None:
    """Leave log files to be used again, as there are in any database that has run for a while.

    A new one has to make each file of 16 MB when it gets there, and everybody waits meanwhile.
    """
    for _ in range(60):
        connection.execute("SELECT pg_logical_emit_message(false, 'bench', '')")
        connection.execute("SELECT pg_switch_wal()")
    connection.execute("CHECKPOINT")


@contextmanager
def _ours(scratch: Path, dsn: str, database: int) -> Iterator[Target]:
    port = _free_port()
    environment = os.environ | {
        "BENCH_KEY": KEY,
        "DATABASE_URL": dsn,
        "DJANGO_SETTINGS_MODULE": "evenfall.config.settings",
        "EVENFALL_DATA_DIR": str(scratch / "data"),
        "EVENFALL_LOG_LEVEL": "WARNING",
        "EVENFALL_PORT": str(port),
        "PYTHONWARNINGS": "ignore",
    }
    subprocess.run([sys.executable, "-c", _PREPARE], env=environment, check=True)
    with _process([sys.executable, "-c", _SERVE], environment) as web:
        _wait_for(f"http://127.0.0.1:{port}/livez")
        yield Target(port, f"/{KEY}/api/v2/alerts", (web, database))


@contextmanager
def _alertmanager(scratch: Path) -> Iterator[Target]:
    port = _free_port()
    settings = scratch / "alertmanager.yml"
    settings.write_text(
        "route: {receiver: none, group_by: [alertname], group_wait: 5s}\n"
        "receivers: [{name: none}]\n"
    )
    command = [
        "prometheus-alertmanager",
        f"--config.file={settings}",
        f"--storage.path={scratch / 'alertmanager'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
        "--log.level=error",
    ]
    with _process(command, dict(os.environ)) as number:
        _wait_for(f"http://127.0.0.1:{port}/-/ready")
        yield Target(port, "/api/v2/alerts", (number,))


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[int]:
    process = subprocess.Popen(command, env=environment)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(address: str) -> None:
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


def _stored(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT count(*) FROM alerting_signal").fetchone()
        return int(row[0]) if row else 0


if __name__ == "__main__":
    sys.exit(main())
