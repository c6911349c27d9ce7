"""Push messages in a real browser: what the device shows, closes and answers by itself.

The browser's own push service is far away, so the subscription is made up and messages are handed
to the service worker as that service would.
"""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct
from playwright.sync_api import Browser, CDPSession, Page, expect
from tests.e2e.browsing import open_browser, overflow, violations
from tests.e2e.evening import Evening
from tests.scenarios.installation import eventually
from tests.scenarios.rehearsal import Stage, stage

DEVICES = "/profile/contact-methods/devices/"
_SUBSCRIBING = """(() => {
  const made = %s;
  let current = null;
  const bytes = (text) => Uint8Array.from(
    atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const subscription = () => ({
    endpoint: made.endpoint,
    options: { applicationServerKey: bytes(made.key).buffer },
    toJSON: () => ({ endpoint: made.endpoint, keys: { p256dh: made.p256dh, auth: made.auth } }),
    unsubscribe: async () => { current = null; return true; },
  });
  current = localStorage.getItem("subscribed") ? subscription() : null;
  PushManager.prototype.getSubscription = async () => current;
  PushManager.prototype.subscribe = async () => {
    localStorage.setItem("subscribed", "yes");
    return (current = subscription());
  };
})();"""
# "ready" may be a moment before it hears of messages
_ACTIVE = """async () => {
  const { active } = await navigator.serviceWorker.ready;
  while (active.state !== "activated")
    await new Promise((told) => active.addEventListener("statechange", told, { once: true }));
}"""
_SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  return (await worker.getNotifications()).map((one) => ({
    title: one.title, body: one.body, tag: one.tag, silent: one.silent,
    stays: one.requireInteraction, actions: one.actions.map((action) => action.action) }));
}"""


class Phone(Struct, kw_only=True):
    page: Page
    wire: CDPSession
    origin: str
    registration: str = ""

    def push(self, **message: object) -> None:
        """Hand a message to the service worker."""
        self.wire.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": self.origin,
                "registrationId": self.registration,
                "data": json.dumps(message),
            },
        )

    def shown(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(_SHOWN)
        return found


def _keys() -> dict[str, str]:
    point = (
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )
    pairs = {"p256dh": point, "auth": b"sixteen bytes, ."}
    return {name: base64.urlsafe_b64encode(raw).decode().rstrip("=") for name, raw in pairs.items()}


@pytest.fixture(scope="module")
def fakes() -> Iterator[Stage]:
    with stage() as running:
        yield running


@pytest.fixture
def phone(chromium: Browser, evening: Evening, fakes: Stage) -> Iterator[Phone]:
    context = open_browser(chromium, evening.url, phone=True, person=evening.ada)
    context.grant_permissions(["notifications"], origin=evening.url)
    page = context.new_page()
    page.goto(DEVICES)
    key = page.locator("[data-push]").get_attribute("data-key")
    endpoint = fakes.act("push", "subscribe", key=key)["endpoint"]
    context.add_init_script(
        _SUBSCRIBING % json.dumps({"endpoint": endpoint, "key": key, **_keys()})
    )
    wire = context.new_cdp_session(page)
    phone = Phone(page=page, wire=wire, origin=evening.url)

    def remember(told: dict[str, Any]) -> None:
        phone.registration = str(told["registrations"][0]["registrationId"])

    wire.on("ServiceWorker.workerRegistrationUpdated", remember)
    wire.send("ServiceWorker.enable")
    page.goto(DEVICES)
    page.evaluate(_ACTIVE)
    eventually(lambda: phone.registration, what="the name of the service worker")
    yield phone
    context.close()


def test_a_device_is_enabled_named_and_seen(phone: Phone, evening: Evening) -> None:
    page = phone.page
    page.get_by_role("button", name="Enable notifications on this device").tap()
    expect(page.get_by_text("Tap Confirm in it.")).to_be_visible()
    page.goto(DEVICES)
    expect(page.get_by_text("Push messages are enabled on this device.")).to_be_visible()
    (method,) = [
        one
        for one in evening.people["Ada"].browser.get("/api/v1/contact-methods").json()["items"]
        if one["kind"] == "webpush"
    ]
    assert method["label"].startswith("Chrome on")
    remembered = eventually(  # it is kept beside the page, a moment after it said so
        lambda: page.evaluate("caches.match('/device').then((found) => found?.json())"),
        what="what the device keeps",
    )
    assert remembered["pass"], "the device keeps what proves that it is the same"


def test_what_is_urgent_stays_and_rings_and_a_closing_takes_it_away(phone: Phone) -> None:
    actions = [{"action": "acknowledge", "title": "Acknowledge"}]
    phone.push(
        title="Checkout is down", body="since 12:00", tag="page-5", urgency="high", actions=actions
    )
    (shown,) = eventually(phone.shown, what="the page on the screen")
    assert (shown["title"], shown["tag"]) == ("Checkout is down", "page-5")
    assert (shown["stays"], shown["silent"]) == (True, False)
    assert shown["actions"] == ["acknowledge"]
    phone.push(closed=True, tag="page-6", title="Over")
    phone.push(closed=True, tag="page-5", title="Acknowledged by Ben", badge=0)
    eventually(lambda: not phone.shown(), what="an empty screen")


def test_what_can_wait_makes_no_sound(phone: Phone) -> None:
    phone.push(title="Your shift begins tomorrow", urgency="low", tag="shift")
    (shown,) = eventually(phone.shown, what="the reminder on the screen")
    assert (shown["stays"], shown["silent"]) == (False, True)


def test_the_silent_check_is_answered_and_shows_nothing(phone: Phone) -> None:
    path = "/profile/contact-methods/push/answer/x/"
    with phone.page.context.expect_event(
        "request", lambda request: request.url.endswith(path), timeout=20_000
    ) as asked:
        phone.push(check=f"{phone.origin}{path}", title="Check")
    assert asked.value.method == "POST"
    assert phone.shown() == []


@pytest.mark.parametrize("kind", ["iphone", "android", "desktop"])
def test_the_guide_is_for_everybody(phone: Phone, kind: str) -> None:
    phone.page.goto(f"{DEVICES}?device={kind}")
    assert overflow(phone.page) == ""
    assert violations(phone.page) == []
