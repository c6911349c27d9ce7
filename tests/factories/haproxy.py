"""A real HAProxy in front of small real HTTP servers, for tests."""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import override

import pytest

from evenfall.integrations.haproxy import runtime
from evenfall.integrations.haproxy.states import Server

_WITHIN_S = 20.0


@dataclass(kw_only=True)
class Backend:
    """A server that says its name; while it is ill its health check fails and all else too.

    While it fails it answers 500 to all but its health check.
    """

    name: str
    port: int = 0
    is_ill: bool = False
    fails: bool = False


@dataclass(kw_only=True)
class Balancer:
    """A HAProxy with the backend "web"; `address` is its runtime API, `socket` the same."""

    front: int
    api: int
    socket: str
    backends: dict[str, Backend] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.api}"

    def servers(self) -> dict[str, Server]:
        return runtime.servers(self.address, "web", time_limit_s=5)

    def tell(self, command: str) -> None:
        """Somebody else at work on its runtime API."""
        runtime.tell(self.address, command, time_limit_s=5)

    def wait_until(self, holds: Callable[[dict[str, Server]], bool]) -> dict[str, Server]:
        """Until its servers are so; health checks come five times a second."""
        deadline = time.monotonic() + _WITHIN_S
        while not holds(found := self.servers()):
            if time.monotonic() > deadline:
                raise AssertionError(f"still {[one.words() for one in found.values()]}")
            time.sleep(0.05)
        return found


@contextmanager
def backend(name: str) -> Iterator[Backend]:
    one = Backend(name=name)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = one.name.encode()
            is_bad = one.fails and self.path != "/health"
            self.send_response(503 if one.is_ill else 500 if is_bad else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    one.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def balancer(
    folder: Path,
    *,
    backends: dict[str, Backend],
    spare: dict[str, int] | None = None,
    routes: str = "",
) -> Iterator[Balancer]:
    """Run HAProxy; `spare` are ports of servers that may come, in maintenance until enabled.

    `routes` is a file for a map that leads values of the header X-Canary to servers.
    """
    program = shutil.which("haproxy") or shutil.which("/usr/sbin/haproxy")
    if program is None:
        pytest.skip("haproxy is not installed: see tools/install_test_tools.sh")
    found = Balancer(
        front=_free_port(), api=_free_port(), socket=str(folder / "api.sock"), backends=backends
    )
    config = folder / "haproxy.cfg"
    if routes:
        Path(routes).touch()
    config.write_text(_config(found, spare or {}, routes))
    with (folder / "haproxy.log").open("wb") as log:
        running = subprocess.Popen([program, "-db", "-f", str(config)], stdout=log, stderr=log)
    try:
        _wait_for(found.api, running, folder / "haproxy.log")
        found.wait_until(lambda servers: all(servers[name].is_up for name in backends))
        yield found
    finally:
        running.kill()
        running.wait()


def _config(one: Balancer, spare: dict[str, int], routes: str) -> str:
    check = "check inter 200ms fall 2 rise 1 weight 100"
    ports = {name: server.port for name, server in one.backends.items()}
    lines = [f"    server {name} 127.0.0.1:{port} {check}" for name, port in ports.items()]
    lines += [
        f"    server {name} 127.0.0.1:{port} {check} disabled" for name, port in spare.items()
    ]
    sides = [f"{{ req.hdr(X-Canary),map({routes}) -m str {name[:-1]} }}" for name in ports]
    lines += [f"    use-server {n} if {s}" for n, s in zip(ports, sides, strict=True) if routes]
    servers = "\n".join(lines)
    return f"""
global
    stats socket ipv4@127.0.0.1:{one.api} level admin
    stats socket {one.socket} level admin
defaults
    mode http
    timeout connect 5s
    timeout check 5s
    timeout client 5s
    timeout server 5s
frontend front
    bind 127.0.0.1:{one.front}
    default_backend web
backend web
    option httpchk GET /health
{servers}
"""


def _wait_for(port: int, running: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _WITHIN_S
    while True:
        assert running.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
