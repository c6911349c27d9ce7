"""The way from our sign-in page to an OpenID Connect provider, in a real browser."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import override
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import sync_playwright
from tests import documentation
from tests.scenarios.installation import running
from tests.scenarios.tools import need

pytestmark = pytest.mark.timeout(300)
PAGE = "docs/how-to/sign-in-with-openid-connect.md"


@contextmanager
def provider() -> Iterator[str]:
    """Serve the discovery document and a sign-in page; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer = f"http://127.0.0.1:{server.server_port}"
            ends = {f"{name}_endpoint": f"{issuer}/{name}" for name in ("authorization", "token")}
            found = {"issuer": issuer, "jwks_uri": f"{issuer}/keys", **ends}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_button_leads_to_the_provider(tmp_path: Path) -> None:
    chromium = need("chromium")
    with (
        provider() as issuer,
        running(
            tmp_path,
            EVENFALL_SIGN_IN_OIDC_NAME="Example login",
            EVENFALL_SIGN_IN_OIDC_SERVER=issuer,
            EVENFALL_SIGN_IN_OIDC_CLIENT_ID="evenfall",
            EVENFALL_SIGN_IN_OIDC_SECRET="secret",
        ) as installation,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{installation.url}/accounts/login/")
        page.get_by_role("link", name="Example login").click()
        page.wait_for_url(f"{issuer}/authorization**")
        asked = parse_qs(urlsplit(page.url).query)
        browser.close()
    assert asked["client_id"] == ["evenfall"]
    assert asked["code_challenge_method"] == ["S256"]
    came_back_to = asked["redirect_uri"][0]
    assert came_back_to.removeprefix(installation.url) == urlsplit(_documented()).path


def _documented() -> str:
    """The redirect address that people are told to register."""
    found = [block for block in documentation.blocks("text") if block.page == PAGE]
    return found[0].text.strip()
