"""The programs around an installation: real ones where there are, faithful ones where not."""

import base64
import contextlib
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self, override

import http_ece
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct, field
from playwright.sync_api import ViewportSize
from tests.factories.ports import free_port
from tests.scenarios.installation import eventually, is_ready

PHONE: ViewportSize = {"width": 390, "height": 844}
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def need(program: str) -> str:
    """Return the path of a program, or skip loudly; CI installs them all and never comes here."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed: see tools/install_test_tools.sh")
    return found


class Mailbox:
    """A real SMTP server that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content).encode()
        self.mails.append(message_from_bytes(raw, policy=policy.default))
        return "250 kept"

    def to(self, address: str, *, containing: str = "") -> list[EmailMessage]:
        return [
            mail
            for mail in self.mails
            if address in str(mail["To"]) and containing in str(mail["Subject"])
        ]

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


class Requests(Struct):
    """What an HTTP server of ours received, and how it answers."""

    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    status: int = 201
    get_status: int = 200
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def http_server(*, get_body: str = "") -> Iterator[Requests]:
    """Serve POSTs (kept) and GETs (answered with ``get_body``) until the end of the block."""
    seen = Requests()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            seen.bodies.append(self.rfile.read(length))
            seen.headers.append({k.lower(): v for k, v in self.headers.items()})
            self._answer(seen.status, b"")

        def do_GET(self) -> None:
            self._answer(seen.get_status, get_body.encode())

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    seen.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Device:
    """The keys of a browser that subscribed to push; they decrypt what a push service received."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = b"0123456789abcdef"

    @property
    def p256dh(self) -> str:
        point = self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return _unpadded(point)

    @property
    def auth(self) -> str:
        return _unpadded(self._auth)

    def read(self, body: bytes) -> dict[str, Any]:
        plain = http_ece.decrypt(
            body, private_key=self._key, auth_secret=self._auth, version="aes128gcm"
        )
        payload: dict[str, Any] = json.loads(plain)
        return payload


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@contextlib.contextmanager
def process(command: list[str], *, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program for the time of the block; only this one is ended."""
    with log.open("wb") as output:
        running = subprocess.Popen(command, stdout=output, stderr=output, cwd=log.parent)
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@contextlib.contextmanager
def alertmanager(folder: Path, *, webhook: str) -> Iterator[int]:
    """Run a real Alertmanager that tells our web hook; yield its port."""
    port = free_port()
    config = folder / "alertmanager.yml"
    config.write_text(
        f"""
route:
  receiver: evenfall
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1s
receivers:
  - name: evenfall
    webhook_configs:
      - url: {webhook}
        send_resolved: true
"""
    )
    command = [
        need("prometheus-alertmanager"),
        f"--config.file={config}",
        f"--storage.path={folder / 'alertmanager'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    with process(command, log=folder / "alertmanager.log"):
        ready = f"http://127.0.0.1:{port}/-/ready"
        eventually(lambda: is_ready(ready), within_s=30, what="an Alertmanager that is ready")
        yield port


@contextlib.contextmanager
def prometheus(folder: Path, *, target: int, alertmanagers: list[tuple[int, str]]) -> Iterator[int]:
    """Run a real Prometheus that watches ``target`` and tells (port, path prefix) pairs."""
    told = "".join(
        f"""
    - path_prefix: "{prefix}"
      static_configs: [{{targets: ["127.0.0.1:{their_port}"]}}]"""
        for their_port, prefix in alertmanagers
    )
    (folder / "rules.yml").write_text(
        """
groups:
  - name: scenario
    rules:
      - alert: CheckoutDown
        expr: up{job="checkout"} == 0
        labels: {severity: critical}
        annotations: {summary: "Checkout does not answer"}
"""
    )
    settings = f"""
global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}
rule_files: [{folder / "rules.yml"}]
scrape_configs:
  - job_name: checkout
    static_configs: [{{targets: ["127.0.0.1:{target}"]}}]
alerting:
  alertmanagers:{told}
"""
    with prometheus_by(folder, settings, "--rules.alert.resend-delay=2s") as port:
        yield port


@contextlib.contextmanager
def prometheus_by(folder: Path, settings: str, *words: str) -> Iterator[int]:
    """Run a real Prometheus by these settings, its data in the folder "prometheus"."""
    port = free_port()
    config = folder / "prometheus.yml"
    config.write_text(settings)
    command = [
        need("prometheus"),
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'prometheus'}",
        f"--web.listen-address=127.0.0.1:{port}",
        *words,
    ]
    with process(command, log=folder / "prometheus.log"):
        ready = f"http://127.0.0.1:{port}/-/ready"
        eventually(lambda: is_ready(ready), within_s=30, what="a Prometheus that is ready")
        yield port
