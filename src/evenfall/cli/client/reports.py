"""What scripts report: backups, restores that are tried, and live states."""

import argparse
import shlex
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from evenfall.cli.client import account
from evenfall.cli.client.api import Api
from evenfall.cli.client.errors import ClientError, NotSetUp

_KEPT: Final = 16_000
_NOT_FOUND: Final = 127
_SIGNALLED: Final = 128
_SHOWN: Final = 20

type Answer = tuple[object, str]


def backup_report(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Report one backup."""
    body: dict[str, Any] = {"ok": not arguments.failed, "note": arguments.note}
    if arguments.size is not None:
        body["size_bytes"] = arguments.size
    if arguments.finished_at:
        body["finished_at"] = _time(arguments.finished_at)
    made = api.post(f"/monitors/{arguments.monitor}/backups", body)
    word = "Reported" if made["ok"] else "Reported as failed"
    return made, f"{word}: {api.url}/monitors/{arguments.monitor}/"


def drift_report(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Report a live state and say how it differs from what was declared."""
    found = api.post(f"/monitors/{arguments.monitor}/drift/live", {"text": _text(arguments.file)})
    if found["problem"]:
        return found, f"It cannot be compared. {found['problem']}"
    differences = found["differences"] or []
    if not differences:
        return found, "It is as it was declared."
    lines = [_difference(one) for one in differences[:_SHOWN]]
    more = len(differences) - _SHOWN
    lines += [f"and {more} more"] if more > 0 else []
    return found, "\n".join([f"Differences: {len(differences)}", *lines])


def backup_drill(environment: dict[str, str], arguments: argparse.Namespace) -> int:
    """Run a restore, measure it, report it, and return its own exit code.

    A report that cannot be made is said and fails a restore that went well.
    """
    command = arguments.command
    try:
        known = account.load(environment)  # better now than after hours of restoring
        began = time.monotonic()
        code, output = _run(command)
        took = time.monotonic() - began
    except OSError as error:
        print(f"evenfall: {command[0]} could not be started: {error.strerror}.", file=sys.stderr)
        return _NOT_FOUND
    body = {
        "ok": code == 0,
        "took_s": round(took, 3),
        "exit_code": code,
        "command": shlex.join(command)[:500],
        "output": output,
    }
    with Api(known) as api:
        try:
            api.post(f"/monitors/{arguments.monitor}/drills", body)
        except ClientError as error:
            print(f"evenfall: The restore took {took:.0f} s. {error}", file=sys.stderr)
            return code or error.exit_code
    word = "worked" if code == 0 else f"failed with exit status {code}"
    print(f"evenfall: The restore {word} after {took:.0f} s.", file=sys.stderr)
    return code


def _run(command: list[str]) -> tuple[int, str]:
    """The exit code and the end of the output, which is passed on as it comes."""
    process = subprocess.Popen(  # noqa: S603 - the person who calls wants just this
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None  # noqa: S101 - asked for above
    kept = b""
    while chunk := process.stdout.read1(8192):  # type: ignore[attr-defined] # a buffered reader
        sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        kept = (kept + chunk)[-_KEPT:]
    code = process.wait()
    return (code if code >= 0 else _SIGNALLED - code), kept.decode(errors="replace")


def _text(path: str) -> str:
    try:
        return sys.stdin.read() if path == "-" else Path(path).read_text()
    except (OSError, UnicodeError) as error:
        raise NotSetUp(f"{path} cannot be read: {error}.") from error


def _difference(one: dict[str, str]) -> str:
    values = f": {one['declared'] or '-'} -> {one['live'] or '-'}"
    return f"  {one['what']:8} {one['path'] or 'the whole'}{values}"


def _time(text: str) -> str:
    try:
        return datetime.fromisoformat(text).astimezone().isoformat()
    except ValueError as error:
        raise NotSetUp(f"{text} is not a time. Write it like 2027-03-01T18:00.") from error
