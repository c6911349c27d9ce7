"""Versions on their way to traffic, through a web hook that leads it: as people see them."""

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, override

from tests.e2e.evening import Evening
from tests.scenarios.installation import eventually

STEPS = [{"setWeight": 20}, {"pause": {"duration": "2s"}}, {"setWeight": 50}, {"pause": {}}]
GUARD = {"least": 5, "window": 10}


@contextmanager
def crossing() -> Iterator[str]:
    """Leads traffic as it is told and counts up with each look; each path is a traffic of its own.

    Returns the address that paths are added to.
    """
    weights = defaultdict[str, dict[str, int]](lambda: {"blue": 100, "green": 0})
    counts = defaultdict[str, dict[str, dict[str, int]]](dict)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            weights[self.path] = said["data"]["weights"]
            self._say({})

        def do_GET(self) -> None:
            counted = counts[self.path]
            for side, weight in weights[self.path].items():
                one = counted.setdefault(side, {"requests": 0, "errors": 0})
                one["requests"] += weight
            self._say({"weights": weights[self.path], "counts": counted})

        def _say(self, answer: dict[str, Any]) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def rollout_pages(evening: Evening, url: str) -> list[str]:
    """One that waits for somebody, with a baseline; one that is watched; one that was ended."""
    waits = _place(evening, "checkout-api", f"{url}checkout", steps=STEPS, baseline=True)
    ended = _started(evening, "checkout-api", "2.4.0")
    evening.api.post(f"/rollouts/{ended}/rollback", reason="Orders are lost")
    _until(evening, ended, "aborted")
    asking = _started(evening, "checkout-api", "2.4.1")
    watched_at = _place(evening, "product-search", f"{url}search", strategy="blue_green")
    watched = _started(evening, "product-search", "7.1")
    _until(evening, watched, "watching")
    eventually(lambda: _look(evening, asking)["asks"], what="a rollout that waits for somebody")
    return [
        *(f"/rollouts/{one}/" for one in (ended, asking, watched)),
        f"/rollouts/{asking}/analysis/",
        f"/rollouts/places/{waits}/",
        f"/rollouts/places/{waits}/analysis/",
        f"/rollouts/places/{waits}/analysis/metric/",
        f"/rollouts/places/{watched_at}/start/",
        "/rollouts/places/new/haproxy/command/",
    ]


def _place(evening: Evening, service: str, url: str, **plan: Any) -> int:
    made = evening.api.post(
        "/rollout-targets",
        service=service,
        traffic_kind="webhook",
        traffic={"url": url, "secret": "sixteen letters and more"},
        blue_version="1.8.0",
        plan={"guard": GUARD, **plan},
    )
    return int(made["id"])


def _started(evening: Evening, service: str, version: str) -> int:
    return int(evening.api.post("/rollouts", service=service, version=version)["id"])


def _look(evening: Evening, number: int) -> dict[str, Any]:
    found: dict[str, Any] = evening.api.get(f"/rollouts/{number}")
    return found


def _until(evening: Evening, number: int, state: str) -> None:
    eventually(lambda: _look(evening, number)["state"] == state, what=f"a rollout that is {state}")
