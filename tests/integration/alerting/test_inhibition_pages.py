"""Inhibition rules on pages and over the API: what is shown, and to whom."""

import pytest
from django.test import Client
from tests.factories.alerting import make_integration, receive, send, update
from tests.factories.identity import make_token, make_user, signed_in

from evenfall.alerting import actions
from evenfall.alerting.models import InhibitionRow
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
PAGES = "/inhibitions/"
ALL = "/api/v1/inhibitions"
SAID = {
    "name": "Database",
    "source": 'alertname="DatabaseDown"',
    "target": 'alertname=~".*Slow"',
    "equal": "cluster, region",
    "is_enabled": "on",
}


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user("Max", "manager"))


def tell(*names: str) -> None:
    integration = make_integration()
    for name in names:
        send(integration, update(key=name, summary=name, labels={"alertname": name}))
    receive()


def test_a_rule_is_made_shown_changed_and_deleted(manager: Client) -> None:
    assert "No inhibition rules" in manager.get(PAGES).content.decode()
    assert manager.get(f"{PAGES}new/").status_code == 200
    assert manager.post(f"{PAGES}new/", SAID)["Location"] == PAGES
    row = InhibitionRow.objects.get()
    assert row.equal == ["cluster", "region"]
    tell("DatabaseDown", "CheckoutSlow")
    actions.follow_causes(now=utc_now())
    shown = manager.get(PAGES).content.decode()
    assert "1 held" in shown
    one = f"{PAGES}{row.pk}/"
    assert "DatabaseDown" in manager.get(one).content.decode()
    assert manager.post(one, {**SAID, "name": "Other"})["Location"] == PAGES
    row.refresh_from_db()
    assert row.name == "Other"
    assert manager.post(f"{one}delete/")["Location"] == PAGES
    assert not InhibitionRow.objects.exists()


def test_the_form_says_what_the_rule_would_hold_and_what_is_wrong(manager: Client) -> None:
    tell("DatabaseDown", "CheckoutSlow", "CartSlow", "Other")
    preview = manager.post(f"{PAGES}preview/", SAID).content.decode()
    assert "Of 4 open alerts, 1 is a cause and 2 are symptoms" in preview
    assert "<strong>2</strong> would be held" in preview
    assert "Write both sides" in manager.post(f"{PAGES}preview/", {}).content.decode()
    wrong = manager.post(f"{PAGES}new/", {**SAID, "target": "nonsense"})
    assert wrong.status_code == 422
    assert not InhibitionRow.objects.exists()


def test_everybody_looks_and_managers_of_the_site_change(manager: Client) -> None:
    manager.post(f"{PAGES}new/", SAID)
    number = InhibitionRow.objects.get().pk
    responder = signed_in(make_user("Rita", "responder"))
    assert "Database" in responder.get(PAGES).content.decode()
    for path in ("new/", "preview/", f"{number}/", f"{number}/delete/"):
        assert responder.post(PAGES + path, SAID).status_code == 403


def test_the_api_speaks_matchers_as_text() -> None:
    token = make_token(make_user("Mia", "manager"), scopes=tuple(Permission), now=utc_now())
    client = Client(headers={"Authorization": f"Bearer {token}"})
    body = {**SAID, "equal": ["cluster"], "is_enabled": True}
    made = client.post(ALL, body, content_type="application/json").json()
    assert (made["source"], made["equal"]) == (SAID["source"], ["cluster"])
    one = f"{ALL}/{made['id']}"
    off = {**body, "is_enabled": False}
    assert client.put(one, off, content_type="application/json").json()["is_enabled"] is False
    assert client.get(ALL).json()["items"][0]["id"] == made["id"]
    wrong = client.put(one, {**body, "source": "x"}, content_type="application/json").json()
    assert (wrong["code"], wrong["field"]) == ("alerting.inhibition_not_valid", "source")
    assert client.delete(one).status_code == 204
    assert client.delete(one).json()["code"] == "alerting.inhibition_not_found"
