"""One alert, from a real Prometheus to a human with a phone, both ways in, and back to quiet."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from playwright.sync_api import sync_playwright
from tests.scenarios.installation import (
    PASSWORD,
    Api,
    Installation,
    Person,
    eventually,
    running,
)
from tests.scenarios.setting import Team, make_key, make_service, make_team
from tests.scenarios.tools import (
    CHROMIUM,
    PHONE,
    Device,
    Mailbox,
    Requests,
    alertmanager,
    http_server,
    need,
    prometheus,
    text_of,
)

TROUBLE = "Checkout does not answer"


class World(Struct, frozen=True, kw_only=True):
    """An installation with one reachable responder, and what stands around it."""

    installation: Installation
    person: Person
    api: Api
    team: Team
    mailbox: Mailbox
    push: Requests
    device: Device


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        mailbox = stack.enter_context(Mailbox())
        push = stack.enter_context(http_server())
        installation = stack.enter_context(
            running(
                tmp_path_factory.mktemp("life"),
                EVENFALL_MAIL_HOST="127.0.0.1",
                EVENFALL_MAIL_PORT=str(mailbox.port),
                EVENFALL_MAIL_SECURITY="none",
            )
        )
        person = installation.first_admin()
        api = person.api()
        world = World(
            installation=installation,
            person=person,
            api=api,
            team=make_team(api, kind="prometheus"),
            mailbox=mailbox,
            push=push,
            device=Device(),
        )
        _verify_mail(world)
        _verify_push(world)
        yield world


def _verify_mail(world: World) -> None:
    method = world.api.post("/contact-methods", kind="email", address="ada.phone@example.org")
    mails = eventually(lambda: world.mailbox.to("ada.phone@example.org"), what="the code by mail")
    code = re.search(r"\b(\d{6})\b", text_of(mails[0]))
    assert code, text_of(mails[0])
    world.api.post(f"/contact-methods/{method['id']}/verify", code=code[1])


def _verify_push(world: World) -> None:
    """Subscribe as static/notifications/push.js does; the browser's keys are the test's own."""
    world.person.post(
        "/profile/contact-methods/push/",
        endpoint=f"{world.push.url}/push/ada",
        p256dh=world.device.p256dh,
        auth=world.device.auth,
        label="Chromium on a phone",
    )
    body = eventually(lambda: world.push.bodies, what="the push that asks for confirmation")[0]
    world.person.post(world.device.read(body)["url"])
    states = {m["kind"]: m["state"] for m in world.api.get("/contact-methods")["items"]}
    assert states == {"email": "verified", "webpush": "verified"}


def _incidents(world: World, state: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.api.get("/incidents", state=state)["items"]
    return found


def test_prometheus_and_alertmanager_page_a_human_who_acknowledges_on_a_phone(
    world: World, tmp_path: Path
) -> None:
    service = make_service(world.api, team_id=world.team.team_id, name="Billing")
    second_key = make_key(world.api, kind="alertmanager", service_id=service["id"])
    pushes = len(world.push.bodies)
    with ExitStack() as stack:
        hook = f"{world.installation.url}/in/{second_key}/alertmanager"
        relay = stack.enter_context(alertmanager(tmp_path, webhook=hook))
        target = stack.enter_context(http_server(get_body="checkout_orders 1\n"))
        told = [(world.installation.port, f"/{world.team.key}"), (relay, "")]
        stack.enter_context(prometheus(tmp_path, target=target.port, alertmanagers=told))

        target.get_status = 503
        incidents = eventually(
            lambda: found if len(found := _incidents(world, "open")) == 2 else None,
            within_s=60,
            what="an incident from each way in",
        )
        assert {incident["service"]["name"] for incident in incidents} == {"Checkout", "Billing"}
        assert {incident["severity"] for incident in incidents} == {"SEV2"}

        mails = eventually(
            lambda: (
                found
                if len(found := world.mailbox.to("ada.phone@example.org", containing=TROUBLE)) >= 2
                else None
            ),
            what="two mails",
        )
        assert TROUBLE in text_of(mails[0])
        payload = eventually(
            lambda: found[0] if len(found := _pages(world, pushes)) >= 2 else None,
            what="two pushes",
        )
        assert payload["actions"][0]["action"] == "acknowledge"

        _acknowledge_in_browser(world, payload["url"])
        eventually(lambda: len(_incidents(world, "open")) == 1, what="one acknowledged")

        target.get_status = 200
        eventually(
            lambda: len(_incidents(world, "resolved")) == 2,
            within_s=60,
            what="both resolved, since the target is back",
        )
    assert "Traceback" not in world.installation.log.read_text()


def _pages(world: World, after: int) -> list[dict[str, Any]]:
    """The pages pushed so far; words about shifts are not urgent."""
    pushed = map(world.device.read, world.push.bodies[after:])
    return [payload for payload in pushed if payload["urgency"] == "high"]


def _acknowledge_in_browser(world: World, url: str) -> None:
    """Sign in on a phone-sized Chromium, open the page from the notification, tap."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=need("chromium"), args=CHROMIUM)
        phone = browser.new_context(
            viewport=PHONE, has_touch=True, is_mobile=True, base_url=world.installation.url
        ).new_page()
        phone.goto(url)
        phone.get_by_label("Email").fill(world.person.email)
        phone.get_by_label("Password").fill(PASSWORD)
        phone.get_by_role("button", name="Sign in", exact=True).click()
        phone.get_by_role("button", name="Acknowledge").click()
        phone.get_by_text("Acknowledged").first.wait_for()
        browser.close()


def test_amtool_works_against_us(world: World) -> None:
    url = f"--alertmanager.url={world.installation.url}/{world.team.key}"

    def amtool(*words: str) -> str:
        done = subprocess.run(
            [need("amtool"), url, *words], capture_output=True, text=True, check=True, timeout=30
        )
        return done.stdout

    amtool("alert", "add", "alertname=FromAmtool", "severity=info", "instance=a1")
    eventually(lambda: "FromAmtool" in amtool("alert", "query"), what="the alert in amtool")
    silence = amtool(
        "silence", "add", "--author=ada", "--comment=planned", "alertname=FromAmtool"
    ).strip()
    assert silence in amtool("silence", "query")
    amtool("silence", "expire", silence)
    assert silence not in amtool("silence", "query")
    assert amtool("config", "show")
