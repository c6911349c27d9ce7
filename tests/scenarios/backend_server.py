"""A backend as a process, and what a runner does to it: start, stop, restart, hang.

`serve` answers 200 with its name, or 503 while the file NAME.ill is there; a restart removes it.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import override


def serve(folder: Path, name: str, port: int) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = name.encode()
            self.send_response(503 if (folder / f"{name}.ill").exists() else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    (folder / f"{name}.pid").write_text(str(os.getpid()))
    server.serve_forever(0.05)


def start(folder: Path, name: str, port: int) -> None:
    """Start it in the background, and wait until it has its port."""
    pid = folder / f"{name}.pid"
    pid.unlink(missing_ok=True)
    subprocess.Popen(
        [sys.executable, __file__, "serve", str(folder), name, str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    for _ in range(200):
        if pid.exists() and pid.read_text():
            sys.stdout.write(f"{name} serves on {port}\n")
            return
        time.sleep(0.05)
    sys.exit(f"{name} did not start")


def stop(folder: Path, name: str) -> None:
    pid = folder / f"{name}.pid"
    if pid.exists():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid.read_text()), signal.SIGKILL)
        pid.unlink()
    sys.stdout.write(f"{name} is stopped\n")


def main() -> None:
    what, folder, name, port = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    if what == "hang":
        (folder / "hanging").touch()
        time.sleep(600)
    if what in {"stop", "restart"}:
        stop(folder, name)
    if what == "restart":
        (folder / f"{name}.ill").unlink(missing_ok=True)
    if what in {"start", "restart"}:
        start(folder, name, port)
    if what == "serve":
        serve(folder, name, port)


if __name__ == "__main__":
    main()
