"""What people do with a phone in one hand: answer a page, take a shift, watch an incident."""

import re

import pytest
from playwright.sync_api import Browser, expect
from tests.e2e import evening as evenings
from tests.e2e.browsing import box_of, browsing
from tests.e2e.evening import Evening
from tests.scenarios.installation import eventually
from tests.scenarios.tools import text_of


@pytest.fixture
def on_duty(evening: Evening) -> str:
    """Return who is on call for Payments."""
    return evenings.on_call(evening, "Payments")


def status(evening: Evening, page_id: int) -> str:
    return str(evening.api.get(f"/pages/{page_id}")["status"])


def test_link_in_a_mail_acknowledges_without_signing_in(
    chromium: Browser, evening: Evening, on_duty: str
) -> None:
    paged = evening.break_new_service("Reminders")
    mails = eventually(
        lambda: evening.mailbox.to(evenings.phone_mail(on_duty), containing="Reminders"),
        what="the mail about Ledger",
    )
    link = re.search(r"http\S+/r/\S+", text_of(mails[0]))
    assert link, text_of(mails[0])
    with browsing(chromium, evening.url, phone=True) as phone:
        phone.goto(link[0])
        expect(phone.get_by_role("heading", level=1)).to_have_text("Reminders does not answer")
        expect(phone.get_by_text("You, because:")).to_be_visible()
        assert status(evening, paged["id"]) == "paging"  # scanners of mail follow links too
        phone.get_by_role("button", name="Acknowledge").tap()
        expect(phone.get_by_text("Acknowledged.", exact=True)).to_be_visible()
        assert status(evening, paged["id"]) == "acknowledged"
        assert evening.api.get(f"/pages/{paged['id']}")["holder_id"] == evening.ids[on_duty]


def test_page_is_answered_with_one_tap_each(
    chromium: Browser, evening: Evening, on_duty: str
) -> None:
    paged = evening.break_new_service("Receipts")
    person = evening.people[on_duty]
    with browsing(chromium, evening.url, phone=True, person=person) as phone:
        phone.goto(f"/pages/{paged['id']}/")
        steps = (
            ("Acknowledge", "acknowledged"),
            ("I'm on it", "mobilised"),
            ("Get help", "help"),
        )
        for label, meaning in steps:
            button = phone.get_by_role("button", name=label, exact=True)
            expect(button).to_be_in_viewport()
            assert box_of(button)["height"] >= 44, f"{label} is too small for a thumb"
            button.tap()
            expect(button).to_have_count(0)
            assert status(evening, paged["id"]) == meaning


def test_shift_is_taken_over_from_on_call_now(chromium: Browser, evening: Evening) -> None:
    now = evenings.on_call(evening, "Storefront")
    taker = next(name for name in evenings.TEAMS["Storefront"] if name != now)
    with browsing(chromium, evening.url, phone=True, person=evening.people[taker]) as phone:
        phone.goto("/")
        phone.get_by_role("navigation", name="Main pages").get_by_role("link", name="On call").tap()
        card = phone.locator("section.card", has=phone.get_by_role("heading", name="Storefront"))
        expect(card).to_contain_text(now)
        card.get_by_role("button", name="Take it for me until").tap()
        expect(phone.get_by_text("You are on call for Storefront now.")).to_be_visible()
    assert evenings.on_call(evening, "Storefront") == taker


def test_incident_changes_by_itself_when_somebody_else_acknowledges(
    chromium: Browser, evening: Evening
) -> None:
    evening.break_new_service("Refunds")
    path = f"/incidents/{evening.incident('Refunds')['id']}/"
    ada, ben = evening.people["Ada"], evening.people["Ben"]
    with (
        browsing(chromium, evening.url, phone=True, person=ada) as phone,
        browsing(chromium, evening.url, person=ben) as desk,
    ):
        phone.goto(path)
        phone.evaluate("window.stillTheSamePage = true")
        expect(phone.get_by_role("button", name="Acknowledge")).to_be_visible()
        desk.goto(path)
        desk.keyboard.press("a")
        expect(desk.get_by_text("Ben acknowledged").first).to_be_visible()
        expect(phone.locator("#now").get_by_text("Ben acknowledged")).to_be_visible()
        expect(phone.get_by_role("button", name="Acknowledge")).to_have_count(0)
        assert phone.evaluate("window.stillTheSamePage")
