"""The frame around all pages: keyboard, weight, life without JavaScript, the installed app."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tests.e2e import evening as evenings
from tests.e2e.browsing import browsing, open_browser
from tests.e2e.evening import Evening
from tests.scenarios.installation import eventually

MOST_BYTES = 60_000


@pytest.fixture
def desk(chromium: Browser, evening: Evening) -> Iterator[Page]:
    with browsing(chromium, evening.url, person=evening.ada) as page:
        yield page


def test_keyboard_leads_everywhere(desk: Page) -> None:
    desk.goto("/")
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="Skip to content")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("#main")).to_be_focused()

    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_be_hidden()

    desk.keyboard.press("/")
    expect(desk.get_by_role("searchbox")).to_be_focused()
    desk.keyboard.type("check")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("link", name="Checkout API", exact=True)).to_be_visible()
    desk.wait_for_load_state()  # what listens to keys is loaded last
    desk.keyboard.press("Escape")
    desk.keyboard.press("g")
    desk.keyboard.press("i")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Incidents")
    desk.keyboard.press("j")
    expect(desk.locator("main .row-link").first).to_be_focused()


def test_a_form_that_came_back_begins_where_it_is_wrong(desk: Page) -> None:
    desk.goto("/runbooks/import/git/new/")
    desk.get_by_label("Name", exact=True).fill("Operations")
    desk.get_by_label("Address").fill("ssh://git.example.org/ops.git")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_label("Address")).to_be_focused()
    expect(desk.get_by_label("Address")).to_have_value("ssh://git.example.org/ops.git")
    expect(desk.get_by_label("Name", exact=True)).to_have_value("Operations")


def test_the_navigation_counts_what_waits_for_the_reader(desk: Page, evening: Evening) -> None:
    ben = evening.people["Ben"].api("view", "respond", "manage")
    made = ben.post(
        "/runbooks", title="Cut over", text="Cut", owner={"team_id": evening.teams["Payments"]}
    )
    runbook = f"/runbooks/{made['slug']}"
    ben.post(
        f"{runbook}/steps",
        name="cut",
        title="Cut over",
        kind="http",
        settings={"method": "POST", "url": "https://vault.example.org/cut"},
        approval="always",
    )
    desk.goto("/incidents/")
    places = desk.get_by_role("navigation", name="All pages")
    expect(places.get_by_role("link", name="Runs", exact=True)).to_be_visible()
    run = ben.post(f"{runbook}/runs")
    expect(places.get_by_role("link", name="Runs (1 waits for you)")).to_be_visible()
    evening.api.post(f"/runs/{run['id']}/stop")
    expect(places.get_by_role("link", name="Runs", exact=True)).to_be_visible()

    def begins_late(stream: Route) -> None:
        ben.post(f"{runbook}/runs")  # after the page was read, before its stream begins
        eventually(lambda: ben.get("/runs", show="waiting")["items"], what="a run that waits")
        stream.continue_()

    desk.route("**/live?*", begins_late, times=1)
    desk.goto("/incidents/")
    expect(places.get_by_role("link", name="Runs (1 waits for you)")).to_be_visible()
    (waiting,) = ben.get("/runs", show="waiting")["items"]
    evening.api.post(f"/runs/{waiting['id']}/stop")
    ben.http.close()


def test_page_on_a_phone_weighs_little(chromium: Browser, evening: Evening) -> None:
    paged = evening.page("Checkout API")
    with browsing(chromium, evening.url, phone=True, person=evening.ada) as phone:
        weights: list[float] = []
        wire = phone.context.new_cdp_session(phone)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", lambda told: weights.append(told["encodedDataLength"]))
        phone.goto(f"/pages/{paged['id']}/", wait_until="load")
        expect(phone.get_by_role("button", name="Acknowledge")).to_be_visible()
        assert len(weights) > 3, "nothing was measured"
        assert sum(weights) < MOST_BYTES


def test_a_page_opens_at_its_top_and_shows_the_tab_that_was_chosen(
    chromium: Browser, evening: Evening
) -> None:
    incident = evening.incident("Checkout API")
    with browsing(chromium, evening.url, phone=True, person=evening.ada) as phone:
        phone.goto(f"/incidents/{incident['id']}/", wait_until="load")
        expect(phone.get_by_role("heading", level=1)).to_be_in_viewport()
        phone.goto("/triage/kept/", wait_until="load")
        expect(phone.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=0.9)


def test_incident_is_read_and_acknowledged_without_javascript(
    chromium: Browser, evening: Evening
) -> None:
    paged = evening.break_new_service("Gift Cards")
    with browsing(
        chromium, evening.url, phone=True, person=evening.ada, java_script_enabled=False
    ) as phone:
        phone.goto("/")
        phone.get_by_role("link", name=re.compile("^Gift Cards does not")).click()
        expect(phone.get_by_role("heading", level=1)).to_have_text("Gift Cards does not answer")
        for heading in ("Who is called", "Alerts", "What happened"):
            expect(phone.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        phone.get_by_role("button", name="Acknowledge").click()
        expect(phone.get_by_text("Ada acknowledged").first).to_be_visible()
    assert evening.api.get(f"/pages/{paged['id']}")["status"] == "acknowledged"


def test_app_can_be_installed(desk: Page) -> None:
    desk.goto("/")
    manifest = _manifest(desk)
    assert {"name", "short_name", "start_url", "display", "icons"} <= manifest.keys()
    sizes = {one["sizes"] for one in manifest["icons"]}
    assert {"192x192", "512x512"} <= sizes
    for icon in manifest["icons"]:
        assert desk.request.get(icon["src"]).headers["content-type"] == icon["type"]
    wire = desk.context.new_cdp_session(desk)
    wire.send("Page.enable")
    problems = wire.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # a private window installs nothing, and every browser of a test is one
    assert [one["errorId"] for one in problems if one["errorId"] != "in-incognito"] == []
    assert wire.send("Page.getAppManifest")["errors"] == []


def _manifest(page: Page) -> dict[str, Any]:
    link = page.locator("link[rel=manifest]").get_attribute("href")
    assert link is not None
    answer = page.request.get(link)
    assert answer.headers["content-type"] == "application/manifest+json"
    manifest: dict[str, Any] = answer.json()
    return manifest


def test_without_network_the_app_shows_who_was_on_call(chromium: Browser, evening: Evening) -> None:
    context = open_browser(chromium, evening.url, phone=True, person=evening.ada)
    phone = context.new_page()
    phone.goto("/")
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    # the worker is in charge from the first page it was not late for
    phone.wait_for_function("navigator.serviceWorker.controller !== null")
    phone.goto("/oncall/")
    on_call = evenings.on_call(evening, "Payments")
    expect(phone.locator("main")).to_contain_text(on_call)
    context.set_offline(True)
    phone.goto("/")
    # that a network came just now does not take the reader back
    phone.evaluate("location.href = '/oncall/'; dispatchEvent(new Event('online'))")
    expect(phone.locator("main")).to_contain_text(on_call)
    expect(phone.get_by_text("No connection.").first).to_be_visible()
    phone.goto("/rotas/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("No connection")
    expect(phone.get_by_role("link", name="On call")).to_be_visible()
    context.set_offline(False)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Rotas", timeout=15_000)
    context.close()
