"""Metric sources, and a small server that answers as Prometheus does."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

from msgspec import Struct, field
from tests.factories.http_provider import Received, Reply, provider_in_thread

from evenfall.platform.clock import utc_now
from evenfall.telemetry import actions
from evenfall.telemetry.actions import SourceWish

type Parameters = Mapping[str, str]
type Told = Callable[[Parameters], list[dict[str, Any]]]


class MetricServer(Struct):
    """`answer` makes the result of a query from its parameters; `status` 503 makes it fail."""

    url: str = ""
    status: int = 200
    answer: Told = field(default=lambda _: [])
    asked: list[Parameters] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    def reply(self, received: Received) -> Reply:
        self.headers.append(received.headers)
        if received.path == "/api/v1/status/buildinfo":
            return _json({"status": "success", "data": {"version": "3.0.0"}}, 200)
        if self.status != 200:
            refused = {"status": "error", "errorType": "unavailable", "error": "not now"}
            return _json(refused, self.status)
        said = {name: values[0] for name, values in parse_qs(received.body.decode()).items()}
        self.asked.append(said)
        kind = "matrix" if received.path.endswith("query_range") else "vector"
        data = {"resultType": kind, "result": self.answer(said)}
        return _json({"status": "success", "data": data}, 200)


def _json(body: object, status: int) -> Reply:
    return Reply(status=status, body=json.dumps(body).encode())


@contextmanager
def metric_server() -> Iterator[MetricServer]:
    """A server on a free port of the loopback, in a thread with an event loop of its own."""
    running = MetricServer()
    with provider_in_thread(running.reply) as found:
        running.url = found.url
        yield running


def make_source(url: str = "https://prometheus.example.org", name: str = "Metrics") -> int:
    wish = SourceWish(name=name, url=url)
    return actions.add_source(wish=wish, now=utc_now(), actor="system")
