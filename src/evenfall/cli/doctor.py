"""``evenfall doctor``: look at everything a run needs and say how to mend what is wrong."""

import os
import shutil
import socket
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec

import psycopg

from evenfall.cli import interpreter
from evenfall.cli.doctor_mail import mail, mail_in
from evenfall.cli.findings import Finding
from evenfall.config.environment import Environment, WrongSetting, read

OLDEST_POSTGRES = 150000
LEAST_FREE_BYTES = 1_000_000_000
MOST_CLOCK_DIFFERENCE = timedelta(seconds=2)
REFUSALS_SHOWN = timedelta(hours=24)


def doctor() -> int:
    """Print every finding; return 1 when something must be mended."""
    try:
        environment = read()
    except WrongSetting as error:
        _print(Finding(what="settings", found=str(error), mend="Change the variable named above."))
        return 1
    failed = False
    for look in _LOOKS:
        for finding in _safely(look, environment):
            _print(finding)
            failed |= bool(finding.mend) and not finding.warning
    print("\nSomething must be mended: see the lines marked ✗." if failed else "\nAll is well.")
    return 1 if failed else 0


def _safely(
    look: Callable[[Environment], Iterator[Finding]], environment: Environment
) -> Iterator[Finding]:
    """One look that breaks must not hide what the others would find."""
    try:
        yield from look(environment)
    except (OSError, psycopg.Error) as error:
        yield Finding(
            what=look.__name__.removeprefix("_").replace("_", " "),
            found=f"{type(error).__name__}: {error}".strip(),
            mend="See the message; the other checks go on.",
        )


def _print(finding: Finding) -> None:
    mark = "✓" if not finding.mend else "!" if finding.warning else "✗"
    print(f"{mark} {finding.what}: {finding.found}")
    if finding.mend:
        print(f"    → {finding.mend}")


def _python(_environment: Environment) -> Iterator[Finding]:
    yield interpreter.finding()


