"""One browser and one installation full of life for all tests of pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.e2e import evening as evenings
from tests.e2e.evening import Evening
from tests.scenarios.installation import running
from tests.scenarios.tools import CHROMIUM, Mailbox, need

# a journey of many people, which may have to wait for the installation that all others share
LIMIT_S = 300
# They begin first: a worker that were alone with one of them in the end would have no company.
LONGEST = {"test_pages.py", "test_empty_pages.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for one in items:
        if one.path.parent == Path(__file__).parent:
            one.add_marker(pytest.mark.timeout(LIMIT_S))
    items.sort(key=lambda one: one.path.name not in LONGEST)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=need("chromium"), args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    folder = tmp_path_factory.mktemp("evening")
    with (
        Mailbox() as mailbox,
        running(
            folder,
            EVENFALL_MAIL_HOST="127.0.0.1",
            EVENFALL_MAIL_PORT=str(mailbox.port),
            EVENFALL_MAIL_SECURITY="none",
        ) as installation,
    ):
        shop = evenings.begin(installation, mailbox)
        evenings.tell_the_story(shop)
        yield shop
        shop.close()
