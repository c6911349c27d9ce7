"""What must stay secret is in no log line, no fact of the journal and no column as plain text.

And a link that is damaged opens nothing, however it is damaged.
"""

import json
import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from tests.fuzz import world
from tests.fuzz.traces import Watch
from tests.fuzz.world import World

from evenfall.identity import queries as identity_queries
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.models import Notice
from evenfall.paging.drains import DRAINS
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import sign

pytestmark = pytest.mark.django_db

_CONFIRM = "profile/contact-methods/confirm"
PASSWORD = "a long enough secret 81"


class Life:
    """An administrator's requests, and every secret that they gave out."""

    def __init__(self, existing: World) -> None:
        self.existing = existing
        self.secrets: dict[str, str] = {"token of the world": existing.token}
        self.browser = Client(raise_request_exception=False)

    def api(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = self.browser.generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body),
            "application/json",
            headers={"Authorization": f"Bearer {self.existing.token}"},
        )
        assert answer.status_code < 300, answer.content
        told: dict[str, Any] = answer.json()
        return told

    def live(self) -> None:
        ids = self.existing.ids
        made = self.api("POST", "integrations", {"name": "Keyed", "kind": "prometheus"})
        self.secrets["integration key"] = made["key"]
        turned = self.api("POST", f"integrations/{ids['integration_id']}/rotate")
        self.secrets["rotated key"] = turned["key"]
        token = self.api("POST", "tokens", {"name": "laptop", "scopes": ["view"]})
        self.secrets["token"] = next(v for v in token.values() if str(v).startswith("evf_"))
        invited = self.api("POST", "invitations", {"email": "new@example.org", "role": "observer"})
        self.secrets["invitation"] = invited["link"].rstrip("/").rpartition("/")[2]
        method = self.api(
            "POST", "contact-methods", {"kind": "webhook", "address": "https://hooks.example/me"}
        )
        self.secrets["webhook secret"] = method["secret"]
        self.secrets["token of a repository"] = "ghp-0f-a-repository-33"
        repository = {
            "name": "Keyed git",
            "team_id": ids["team_id"],
            "url": "https://git.example.org/keyed.git",
            "token": self.secrets["token of a repository"],
        }
        self.api("POST", "runbook-repositories", repository)
        self.secrets["token of a metric source"] = "metrics-t0ken-of-ops"
        source = {"name": "Keyed", "url": "https://metrics.example.org"}
        source["secret"] = self.secrets["token of a metric source"]
        self.api("POST", "metric-sources", source)
        self.secrets["response link"] = self._response_link()
        self._be_refused()
        self._sign_in()

    def _response_link(self) -> str:
        for drain in DRAINS:
            drain.run(utc_now())
        notice = Notice.objects.order_by("id")[0]
        address = notifications_actions.response_url(notice, "acknowledge", now=utc_now())
        return address.rstrip("/").rpartition("/")[2]

    def _be_refused(self) -> None:
        """Send each secret where it is not taken, for that is what gets logged."""
        for secret in self.secrets.values():
            for path in ("in/{}", "{}/api/v2/nothing", "r/{}/", "invite/{}/", "welcome/{}/", "{}"):
                self.browser.get("/" + path.format(secret))
                self.browser.post("/" + path.format(secret) + "/x")
                strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
                strict.post("/" + path.format(secret), {"action": "nothing"})
            self.browser.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}x"})

    def _sign_in(self) -> None:
        self.secrets["password"] = PASSWORD
        self.existing.admin.set_password(PASSWORD)
        self.existing.admin.save()
        for word in (PASSWORD, PASSWORD + "x"):
            form = {"login": self.existing.admin.email, "password": word}
            self.browser.post("/accounts/login/", form)
        self.secrets["session"] = self.browser.cookies["sessionid"].value
        self.browser.post("/accounts/password/reset/", {"email": self.existing.admin.email})


def test_secrets_are_in_no_log_and_no_fact(
    existing: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with world.undone():
        life = Life(existing)
        life.live()
        told = {"log": caplog.text, "journal": rows("platform_journal")}
        found = [
            (where, name)
            for where, text in told.items()
            for name, secret in life.secrets.items()
            if secret in text
        ]
    assert len(life.secrets) == 11
    assert "Not Found: /in/" in told["log"], "nothing was logged that could hold a secret"
    assert found == []


# a session's key is its name in Django's table; the others are hashed or encrypted
KEPT = {"session"}


def test_secrets_are_in_no_column(existing: World) -> None:
    with world.undone():
        life = Life(existing)
        life.live()
        found = [
            (table, name)
            for table in connection.introspection.table_names()
            for text in [rows(table)]
            for name, secret in life.secrets.items()
            if secret in text and name not in KEPT
        ]
    assert found == []
    assert mail.outbox is not None


def rows(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(row_to_json(t)::text, ' ') FROM {table} t")
        (text,) = cursor.fetchone()
    return text or ""


# only sending the form looks at the link: mail scanners follow links
SHOWS_ONLY = {(_CONFIRM, "GET"), (_CONFIRM, "HEAD")}


@pytest.mark.parametrize("place", ["r", "invite", "welcome", _CONFIRM])
def test_damaged_links_open_nothing(place: str, existing: World) -> None:
    now = utc_now()
    day = timedelta(days=1)
    content = [1, existing.admin.id, "acknowledge"]
    good = sign(content, purpose="response", now=now, valid_for=day)
    damaged = {good[:at] + "x" + good[at + 1 :] for at in range(0, len(good), 3)}
    damaged |= {good[:-1], good + "A", good * 2, good.upper(), ".", ":", "a" * 5000, "%00", "é"}
    damaged |= {sign([1, 1], purpose=other, now=now, valid_for=day) for other in "ab"}
    damaged.discard(good)
    client = Client(raise_request_exception=False)
    for token in damaged:
        with world.undone():
            watch = Watch(existing.rest)
            for method in ("GET", "HEAD", "POST"):
                answer = client.generic(method, f"/{place}/{token}/", b"")
                assert (place, method) in SHOWS_ONLY or 300 <= answer.status_code < 500, (
                    token,
                    method,
                    answer.status_code,
                )
            assert watch.left() == [], token


@pytest.mark.parametrize(
    "following",
    [
        *("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"),
        *("http:evil.example", "///evil.example", "\thttps://evil.example", "-1", "/" + "a" * 9000),
    ],
)
def test_nobody_is_sent_away_from_here(following: str, existing: World) -> None:
    existing.admin.set_password(PASSWORD)
    existing.admin.save()
    login = {"login": existing.admin.email, "password": PASSWORD, "next": following}
    for path, form in (("/accounts/login/", login), ("/theme", {"next": following})):
        with world.undone():
            answer = Client(raise_request_exception=False).post(path, form)
        assert answer.status_code < 500
        place = urljoin("https://here.example/x/", answer.get("Location", "/").replace("\\", "/"))
        assert place.startswith("https://here.example/")


def test_signing_in_changes_the_session(existing: World) -> None:
    with world.undone():
        existing.admin.set_password(PASSWORD)
        existing.admin.save()
        client = Client()
        client.cookies["sessionid"] = "chosenbysomebodyelse12345678"
        form = {"login": existing.admin.email, "password": PASSWORD}
        assert client.post("/accounts/login/", form).status_code == 302
        assert client.cookies["sessionid"].value != "chosenbysomebodyelse12345678"
        assert client.cookies["sessionid"]["httponly"]
        assert client.cookies["sessionid"]["samesite"] == "Lax"
        assert identity_queries.people([existing.admin.id])