def _data_directory(environment: Environment) -> Iterator[Finding]:
    folder = environment.data_dir.resolve()
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        mend = f"Make {folder} writable, or set EVENFALL_DATA_DIR."
        yield Finding(what="data directory", found=f"{folder} is not writable", mend=mend)
        return
    free = shutil.disk_usage(folder).free
    yield Finding(
        what="data directory",
        found=f"{folder}, {free / 1e9:.1f} GB free",
        mend="Free some disk space." if free < LEAST_FREE_BYTES else "",
    )
    key = folder / "secret_key"
    if key.exists():
        is_open = bool(key.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
        found = "readable by others" if is_open else "readable by its owner only"
        yield Finding(what="secret key", found=found, mend=f"chmod 600 {key}" if is_open else "")


def _database(environment: Environment) -> Iterator[Finding]:
    url = environment.database_url or _embedded_url(environment)
    if not url:
        yield Finding(what="database", found="embedded, not started yet: evenfall up starts it")
        return
    with psycopg.connect(url, connect_timeout=5, autocommit=True) as connection:
        version = connection.info.server_version
        kind = "your own" if environment.database_url else "embedded"
        yield Finding(
            what="database",
            found=f"{kind} PostgreSQL {version // 10000}.{version % 10000}",
            mend="Use PostgreSQL 15 or newer." if version < OLDEST_POSTGRES else "",
        )
        yield _clock(connection)
        yield from contents(connection)


def _embedded_url(environment: Environment) -> str:
    """Return the address of the embedded server if it runs; never start it from here."""
    from evenfall.config.embedded import running_url  # noqa: PLC0415 - only where it is wanted

    return running_url(environment.data_dir.resolve() / "postgres")


def _clock(connection: psycopg.Connection) -> Finding:
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    difference = abs(datetime.now(UTC) - row[0]) if row else timedelta(0)
    late = difference > MOST_CLOCK_DIFFERENCE
    return Finding(
        what="clock",
        found=f"{difference.total_seconds():.1f} s from the database's",
        mend="Run a time service (NTP) on both machines." if late else "",
    )


def contents(connection: psycopg.Connection) -> Iterator[Finding]:
    """Look at the tables, and at what the running parts left in them."""
    row = connection.execute("SELECT to_regclass('platform_beat') IS NOT NULL").fetchone()
    if not (row and row[0]):
        yield Finding(what="schema", found="empty", mend="Run evenfall migrate.", warning=True)
        return
    yield Finding(what="schema", found="there")
    recent = datetime.now(UTC) - timedelta(seconds=30)
    for lane in ("intake", "paging", "slow", "chat", "steps", "rollouts"):
        beats = connection.execute(
            "SELECT 1 FROM platform_beat WHERE name = %s AND at > %s", [lane, recent]
        ).fetchone()
        mend = "" if beats else f"Run evenfall up, or evenfall worker --lane {lane}."
        found = "working" if beats else "no worker in the last 30 s"
        yield Finding(what=f"lane {lane}", found=found, mend=mend, warning=True)
    yield _stuck(connection)
    yield _refused(connection)
    yield _texts(connection)
    yield _unreached(connection)


def _stuck(connection: psycopg.Connection) -> Finding:
    row = connection.execute(
        "SELECT count(*), max(last_error) FROM platform_pending_reaction WHERE attempts > 0"
    ).fetchone()
    count, error = row or (0, None)
    return Finding(
        what="reactions",
        found=f"{count} failed and will be tried again" if count else "none failed",
        mend=f"Last error: {error}. See the worker's log." if count else "",
    )


def _refused(connection: psycopg.Connection) -> Finding:
    row = connection.execute(
        "SELECT (detail ->> 'count')::bigint, at FROM platform_beat "
        "WHERE name = 'alerting.unknown_keys' AND at > %s",
        [datetime.now(UTC) - REFUSALS_SHOWN],
    ).fetchone()
    if row is None:
        return Finding(what="keys of senders", found="all known")
    noun = "request" if row[0] == 1 else "requests"
    return Finding(
        what="keys of senders",
        found=f"{row[0]} {noun} with a key nobody has, last at {row[1]:%Y-%m-%d %H:%M %Z}",
        mend="Did somebody rotate a key? See the page of integrations.",
        warning=True,
    )


def _texts(connection: psycopg.Connection) -> Finding:
    """Without the extra the product works, so that nothing must be mended."""
    if find_spec("sklearn") is None:
        found = 'compared word by word only; pip install "evenfall[similarity]" for whole texts'
        return Finding(what="similar incidents", found=found)
    row = connection.execute("SELECT at, incidents FROM patterns_reading").fetchone()
    found = f"whole texts of {row[1]} compared at {row[0]:%Y-%m-%d %H:%M %Z}" if row else ""
    return Finding(what="similar incidents", found=found or "whole texts not compared yet")


def _unreached(connection: psycopg.Connection) -> Finding:
    """What would keep a page from reaching anybody, as it was found last."""
    row = connection.execute(
        "SELECT count(*), min(title) FROM foresight_finding WHERE gone_at IS NULL "
        "AND weight = 'serious' AND (dismissed_until IS NULL OR dismissed_until <= current_date)"
    ).fetchone()
    count, title = row or (0, None)
    return Finding(
        what="who is reached",
        found=f"{count} serious: {title}{', …' if count > 1 else ''}" if count else "all is well",
        mend="See the page of findings." if count else "",
        warning=True,
    )


def _port(environment: Environment) -> Iterator[Finding]:
    where = f"{environment.host}:{environment.port}"
    with socket.socket() as probe:
        probe.settimeout(2)
        taken = probe.connect_ex((environment.host, environment.port)) == 0
    yield Finding(what="web", found=f"{where} answers" if taken else f"{where} is free")
    if not environment.public_url.startswith("https://") and "127.0.0.1" not in (
        environment.public_url
    ):
        mend = "Put TLS in front and set EVENFALL_PUBLIC_URL to the https address."
        yield Finding(
            what="public address",
            found=f"{environment.public_url}: browsers allow push on https only",
            mend=mend,
            warning=True,
        )


_LOOKS = (_python, _data_directory, _database, _port, mail, mail_in)
