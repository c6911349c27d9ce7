"""Take the pictures of the README: `python -m tools.take_screenshots`.

Starts an installation of its own, fills it with the evening that the tests of pages know, and
writes docs/images. The names in it are made up.
"""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, sync_playwright
from tests.e2e import evening as evenings
from tests.e2e.browsing import browsing
from tests.e2e.evening import Evening
from tests.scenarios.installation import Installation
from tests.scenarios.tools import CHROMIUM, Mailbox, need

IMAGES = Path(__file__).parent.parent / "docs/images"
STORY_MINUTES = 83.0  # all that tell_the_story lets pass
TONIGHT: FloatRect = {"x": 0, "y": 0, "width": 1280, "height": 784}
MOST_BYTES = 200_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Mailbox() as mailbox:
        installation = Installation(
            Path(folder),
            EVENFALL_MAIL_HOST="127.0.0.1",
            EVENFALL_MAIL_PORT=str(mailbox.port),
            EVENFALL_MAIL_SECURITY="none",
        )
        # the story begins in the past, so that it ends now
        installation.move_clock(minutes=-STORY_MINUTES)
        try:
            installation.start()
            shop = evenings.begin(installation, mailbox)
            evenings.tell_the_story(shop, lambda minutes: installation.move_clock(minutes=minutes))
            _take(shop)
            shop.close()
        finally:
            installation.stop()


def _take(shop: Evening) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=need("chromium"), args=CHROMIUM)
        _tonight(chromium, shop)
        _calendar(chromium, shop)
        _page_on_a_phone(chromium, shop)
        chromium.close()
    for image in sorted(IMAGES.glob("*.png")):
        size = image.stat().st_size
        print(f"{image.name}  {size / 1000:.0f} kB")
        if size > MOST_BYTES:
            raise SystemExit(f"{image.name} is larger than {MOST_BYTES / 1000:.0f} kB")


def _tonight(chromium: Browser, shop: Evening) -> None:
    with browsing(chromium, shop.url, person=shop.ada, color_scheme="light") as page:
        page.goto("/")
        page.screenshot(path=IMAGES / "tonight.png", clip=TONIGHT)


def _calendar(chromium: Browser, shop: Evening) -> None:
    """The next month, so that the whole of it is planned, with a cover among the shifts."""
    month = (datetime.now(UTC).replace(day=1) + timedelta(days=32)).replace(day=1)
    start = month.replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=9)
    shop.api.post(
        f"/rotas/{shop.rotas['Payments']}/overrides",
        user_id=shop.ids["Dana"],
        starts_at=start.isoformat(),
        ends_at=(start + timedelta(days=3)).isoformat(),
        note="Covers for a wedding",
    )
    with browsing(chromium, shop.url, person=shop.ada, color_scheme="light") as page:
        page.goto(f"/oncall/calendar/?all=1&on={month:%Y-%m-%d}")
        page.locator("#calendar").screenshot(path=IMAGES / "calendar.png")


def _page_on_a_phone(chromium: Browser, shop: Evening) -> None:
    paged = shop.page("Checkout API")
    person = shop.people[evenings.on_call(shop, "Payments")]
    with browsing(
        chromium,
        shop.url,
        person=person,
        phone=True,
        color_scheme="dark",
        device_scale_factor=2,
    ) as phone:
        phone.goto(f"/pages/{paged['id']}/")
        phone.screenshot(path=IMAGES / "page-phone.png")


if __name__ == "__main__":
    main()
