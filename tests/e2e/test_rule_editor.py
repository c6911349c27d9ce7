"""Rules and mappings by hand: typing shows what matches, a drag moves, a click maps."""

import re

from playwright.sync_api import Browser, Page, Route, expect
from tests.e2e.browsing import box_of, browsing
from tests.e2e.evening import Evening


def test_typing_shows_what_matches_and_a_drag_moves(chromium: Browser, evening: Evening) -> None:
    with browsing(chromium, evening.url, person=evening.ada) as page:
        for name in ("Dragged one", "Dragged two"):
            page.goto("/rules/new/")
            page.get_by_label("Name", exact=True).fill(name)
            condition = page.get_by_label("Condition")
            condition.fill("")
            condition.press_sequentially("sev")
            expect(page.get_by_role("option", name="severity")).to_be_visible()
            condition.press("ArrowDown")
            condition.press("Enter")
            condition.press_sequentially(' != "none"')
            expect(page.locator("#rule-preview")).to_contain_text("match")
            page.get_by_role("button", name="Save rule").click()
            page.wait_for_url("**/rules/")
        rows = page.locator("[data-rule]")
        expect(rows.last).to_contain_text("Dragged two")
        rows.last.locator("[data-grip]").hover()  # waits until nothing moves any more
        page.mouse.down()
        expect(rows.last).to_have_class(re.compile("is-dragged"))
        above = box_of(rows.nth(rows.count() - 2))
        page.mouse.move(above["x"] + 8, above["y"] + 4, steps=4)
        expect(rows.last).to_contain_text("Dragged one")  # it has stepped aside
        with page.expect_response("**/move/"):  # a reload before it would take it back
            page.mouse.up()
        expect(rows.last).to_contain_text("Dragged one")
        page.reload()
        expect(rows.last).to_contain_text("Dragged one")


def test_a_click_on_a_value_maps_it(chromium: Browser, evening: Evening) -> None:
    with browsing(chromium, evening.url, person=evening.ada) as page:
        paste(page, '{"check": {"said": "Oven is hot"}}')
        page.get_by_role("button", name='said: "Oven is hot"').click()
        page.get_by_label("What check.said is").select_option("summary")
        expect(page.get_by_text("With this mapping")).to_be_visible()
        expect(page.locator("strong", has_text="Oven is hot")).to_be_visible()
        page.get_by_role("button", name="Save mapping").click()
        expect(page.get_by_text("What comes from now on is read so")).to_be_visible()


def test_what_was_pasted_before_the_scripts_came_is_read(
    chromium: Browser, evening: Evening
) -> None:
    held: list[Route] = []

    def hold(script: Route) -> None:
        held.append(script)

    with browsing(chromium, evening.url, person=evening.ada, service_workers="block") as page:
        page.route("**/mapping*.js", hold)
        paste(page, '{"check": {"said": "Oven is cold"}}')
        expect(page.get_by_label("Why")).to_be_focused()
        held.pop().continue_()
        expect(page.get_by_role("button", name='said: "Oven is cold"')).to_be_visible()


def paste(page: Page, body: str) -> None:
    """Make an integration, open its mapping and paste a message there."""
    page.goto("/integrations/new/?kind=json")
    page.get_by_label("Name", exact=True).fill("Pointed at")
    page.get_by_role("button", name="Make the key").click()
    page.get_by_role("link", name="Map its fields").click()
    page.get_by_label("A body as the tool sends it").fill(body)
    page.get_by_label("Why").focus()
