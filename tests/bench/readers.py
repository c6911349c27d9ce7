"""Readers of a public status page while something is broken: `python -m tests.bench readers`.

A page with thirty components, 90 days of bars and a post that goes on, read by 64 connections
through the real processes. Every few seconds a person says something more, so what is kept has to
be made anew; the last words must be what readers get.
"""

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from tests.bench.ground import ground
from tests.bench.report import Figure, say, show
from tests.scenarios.installation import Api

COMPONENTS = 30
SECONDS = 10
CONNECTIONS = 64
BAR = 5000.0
EVERY_S = 2.0
SCRIPT = Path(__file__).with_name("readers.lua")


def main() -> list[Figure]:
    if not shutil.which("wrk"):
        say("install wrk first")
        return []
    with ground() as ready:
        api = ready.admin.api()
        page = _page(api)
        address = f"http://127.0.0.1:{ready.installation.port}/status/{page['slug']}"
        _read(f"{address}/", seconds=2)
        with _telling(api, page) as told:
            html = _read(f"{address}/")
            data = _read(f"{address}/status.json")
        _check(f"{address}/", told[-1])
    return [_figure("", html, len(told)), _figure("its JSON, ", data, len(told))]


def _figure(what: str, found: dict[str, float], told: int) -> Figure:
    return Figure(
        what=f"public status page, {what}{CONNECTIONS} connections",
        measured=found["requests"] / found["seconds"],
        unit="/s",
        bar=BAR,
        at_least=True,
        note=f"p99 {found['p99_ms']:.1f} ms, {told} updates meanwhile",
    )


def _page(api: Api) -> dict[str, Any]:
    page: dict[str, Any] = api.post("/status-pages", title="Status of Shop")
    base = f"/status-pages/{page['id']}"
    group = api.post(f"{base}/groups", name="Payments")["id"]
    parts = [
        api.post(f"{base}/components", name=f"Part {number}", group_id=group)["id"]
        for number in range(COMPONENTS)
    ]
    statuses = {str(parts[0]): "major_outage"}
    post = api.post(f"{base}/posts", title="Broken", text="We are looking.", statuses=statuses)
    return {**page, "post": f"{base}/posts/{post['id']}/updates"}


@contextmanager
def _telling(api: Api, page: dict[str, Any]) -> Iterator[list[str]]:
    """Say something more every few seconds, until the end of the block."""
    told: list[str] = []
    over = threading.Event()

    def tell() -> None:
        while not over.wait(EVERY_S):
            text = f"Word {len(told)} of {time.time_ns()}."
            api.post(page["post"], text=text, state="identified")
            told.append(text)

    teller = threading.Thread(target=tell, name="teller")
    teller.start()
    try:
        yield told
    finally:
        over.set()
        teller.join()


def _check(address: str, words: str) -> None:
    """The last words are there, two seconds later at most."""
    deadline = time.monotonic() + 2
    while words not in httpx.get(address, trust_env=False).text:
        assert time.monotonic() < deadline, "readers got old words"
        time.sleep(0.05)


def _read(address: str, seconds: int = SECONDS) -> dict[str, float]:
    load = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "20s"]
    words = [*load, "-H", "Accept-Encoding: gzip", "-s", str(SCRIPT), address]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.partition("RESULT ")[2])
    assert not found["refused"] + found["broken"], f"not all were answered: {found}"
    return found


if __name__ == "__main__":
    show(main())
