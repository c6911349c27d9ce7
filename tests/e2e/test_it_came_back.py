"""What was seen in development, and comes back in production, becomes a pattern with an owner."""

import re

from playwright.sync_api import Browser, Page, expect
from tests.e2e.cast import Cast, cast_of
from tests.e2e.evening import Evening, add_service
from tests.scenarios.installation import eventually

SERVICE = "Invoices"
TROUBLE = "Invoices with umlauts cannot be printed"
ALIKE = re.compile(r"\d+ % alike")


def test_an_incident_in_dev_that_recurs_in_prod_raises_a_pattern(
    chromium: Browser, evening: Evening
) -> None:
    cast = cast_of(chromium, evening)
    add_service(evening, "Payments", SERVICE, 3, "low", "")
    first = seen_in(cast, "DEV")
    end(cast, first)
    cast.later(minutes=9 * 24 * 60)
    second = seen_in(cast, "PROD")
    look_at_the_pattern(cast, first, second)
    end(cast, second)
    assert cast.complaints.found == []


def seen_in(cast: Cast, environment: str) -> int:
    """An alert with the same words, from another environment."""
    labels = {"alertname": "PrintFails", "job": "invoices"}
    cast.evening.send(SERVICE, TROUBLE, environment=environment, labels=labels)
    incident = cast.evening.incident(SERVICE)
    assert incident["environment"] == environment
    return int(incident["id"])


def end(cast: Cast, incident_id: int) -> None:
    """Its alert would join it again otherwise: both end."""
    cast.evening.send(SERVICE, TROUBLE, status="resolved")
    with cast.screen(cast.commander, f"/incidents/{incident_id}/") as page:
        eventually(lambda: page.reload() and page.get_by_text("Over since").is_visible())


def look_at_the_pattern(cast: Cast, first: int, second: int) -> None:
    with cast.screen(cast.manager, f"/incidents/{second}/", phone=True) as page:
        eventually(lambda: page.reload() and is_in_pattern(page), what="the pattern and its reason")
        page.get_by_text(ALIKE).first.click()
        expect(page.get_by_text("of the same alerts").first).to_be_visible()
        page.get_by_role("button", name=f"Same problem as #{first}").click()
        page.goto("/patterns/")
        page.get_by_role("link", name=TROUBLE).click()
        for words in (f"#{first}", f"#{second}", "DEV", "PROD"):
            expect(page.locator("#members")).to_contain_text(words)
        page.get_by_role("link", name="Change").click()
        page.get_by_label("Owner").select_option(label=cast.manager)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text(cast.manager).first).to_be_visible()


def is_in_pattern(page: Page) -> bool:
    """The pattern is made first; why the two are alike is said a moment later."""
    told = (page.get_by_text("a pattern of 2 incidents"), page.get_by_text(ALIKE).first)
    return all(one.is_visible() for one in told)
