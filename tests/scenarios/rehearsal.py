"""The fakes of the providers around an installation: what a vendor got, and what a reader does."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import uvicorn
from tests.factories.ports import free_port
from tests.scenarios.installation import Api, eventually

from evenfall.fakes.all import all_vendors
from evenfall.fakes.server import application
from evenfall.fakes.vendor import Vendor


class Stage:
    """The server of all fakes, seen from outside, as somebody who rehearses sees it."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._http = httpx.Client(base_url=self.url, timeout=10, trust_env=False)

    def messages(self, vendor: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._http.get(f"/_/{vendor}/messages").json()
        return found

    def message(self, vendor: str, *, containing: str, to: str = "") -> dict[str, Any]:
        """Wait for a message that has these words, to this address if one is given."""
        return eventually(
            lambda: next(
                (
                    message
                    for message in reversed(self.messages(vendor))
                    if containing in message["text"] and to in message["to"]
                ),
                None,
            ),
            what=lambda: f"a message of {vendor} with {containing!r}; there are {self.all()}",
        )

    def all(self) -> dict[str, list[dict[str, Any]]]:
        """The messages of all vendors that got some."""
        found = {name: self.messages(name) for name in self._http.get("/_/").json()}
        return {name: messages for name, messages in found.items() if messages}

    def plan(self, vendor: str, kind: str, **about: object) -> None:
        answer = self._http.post(f"/_/{vendor}/faults", json={"kind": kind, **about})
        assert answer.status_code == 201, answer.text

    def act(self, vendor: str, path: str, **body: object) -> Any:
        """Do what a reader can do, such as ``act("twilio", "reply", ...)``."""
        answer = self._http.post(f"/_/{vendor}/{path}", json=body)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def callbacks(self, vendor: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._http.get(f"/_/{vendor}/callbacks").json()
        return found

    def clear(self, vendor: str) -> None:
        self._http.delete(f"/_/{vendor}/messages")


@contextlib.contextmanager
def stage(vendors: Sequence[Vendor] | None = None) -> Iterator[Stage]:
    """Serve all fakes, or these, until the end of the block."""
    port = free_port()
    app = application(all_vendors() if vendors is None else vendors)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run, name="fakes", daemon=True)
    thread.start()
    eventually(lambda: server.started, what="the server of the fakes")
    try:
        yield Stage(port)
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)


def add_provider(api: Api, kind: str, name: str, **values: str) -> int:
    """Set up an account at a provider, as an administrator."""
    return int(api.post("/providers", type=kind, name=name, values=values)["id"])
