"""A release on the screen only: a closed gate, a signature, a rollout, and back with one tap."""

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, override

import pytest
from playwright.sync_api import Browser, expect
from tests.e2e.cast import Cast, cast_of
from tests.e2e.evening import Evening, add_service
from tests.scenarios.installation import eventually

SERVICE = "Basket"
SLUG = "basket"
VERSION = "2.0"
PLAN = {
    "strategy": "canary",
    "steps": [{"setWeight": 50}, {"pause": {"duration": "30m"}}],
    "guard": {"most_percent": 5, "window": 30, "least": 20, "least_errors": 3},
    "watch": "1h",
}


@pytest.fixture
def cast(chromium: Browser, evening: Evening) -> Cast:
    return cast_of(chromium, evening)


def test_a_closed_gate_is_opened_by_a_signature_and_the_way_back_is_one_tap(cast: Cast) -> None:
    with switch() as (url, weights):
        prepare(cast.evening, url)
        use_up_the_budget(cast)
        look_at_what_burned(cast)
        release = register(cast)
        ask_for_an_exception(cast, release)
        sign(cast, release)
        roll_out_and_back(cast, release, weights)
    assert cast.complaints.found == []


@contextmanager
def switch() -> Iterator[tuple[str, dict[str, float]]]:
    """What leads the traffic of somebody who wrote it themselves; and the weights it was told."""
    weights = {"blue": 100.0, "green": 0.0}

    class Switch(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            weights.update(told["data"]["weights"])
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = json.dumps({"weights": weights}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, *_: object) -> None:
            """The log of the test is its own."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Switch)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/traffic", weights
    finally:
        server.shutdown()
        server.server_close()


def prepare(evening: Evening, url: str) -> None:
    """A service with an objective, a stage with two gates, and where it runs."""
    api = evening.api
    add_service(evening, "Payments", SERVICE, 2, "medium", "")
    number = evening.services[SERVICE]
    rules = {"gates": ["budget", "approvals"], "need": 1}
    way = [{"name": "PROD", "environment": "PROD", "rules": rules}]
    api.put(f"/services/{SLUG}/stages", stages=way)
    counts = {"name": "Baskets", "service_id": number, "origin": "pushed"}
    api.post(
        "/objectives",
        name="Baskets are kept",
        service_id=number,
        target=0.9,
        window={"span": "1h"},
        indicator=counts,
    )
    secret = f"whsec_{base64.b64encode(b'k' * 32).decode()}"
    api.post(
        "/rollout-targets",
        service=SLUG,
        traffic_kind="webhook",
        traffic={"url": url, "secret": secret},
        plan=PLAN,
        blue_version="1.9",
    )


def use_up_the_budget(cast: Cast) -> None:
    evening = cast.evening
    number = evening.services[SERVICE]
    (counts,) = evening.api.get("/indicators", service_id=number)["items"]
    cast.later(minutes=3)
    at = (evening.installation.now() - timedelta(minutes=2)).isoformat()
    minutes = [{"at": at, "good": 0, "total": 100}]
    evening.api.post(f"/indicators/{counts['id']}/counts", key="all-bad", minutes=minutes)
    cast.later(minutes=1)
    eventually(lambda: budget(evening)["state"] == "FROZEN", what="a frozen budget")


def look_at_what_burned(cast: Cast) -> None:
    """The page of the objective fetches its pieces, and each of them fetches itself again."""
    found = cast.evening.api.get("/objectives", service_id=cast.evening.services[SERVICE])["items"]
    with cast.screen("Ada", f"/objectives/{found[0]['id']}/") as page:
        for name in ("Budget", "Errors", "Burn", "Who spent it"):
            expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        expect(page.locator(".pairs figure").first).to_be_visible()
        with page.expect_response("**/burns/"):
            page.locator("#burns").dispatch_event("live")
        expect(page.locator(".pairs figure").first).to_be_visible()


def budget(evening: Evening) -> dict[str, Any]:
    number = evening.services[SERVICE]
    (found,) = evening.api.get(f"/services/{number}/budgets")["items"]
    return dict(found)


def register(cast: Cast) -> str:
    """Return the address of the release."""
    with cast.screen("Ada", "/releases/") as page:
        page.get_by_role("link", name="New release").click()
        page.get_by_label("Service", exact=True).select_option(label=SERVICE)
        page.get_by_label("Version", exact=True).fill(VERSION)
        page.get_by_role("button", name="Register").click()
        expect(page.locator("#gates")).to_contain_text("The error budget of Baskets are kept is")
        expect(page.locator("#gates .card-head")).to_contain_text("Fail")
        page.get_by_role("button", name="Begin the deploy").click()
        expect(page.get_by_text("Error budget, Sign-off").first).to_be_visible()
        return page.url.removeprefix(cast.evening.url)


def ask_for_an_exception(cast: Cast, release: str) -> None:
    with cast.screen("Ada", release) as page:
        page.get_by_text("Ask for an exception", exact=True).click()
        page.get_by_role("checkbox", name="Sign-off").uncheck()
        page.get_by_label("Kind").select_option("security")
        page.get_by_label("Why").last.fill("The hole is used")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_text("Asked", exact=True)).to_be_visible()
        # nobody signs what they asked for themselves
        expect(page.get_by_role("button", name="Sign", exact=True)).to_be_hidden()


def sign(cast: Cast, release: str) -> None:
    with cast.screen("Ben", release) as page:
        page.get_by_role("button", name="Sign", exact=True).click()
        expect(page.locator("#gates")).to_contain_text("Exception signed by Ben: The hole is used")
        page.get_by_role("button", name="Yes, let it go").click()
        expect(page.locator("#gates .card-head")).to_contain_text("Pass")


def roll_out_and_back(cast: Cast, release: str, weights: dict[str, float]) -> None:
    with cast.screen("Ada", release) as page:
        page.get_by_role("link", name="Start its rollout").click()
        expect(page.get_by_label("Version")).to_have_value(VERSION)
        page.get_by_role("button", name="Start").click()
        eventually(lambda: weights["green"] == 50, what="half of the traffic on the new version")
        page.get_by_role("button", name="Roll back now").click()
        eventually(lambda: weights["green"] == 0, what="all traffic on the old version")
        expect(page.locator("#rollout")).to_contain_text(re.compile("Ended by hand|Rolled back"))
        page.get_by_role("link", name=VERSION, exact=True).click()
        expect(page.locator(".track")).to_contain_text("Rolled back")
