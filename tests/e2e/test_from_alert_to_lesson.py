"""The worst of days on the screen only: from the alert to the closed post-mortem, weeks later."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.e2e.browsing import browsing
from tests.e2e.cast import Cast, cast_of
from tests.e2e.evening import Evening
from tests.scenarios.installation import eventually

SERVICE = "Ledger"
PROOF = "https://git.example.org/ledger/pull/71"
ACTION = "A lock that is held too long is released"


@pytest.fixture
def cast(chromium: Browser, evening: Evening) -> Cast:
    return cast_of(chromium, evening)


def test_a_sev1_is_run_told_and_learned_from(cast: Cast) -> None:
    status_page(cast)
    cast.evening.break_new_service(SERVICE)
    link_to_status_page(cast)
    incident = f"/incidents/{cast.evening.incident(SERVICE)['id']}/"
    take_it(cast, incident)
    tell_readers(cast, incident)
    cast.later(minutes=12)
    keep_people_told(cast, incident)
    cast.later(minutes=12)
    mend_it(cast, incident)
    tell_readers_that_it_is_over(cast, incident)
    written = write_what_it_taught(cast, incident)
    review_it(cast, written)
    do_what_was_promised(cast, written)
    cast.later(minutes=14 * 24 * 60)
    end_it(cast, written)
    assert cast.complaints.found == []


def status_page(cast: Cast) -> None:
    with cast.screen("Ada", "/status-pages/new/") as page:
        page.get_by_label("Title").fill("Shop status")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="Shop status")).to_be_visible()


def link_to_status_page(cast: Cast) -> None:
    with cast.screen("Ada", "/status-pages/") as page:
        page.get_by_role("link", name="Shop status", exact=True).click()
        page.get_by_role("link", name=re.compile("Add (a|the first) component")).first.click()
        page.get_by_label("Name").fill("Payments")
        page.get_by_label("Services").select_option(label=SERVICE)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Payments").first).to_be_visible()


def take_it(cast: Cast, incident: str) -> None:
    """On the phone, as at night: answer, take command, say how bad it is, ask for help."""
    with cast.screen(cast.commander, "/incidents/", phone=True) as page:
        page.get_by_role("link", name=re.compile(f"{SERVICE} does not answer")).first.click()
        page.wait_for_url(f"**{incident}")
        page.get_by_role("button", name="Acknowledge").click()
        page.get_by_role("button", name="Take command").click()
        expect(page.locator("#crew")).to_contain_text("Commander")
        page.get_by_text("Severity and title").click()
        page.get_by_label("Severity", exact=True).select_option("SEV1")
        page.get_by_role("button", name="Set severity").click()
        expect(page.locator("#now")).to_contain_text("SEV1")
        page.get_by_text("Give or take a role").click()
        page.get_by_label("Role", exact=True).select_option("expert")
        page.get_by_label("Who", exact=True).select_option(label=cast.helper)
        page.get_by_role("button", name="Give this role").click()
        expect(page.locator("#crew")).to_contain_text(cast.helper)
        page.get_by_text("Add a task", exact=True).click()
        page.get_by_label("What is to be done?").fill("Look at the locks")
        page.get_by_label("Who does it?").select_option(label=cast.helper)
        page.get_by_role("button", name="Add task").click()
        expect(page.locator("#tasks")).to_contain_text("Look at the locks")


def tell_readers(cast: Cast, incident: str) -> None:
    """The first post is prepared; no reader sees it before the commander posts it."""
    assert "Problem with Payments" not in public(cast)
    to_post = "Edit or drop the post for Shop status"
    with cast.screen(cast.commander, incident) as page:
        eventually(lambda: page.reload() and has_link(page, to_post), what="the prepared post")
        page.get_by_role("link", name=to_post).click()
        expect(page.get_by_label("Title")).to_have_value("Problem with Payments")
        page.get_by_role("button", name="Post it").click()
        expect(page.get_by_text("Problem with Payments").first).to_be_visible()
    assert "Problem with Payments" in public(cast)


def keep_people_told(cast: Cast, incident: str) -> None:
    """One draft for everybody: readers see it, and the next word is promised."""
    with cast.screen(cast.commander, incident) as page:
        page.get_by_role("link", name="Write an update").click()
        page.get_by_label("What is known").fill("A lock holds payments back. We are removing it.")
        page.get_by_role("button", name="Tell them").click()
        expect(page.get_by_text("A lock holds payments back").first).to_be_visible()
        page.goto("/promises/")
        expect(page.locator("#promises")).to_contain_text(SERVICE)
    assert "A lock holds payments back" in public(cast)


def public(cast: Cast) -> str:
    """What somebody without an account reads."""
    with browsing(cast.chromium, cast.evening.url) as page:
        cast.complaints.listen(page)
        page.goto("/status/shop-status/")
        return page.locator("body").inner_text()


def mend_it(cast: Cast, incident: str) -> None:
    with cast.screen(cast.helper, incident) as page:
        page.get_by_label("Write a note").fill("A report holds a **lock** on the ledger.")
        page.get_by_role("button", name="Add note").click()
        expect(page.locator("#story")).to_contain_text("A report holds a lock")
        page.get_by_role("button", name=re.compile("Done.*Look at the locks")).click()
        expect(page.locator("#tasks")).to_contain_text("Everything is done.")
        page.get_by_role("button", name="Start fixing").click()
        page.get_by_role("button", name="Watch the fix").click()
        expect(page.locator("#now")).to_contain_text("a fix is in")
        cast.later(minutes=10)
        page.get_by_role("button", name="Resolve").click()
        expect(page.get_by_text("Over since")).to_be_visible()


def tell_readers_that_it_is_over(cast: Cast, incident: str) -> None:
    with cast.screen(cast.commander, incident) as page:
        page.locator("#status-pages").get_by_role("link", name="Problem with Payments").click()
        page.get_by_label("What readers are told").fill("Payments work again. Nothing was lost.")
        page.get_by_label("State").select_option("resolved")
        page.get_by_role("button", name="Publish").click()
        expect(page.get_by_text("Nothing was lost.").first).to_be_visible()
    assert "Nothing was lost." in public(cast)


def write_what_it_taught(cast: Cast, incident: str) -> str:
    """The draft is there by itself; its address is returned."""
    with cast.screen(cast.commander, incident) as page:
        eventually(lambda: page.reload() and has_link(page, "What it taught"), what="the draft")
        page.get_by_role("link", name="What it taught").click()
        written = page.url.removeprefix(cast.evening.url)
        expect(page.get_by_text("Look at the locks").first).to_be_visible()
        page.get_by_role("link", name="Owner and reviewers").click()
        page.get_by_label("Owner").select_option(label=cast.commander)
        page.get_by_label("Reviewers").select_option(label=cast.manager)
        page.get_by_role("button", name="Save").click()
        page.get_by_role("link", name="Tags and factors").click()
        page.get_by_label("Contributing factors").fill("Long locks\nNo time limit for reports")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("link", name=re.compile("^Edit Summary")).click()
        page.get_by_label("Text").fill("Orders failed for 35 minutes: a report held a lock.")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Orders failed for 35 minutes")).to_be_visible()
        page.get_by_role("link", name="Add an action").click()
        page.get_by_label("What will be true afterwards?").fill(ACTION)
        page.get_by_label("Owner").select_option(label=cast.helper)
        page.get_by_role("button", name="Save").click()
        page.goto(written)
        page.get_by_role("button", name="Ask for review").click()
        expect(page.get_by_role("button", name="Ask for review")).to_be_hidden()
    return written


def has_link(page: Page, name: str) -> bool:
    return page.get_by_role("link", name=name).is_visible()


def review_it(cast: Cast, written: str) -> None:
    with cast.screen(cast.manager, written) as page:
        page.get_by_label("Comment on the whole").fill("Clear, and fair to everybody.")
        page.locator("#comments").get_by_role("button", name="Comment").click()
        page.get_by_role("button", name="Approve").click()
        page.get_by_role("button", name="Publish").click()
        expect(page.get_by_text("published", exact=False).first).to_be_visible()


def do_what_was_promised(cast: Cast, written: str) -> None:
    with cast.screen(cast.helper, written) as page:
        page.get_by_role("link", name=ACTION).click()
        page.get_by_role("button", name="Accept", exact=True).click()
        page.get_by_label("Link that proves it is done").fill(PROOF)
        page.get_by_role("button", name="Done").click()
        expect(page.get_by_text("Somebody else than you verifies it.")).to_be_visible()


def end_it(cast: Cast, written: str) -> None:
    with cast.screen(cast.manager, written) as page:
        page.get_by_role("link", name=ACTION).click()
        page.get_by_role("button", name="It works: verified").click()
        page.goto(written)
        page.get_by_role("button", name="Close").click()
        expect(page.locator(".lede")).to_contain_text("losed")
