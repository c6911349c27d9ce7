"""The calendar by hand: a drag, the keyboard and a tap lead to the same forms."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, expect
from tests.e2e.browsing import box_of, browsing
from tests.e2e.evening import Evening

WEEK = "/oncall/calendar/?all=1&view=week&on=2030-05-01"


def test_drag_over_a_lane_opens_the_override_form_for_its_hours(
    chromium: Browser, evening: Evening
) -> None:
    with browsing(chromium, evening.url, person=evening.ada) as page:
        page.goto(WEEK)
        strip = box_of(page.locator("[data-drag] svg").first)
        middle = strip["y"] + strip["height"] / 2
        page.mouse.move(strip["x"] + strip["width"] * 2 / 7, middle)
        page.mouse.down()
        page.mouse.move(strip["x"] + strip["width"] * 2.5 / 7, middle, steps=4)
        page.mouse.up()
        page.wait_for_url("**/overrides/new/**")
        expect(page.get_by_label("From")).to_have_value("2030-05-01T00:00")
        expect(page.get_by_label("Until")).to_have_value("2030-05-01T12:00")


def test_keyboard_chooses_hours_too(chromium: Browser, evening: Evening) -> None:
    with browsing(chromium, evening.url, person=evening.ada) as page:
        page.goto(WEEK)
        hours = page.get_by_role("slider").first
        hours.focus()
        for key in ("PageUp", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
            page.keyboard.press(key)
        expect(hours).to_have_attribute("aria-valuetext", "Tue 30 Apr, 01:00 to Tue 30 Apr, 03:00")
        page.keyboard.press("Enter")
        page.wait_for_url("**/overrides/new/**")
        asked = parse_qs(urlsplit(page.url).query)
        assert asked["starts"] == ["2030-04-29T23:00:00.000Z"]


def test_tap_on_a_duty_opens_why_on_a_phone(chromium: Browser, evening: Evening) -> None:
    with browsing(chromium, evening.url, person=evening.ada, phone=True) as page:
        page.goto(WEEK)
        page.locator(".cal-list [data-duty]").first.click()
        sheet = page.get_by_role("dialog", name="One duty")
        expect(sheet).to_contain_text("Turn in layer Weekly")
        expect(sheet.get_by_role("link", name="Change this time")).to_be_visible()
