"""What docs/tutorial/first-page.md says, done on the screen only, from nothing to a page."""

import re
import subprocess
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.e2e.browsing import Complaints, browsing
from tests.scenarios.installation import PASSWORD, Installation, eventually, running

FIVE_MINUTES_S = 300


@pytest.fixture
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """As `make up` leaves it: without a mail server, without people."""
    with running(tmp_path_factory.mktemp("newcomer"), new=True) as fresh:
        yield fresh


def test_newcomer_has_a_first_page_in_five_minutes(
    chromium: Browser, installation: Installation
) -> None:
    started = time.monotonic()
    complaints = Complaints()
    with browsing(chromium, installation.url) as page:
        complaints.listen(page)
        open_account(page, installation)
        go_on_call(page)
        send_first_alert(page)
        answer(page)
        ask_why(page)
    assert complaints.found == []
    assert time.monotonic() - started < FIVE_MINUTES_S


def open_account(page: Page, installation: Installation) -> None:
    printed = eventually(
        lambda: re.search(r"(http\S+/welcome/\S+)", installation.log.read_text()), what="the link"
    )
    page.goto(printed[1])
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill(PASSWORD)
    # the browser's own zone is chosen already
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    page.get_by_role("button", name="Create my account").click()
    expect(page.get_by_text("Three steps to your first page")).to_be_visible()


def go_on_call(page: Page) -> None:
    page.get_by_label("Team").fill("Checkout")
    page.get_by_label("Service").fill("Checkout API")
    page.get_by_role("button", name="Put me on call").click()
    expect(page.get_by_text("Ada is on call until")).to_be_visible()


def send_first_alert(page: Page) -> None:
    page.get_by_role("button", name="Make a key to try it").click()
    expect(page.get_by_text("Waiting for the first signal…")).to_be_visible()
    command = page.locator("#first-steps details[open] code").inner_text()
    assert command.startswith("curl ")
    subprocess.run(command, shell=True, check=True, timeout=30, capture_output=True)
    # nobody reloads the page
    expect(page.get_by_text("The first signal was received.")).to_be_visible()
    expect(page.get_by_text("1 incident is waiting for somebody.")).to_be_visible()


def answer(page: Page) -> None:
    bell = page.get_by_role("banner").get_by_role("link", name="Inbox")
    # the page; sooner or later also the word that her shift began, and what would not reach her yet
    expect(bell).to_contain_text(re.compile("[123]"))
    bell.click()
    page.get_by_role("link", name="Hello from the shell").click()
    page.get_by_role("link", name="Open", exact=True).click()
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_text("Ada acknowledged").first).to_be_visible()
    page.get_by_role("link", name="Tonight").first.click()
    expect(page.get_by_text("1 incident is in hand.")).to_be_visible()
    page.get_by_role("link", name="Hello from the shell", exact=True).click()
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("Over since")).to_be_visible()


def ask_why(page: Page) -> None:
    page.locator("#alerts").get_by_role("link", name="Hello from the shell").click()
    life = page.locator("#alert-life")
    for words in ("Received from First alert", "critical", "Ada", "cknowledged", "esolved"):
        expect(life).to_contain_text(words)
