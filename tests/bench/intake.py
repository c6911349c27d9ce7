"""The front door beside Alertmanager: `python -m tests.bench.intake`.

Both run at the same time on this machine and are asked in turn, five pairs for each workload; what
counts is the median of the pairs' ratios. Ours commits every alert to PostgreSQL (fsync on) before
it answers; Alertmanager keeps them in memory.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import psutil
import psycopg
from msgspec import Struct
from tests.bench.open_loop import paced
from tests.bench.report import Figure, say, show
from tests.bench.rivals import alertmanager, process, wait_for
from tests.factories.ports import free_port

PAIRS = int(os.environ.get("BENCH_PAIRS", "5"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "2"))
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


class Workload(Struct, frozen=True):
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


class Target(Struct, frozen=True):
    """A server to send to; `processes` with their children are what it costs."""

    port: int
    path: str
    processes: tuple[int, ...]

    def cpu_s(self) -> float:
        """Return the processor time used so far, in seconds."""
        roots = [psutil.Process(number) for number in self.processes]
        tree = [part for root in roots for part in (root, *root.children(recursive=True))]
        return sum(_used_s(part) for part in tree)


def _used_s(process: psutil.Process) -> float:
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:  # a helper of the database that ended meanwhile
        return 0.0
    return float(used.user + used.system)


class Result(Struct, frozen=True):
    alerts_s: float
    requests: int
    p99_ms: float
    cpu_us: float  # processor time for each alert, in microseconds


def main() -> list[Figure]:
    """Run everything; nothing where a program is missing."""
    if missing := [name for name in ("wrk", "prometheus-alertmanager") if not shutil.which(name)]:
        say(f"install {', '.join(missing)} first")
        return []
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="evenfall-bench-")))
        dsn, database = stack.enter_context(_database(scratch))
        ours = stack.enter_context(_ours(scratch, dsn, database))
        rival = stack.enter_context(alertmanager(scratch))
        theirs = Target(rival.port, rival.path, (rival.pid,))
        compared = [_compare(workload, ours, theirs, dsn) for workload in WORKLOADS]
        return [*compared, _steady(ours)]


def _compare(workload: Workload, ours: Target, theirs: Target, dsn: str) -> Figure:
    """Print one workload; the figure is the median of the pairs' ratios."""
    _run(workload, ours, seconds=2)  # warm up, and make the repeats known
    _run(workload, theirs, seconds=2)
    stored = _stored(dsn)
    pairs = [(_run(workload, ours), _run(workload, theirs)) for _ in range(PAIRS)]
    stored = _stored(dsn) - stored
    ratio = median(our.alerts_s / their.alerts_s for our, their in pairs)
    answered = sum(our.requests for our, _ in pairs)
    sides = [[pair[side] for pair in pairs] for side in (0, 1)]
    say(f"{workload.name}: ratio {ratio:.2f} (bar {workload.bar})")
    for name, side in zip(("Evenfall", "Alertmanager"), sides, strict=True):
        say(
            f"  {name:13s}{median(run.alerts_s for run in side):10,.0f} alerts/s"
            f"   p99 {median(run.p99_ms for run in side):6.1f} ms"
            f"   {median(run.cpu_us for run in side):6.1f} us of processor time an alert"
        )
    say(f"  {answered:,} requests answered, {stored:,} rows stored")
    assert workload.sets or stored >= answered, "something answered was not stored"
    rates = [median(run.alerts_s for run in side) for side in sides]
    return Figure(
        what=f"intake, {workload.name}: alerts/s as a ratio",
        measured=ratio,
        unit="x",
        bar=workload.bar,
        at_least=True,
        note=f"{rates[0]:,.0f}/s stored, Alertmanager {rates[1]:,.0f}/s in memory",
    )


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


def _steady(ours: Target) -> Figure:
    """Print the latency at a steady rate that does not wait for answers."""
    taken = asyncio.run(paced(ours.port, ours.path, rate=OPEN_LOOP_RATE, seconds=OPEN_LOOP_SECONDS))
    taken.sort()
    p50, p99 = taken[len(taken) // 2], taken[int(len(taken) * 0.99)]
    say(
        f"{OPEN_LOOP_RATE:,} new alerts/s, to the commit     p50 {p50:.1f} ms  p99 {p99:.1f} ms"
        f"  max {taken[-1]:.1f} ms  (bar {OPEN_LOOP_BAR_MS} ms)"
    )
    return Figure(
        what=f"intake at {OPEN_LOOP_RATE:,} new alerts/s: to the commit, p99",
        measured=p99,
        unit="ms",
        bar=OPEN_LOOP_BAR_MS,
    )


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
    port = free_port()
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
    with process([sys.executable, "-c", _SERVE], environment) as web:
        wait_for(f"http://127.0.0.1:{port}/livez")
        yield Target(port, f"/{KEY}/api/v2/alerts", (web, database))


def _stored(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT count(*) FROM alerting_signal").fetchone()
        return int(row[0]) if row else 0


if __name__ == "__main__":
    show(main())
