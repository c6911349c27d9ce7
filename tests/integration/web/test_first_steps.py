"""The three steps to the first page."""

import re
from datetime import datetime

import pytest
from django.test import Client
from tests.factories.identity import make_user, signed_in
from tests.factories.notifications import make_contact_method
from tests.factories.oncall import make_rota

from evenfall.alerting.models import Integration
from evenfall.catalog.models import Service
from evenfall.identity.models import Team, User
from evenfall.platform.crypto import decrypt

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return make_user("Ada Lovelace", role="admin")


@pytest.fixture
def browser(admin: User) -> Client:
    return signed_in(admin)


def home(browser: Client) -> str:
    return browser.get("/").content.decode()


def test_steps_count_what_is_done(admin: User, browser: Client) -> None:
    make_contact_method(admin)
    make_rota(admin)
    assert "2 of 3 done" in home(browser)


def test_an_unverified_address_is_not_yet_a_way(admin: User, browser: Client) -> None:
    make_contact_method(admin, is_verified=False)
    assert "0 of 3 done" in home(browser)


def begin(browser: Client, *, team: str = "Checkout", service: str = "Checkout API") -> int:
    answer = browser.post("/first-steps/watch", {"team": team, "service": service})
    return answer.status_code


def test_one_form_makes_all_that_being_on_call_needs(browser: Client) -> None:
    assert "Put me on call" in home(browser)
    assert begin(browser) == 302
    html = home(browser)
    assert "Ada Lovelace is on call until" in html
    assert "1 of 3 done" in html
    assert "Put me on call" not in html


def test_first_key_is_for_the_only_service(browser: Client) -> None:
    begin(browser)
    browser.post("/first-steps/key")
    assert Integration.objects.get().service == Service.objects.get()


def test_a_refused_name_leaves_nothing_behind(browser: Client) -> None:
    assert begin(browser, service="new") == 422
    assert begin(browser, team="  ") == 422
    assert not Team.objects.exists()
    assert not Service.objects.exists()


def test_only_a_manager_of_the_site_begins() -> None:
    responder = signed_in(make_user(role="responder"))
    assert begin(responder) == 403
    assert "Put me on call" not in home(responder)


def test_key_is_shown_in_examples_until_a_signal_arrives(
    admin: User, browser: Client, now: datetime
) -> None:
    assert browser.post("/first-steps/key")["Location"] == "/#first-steps"
    integration = Integration.objects.get()
    html = home(browser)
    assert "Waiting for the first signal" in html
    for tool in ("curl", "Prometheus", "Alertmanager", "Grafana", "PagerDuty-compatible"):
        assert f"<summary>{tool}</summary>" in html
    (key,) = re.findall(r"/in/(\w{32})/grafana", html)
    assert key.endswith(integration.key_hint.strip("…"))
    Integration.objects.update(last_signal_at=now)
    html = home(browser)
    assert "The first signal was received." in html
    assert "web.first_key" not in browser.session
    assert key not in html


def test_key_is_encrypted_in_the_session(browser: Client) -> None:
    browser.post("/first-steps/key")
    kept = browser.session["web.first_key"]
    assert decrypt(kept).endswith(Integration.objects.get().key_hint.strip("…"))
    assert decrypt(kept) not in kept


def test_steps_leave_once_all_are_done(admin: User, browser: Client, now: datetime) -> None:
    make_contact_method(admin)
    make_rota(admin)
    browser.post("/first-steps/key")
    Integration.objects.update(last_signal_at=now)
    assert "Three steps" not in home(browser)


def test_only_a_manager_of_the_site_makes_the_key() -> None:
    responder = signed_in(make_user(role="responder"))
    assert responder.post("/first-steps/key").status_code == 403
    assert "Make a key" not in home(responder)


def test_readers_see_no_steps() -> None:
    assert "Three steps" not in home(signed_in(make_user(role="observer")))
