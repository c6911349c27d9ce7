"""The page of an integration for mail."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client, override_settings
from tests.factories.identity import make_user, signed_in

from evenfall.platform.clock import utc_now
from evenfall.platform.mail_in import MAILBOX_BEAT
from evenfall.platform.models import Beat

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user("Mia", "manager"))


def test_an_integration_for_mail_shows_its_address_once(manager: Client) -> None:
    env = replace(settings.EVENFALL, mail_in_address="in.example.org", imap_host="imap.example.org")
    Beat.objects.create(name=MAILBOX_BEAT, at=utc_now(), detail={"problem": "wrong password"})
    with override_settings(EVENFALL=env):
        made = manager.post(
            "/integrations/new/", {"kind": "email", "name": "Old tool"}, follow=True
        )
        assert made.context["secret"].endswith("@in.example.org")
        assert made.context["secret"] in made.content.decode()
        again = manager.get(made.redirect_chain[-1][0])
    assert made.context["key"] not in again.content.decode()
    assert b"your-key+disk-of-db1@in.example.org" in again.content
    assert b"wrong password" in again.content
    off = manager.get(made.redirect_chain[-1][0])
    assert b"No mail comes in yet" in off.content


def test_the_api_tells_the_address_with_the_key(manager: Client) -> None:
    env = replace(settings.EVENFALL, mail_in_address="alerts@example.org")
    body = {"name": "Old tool", "kind": "email"}
    with override_settings(EVENFALL=env):
        made = manager.post("/api/v1/integrations", body, content_type="application/json").json()
        number = made["integration"]["id"]
        rotated = manager.post(f"/api/v1/integrations/{number}/rotate").json()
    assert made["address"] == f"alerts+{made['key']}@example.org"
    assert made["key"] == made["key"].lower()
    assert rotated["address"] == f"alerts+{rotated['key']}@example.org"
    assert rotated["key"] != made["key"]
