"""A real HAProxy in front of small real HTTP servers, for tests."""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import override

import pytest
from msgspec import Struct
from tests.factories.figures import Figures
from tests.factories.ports import free_port

from evenfall.integrations.haproxy import runtime
from evenfall.integrations.haproxy.states import Server

_WITHIN_S = 20.0
_CHECK = "check inter 200ms fall 2 rise 1 weight 100"


@dataclass(kw_only=True)
class Backend:
    """A server that says its name; while it is ill its health check fails and all else too.

    While it fails it answers 500 to all but its health check. It runs a version of a service, of
    which it counts its answers for Prometheus at /metrics.
    """

    name: str
    port: int = 0
    is_ill: bool = False
    fails: bool = False
    service: str = ""
    takes_s: float = 0.0
    fails_each: int = 0
    figures: Figures = field(init=False)
    _numbers: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        self.deploy("1", takes_s=self.takes_s, fails_each=self.fails_each)

    def deploy(self, version: str, *, takes_s: float = 0.0, fails_each: int = 0) -> None:
        """Another version, that takes so long for an answer and fails each so-manieth (0: none)."""
        self.takes_s, self.fails_each = takes_s, fails_each
        self.figures, self._numbers = Figures(service=self.service, version=version), count(1)

    def status(self, path: str) -> int:
        """Work as long as it takes, and say how that went."""
        if self.is_ill:
            return 503
        if path == "/health":
            return 200
        began, number = time.monotonic(), next(self._numbers)
        time.sleep(self.takes_s)
        is_its_turn = self.fails_each > 0 and number % self.fails_each == 0
        status = 500 if self.fails or is_its_turn else 200
        self.figures.add(status, seconds=time.monotonic() - began)
        return status


class Balancer(Struct, kw_only=True):
    """A HAProxy with the backend "web"; `address` is its runtime API, `socket` the same.

    `others` are more backends, each at the path of its name. `exporter` is the port of its own
    metrics, 0 without.
    """

    front: int
    api: int
    socket: str
    backends: dict[str, Backend] = field(default_factory=dict)
    others: Mapping[str, Mapping[str, Backend]] = field(default_factory=dict)
    exporter: int = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.api}"

    def servers(self, backend: str = "web") -> dict[str, Server]:
        return runtime.servers(self.address, backend, time_limit_s=5)

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
def backend(name: str, *, service: str = "", takes_s: float = 0.0) -> Iterator[Backend]:
    one = Backend(name=name, service=service, takes_s=takes_s)

    class Handler(BaseHTTPRequestHandler):
        wbufsize = -1  # one write for each answer: a health check goes away after the first

        def do_GET(self) -> None:
            is_asked = self.path == "/metrics"
            self.send_response(200 if is_asked else one.status(self.path))
            body = one.figures.written() if is_asked else one.name.encode()
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
    others: Mapping[str, Mapping[str, Backend]] | None = None,
) -> Iterator[Balancer]:
    """Run HAProxy; `spare` are ports of servers that may come, in maintenance until enabled.

    `routes` is a file for a map that leads values of the header X-Canary to servers. With `others`
    it has more backends, and the exporter for Prometheus.
    """
    program = shutil.which("haproxy") or shutil.which("/usr/sbin/haproxy")
    if program is None:
        pytest.skip("haproxy is not installed: see tools/install_test_tools.sh")
    found = Balancer(
        front=free_port(),
        api=free_port(),
        socket=str(folder / "api.sock"),
        backends=backends,
        others=others or {},
        exporter=free_port() if others else 0,
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
    ports = {name: server.port for name, server in one.backends.items()}
    lines = _servers(one.backends)
    lines += [
        f"    server {name} 127.0.0.1:{port} {_CHECK} disabled" for name, port in spare.items()
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
{_led(one)}
backend web
    option httpchk GET /health
{servers}
{_more(one)}
"""


def _servers(backends: Mapping[str, Backend]) -> list[str]:
    return [f"    server {name} 127.0.0.1:{one.port} {_CHECK}" for name, one in backends.items()]


def _led(one: Balancer) -> str:
    return "\n".join(f"    use_backend {name} if {{ path_beg /{name}/ }}" for name in one.others)


def _more(one: Balancer) -> str:
    """The other backends, and the exporter."""
    if not one.others:
        return ""
    parts = [
        "\n".join([f"backend {name}", "    option httpchk GET /health", *_servers(servers)])
        for name, servers in one.others.items()
    ]
    exporter = f"""
frontend exporter
    bind 127.0.0.1:{one.exporter}
    http-request use-service prometheus-exporter
"""
    return "\n".join([*parts, exporter])


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
