"""Browsers of people, and what is wrong with the pages they see."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from msgspec import Struct, field
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Error,
    FloatRect,
    Locator,
    Page,
    Response,
    ViewportSize,
)
from tests.scenarios.installation import Person, eventually
from tests.scenarios.tools import PHONE

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
ZONE = "Europe/Berlin"
PATIENCE_MS = 20_000.0
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
AXE = Axe().axe_script
type Scheme = Literal["light", "dark"]


class Complaints(Struct, dict=True):  # the browser keeps its listeners in it
    """What the browser itself complains about, page by page: errors, the CSP, missing files."""

    found: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("response", self._response)

    def stop(self, page: Page) -> None:
        page.remove_listener("console", self._console)
        page.remove_listener("pageerror", self._error)
        page.remove_listener("response", self._response)

    def _error(self, error: Error) -> None:
        self.found.append(str(error))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.found.append(f"{message.type}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.found.append(f"{response.url}: {response.status}")


def open_browser(
    chromium: Browser, url: str, *, person: Person | None = None, phone: bool = False, **more: Any
) -> BrowserContext:
    """Return a context as wide as a phone or a desktop; signed in when a person is given."""
    device: dict[str, Any] = (
        {"viewport": PHONE, "has_touch": True, "is_mobile": True}
        if phone
        else {"viewport": DESKTOP}
    )
    context = chromium.new_context(base_url=url, timezone_id=ZONE, **{**device, **more})
    context.set_default_timeout(PATIENCE_MS)
    if person is not None:
        cookies = person.browser.cookies.jar
        context.add_cookies(
            [{"name": one.name, "value": str(one.value), "url": url} for one in cookies]
        )
    return context


@contextmanager
def browsing(chromium: Browser, url: str, **how: Any) -> Iterator[Page]:
    """One page in a browser of its own, for the time of the block."""
    context = open_browser(chromium, url, **how)
    try:
        yield context.new_page()
    finally:
        context.close()


def box_of(seen: Locator) -> FloatRect:
    """Where it is; a live part that comes anew may take it away at the moment of the look."""
    return eventually(seen.bounding_box, what=f"a place of {seen}")


@contextmanager
def like_a_phone(page: Page) -> Iterator[None]:
    """Let the page that a desktop has loaded be that of a phone, for the time of the block."""
    browser = page.context.new_cdp_session(page)
    _show(browser, PHONE, is_phone=True)
    try:
        assert page.evaluate("matchMedia('(pointer: coarse) and (width < 40rem)').matches")
        yield
    finally:
        _show(browser, DESKTOP, is_phone=False)
        browser.detach()


def _show(browser: CDPSession, size: ViewportSize, *, is_phone: bool) -> None:
    screen = {**size, "deviceScaleFactor": 1, "mobile": is_phone}
    browser.send("Emulation.setDeviceMetricsOverride", screen)
    browser.send("Emulation.setTouchEmulationEnabled", {"enabled": is_phone})


def overflow(page: Page) -> str:
    """Name what sticks out at the right, or ""."""
    return str(page.evaluate(_OVERFLOW))


_OVERFLOW = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return "";
  const wide = [...document.body.querySelectorAll("*")].filter(
    (element) => element.getBoundingClientRect().right > root.clientWidth + 1);
  return `${root.scrollWidth} px wide: ` + wide.slice(0, 3).map(
    (element) => `${element.tagName}.${element.className}`).join(", ");
}"""


def hidden_at_the_right(page: Page) -> str:
    """Name the tables and tabs of which a part must be scrolled to, where nobody swipes; or ""."""
    return str(page.evaluate(_CUT))


_CUT = """() => [...document.querySelectorAll("main :is(.table-wrap, .tabs)")]
  .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1)
  .map((one) => `${one.className} shows ${one.clientWidth} of ${one.scrollWidth} px`)
  .join(", ")"""


def covered(page: Page) -> str:
    """Name what is on the screen and cannot be pressed, since something lies upon it; or ""."""
    return str(page.evaluate(_COVERED))


_COVERED = """() => [...document.querySelectorAll(
    "main :is(a[href], button, input, select, summary)")]
  .filter((one) => {
    const box = one.getClientRects()[0];  // a link may go on in the next line
    if (!box || box.width < 2 || !one.checkVisibility() || one.closest(".sr")) return false;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const hit = document.elementFromPoint(x, y);
    return hit && !one.contains(hit) && !hit.contains(one);
  })
  .slice(0, 3).map((one) => one.outerHTML.slice(0, 90)).join(", ")"""


def too_small_for_a_thumb(page: Page) -> str:
    """Name the buttons lower than the 44 px that a thumb hits, or ""."""
    return str(page.evaluate(_LOW))


_LOW = """() => [...document.querySelectorAll("main :is(button, .button):not(.sr)")]
  .map((one) => [one, one.getBoundingClientRect().height])
  .filter(([one, height]) => height > 1 && height < 43.5)
  .slice(0, 3).map(([one, height]) => `"${one.innerText}" is ${height} px high`).join(", ")"""


def violations(page: Page, *rules: str) -> list[str]:
    """What breaks WCAG 2.2 A and AA on this page; only these rules when some are named."""
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": WCAG}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    answer = page.evaluate(
        "options => axe.run(options)",
        # only a rule that we do not ask for wants all style sheets read beforehand
        {"runOnly": only, "resultTypes": ["violations"], "preload": False},
    )
    return [
        f"{one['id']}: {one['nodes'][0]['target'][0]} ({len(one['nodes'])}): "
        f"{one['nodes'][0]['failureSummary'].splitlines()[-1].strip()}"
        for one in answer["violations"]
    ]
