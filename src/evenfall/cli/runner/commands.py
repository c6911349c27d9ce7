"""Runs one command: no shell, no input, little of the environment, and an end in time."""

import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from typing import IO, Final

from msgspec import Struct

MOST_OUTPUT: Final = 20_000
_HEAD: Final = 5_000
_GRACE_S: Final = 1.0
_ENVIRONMENT: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TZ")


class Done(Struct, frozen=True):
    """Whether it ended with 0 in time, and what it said: its beginning and its end."""

    ok: bool
    output: str


def run_command(argv: Sequence[str], *, folder: str, time_limit_s: float) -> Done:
    """Run it to its end or to its time limit; what it started is ended with it then."""
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    # a file and no pipe: a server that it leaves behind would hold a pipe open for ever
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(  # noqa: S603 - the list of the runner's owner allows it
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            return Done(ok=False, output=f"It could not be started: {error.strerror}.")
        try:
            code = process.wait(time_limit_s)
        except subprocess.TimeoutExpired:
            _end(process)
            return Done(
                ok=False, output=f"{_said(output)}\nEnded after {time_limit_s:g} s.".strip()
            )
        ending = "" if code == 0 else f"\nIt ended with {code}."
        return Done(ok=code == 0, output=f"{_said(output)}{ending}".strip())


def _end(process: subprocess.Popen[bytes]) -> None:
    """The process and its children: they are a group of their own."""
    for word in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, word)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_S)


def _said(output: IO[bytes]) -> str:
    size = output.seek(0, os.SEEK_END)
    output.seek(0)
    if size <= MOST_OUTPUT:
        return output.read().decode(errors="replace").strip()
    head = output.read(_HEAD)
    output.seek(size - (MOST_OUTPUT - _HEAD))
    left_out = size - MOST_OUTPUT
    middle = f"\n… {left_out} bytes left out …\n"
    return (
        f"{head.decode(errors='replace')}{middle}{output.read().decode(errors='replace')}".strip()
    )
