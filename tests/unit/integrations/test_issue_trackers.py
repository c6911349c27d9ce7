"""What the slices of issue trackers read: addresses, settings, proofs of webhooks."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.trackers import SECRET, account_at, values_for

from evenfall.integrations.github.tracker import GitHub
from evenfall.integrations.gitlab.tracker import GitLab
from evenfall.integrations.jira.tracker import Jira
from evenfall.postmortems import errors
from evenfall.postmortems.ports import TrackerType, WebhookRefused

KINDS: dict[str, TrackerType] = {"github": GitHub(), "gitlab": GitLab(), "jira": Jira()}
BASES = {"github": "https://github.com", "gitlab": "https://x/gitlab", "jira": "https://x/jira"}


@pytest.mark.parametrize(
    ("kind", "path", "key"),
    [
        ("github", "/Acme/Shop/issues/12", "acme/shop#12"),
        ("github", "/acme/shop/issues/12/", "acme/shop#12"),
        ("github", "/acme/shop/pull/12", None),
        ("github", "/acme/shop/issues/0", None),
        ("github", "/acme/shop/issues/12/events", None),
        ("gitlab", "/acme/shop/-/issues/12", "acme/shop#12"),
        ("gitlab", "/acme/web/shop/-/work_items/3", "acme/web/shop#3"),
        ("gitlab", "/acme/shop/issues/12", "acme/shop#12"),
        ("gitlab", "/acme/-/issues/12", None),
        ("jira", "/browse/OPS-12", "OPS-12"),
        ("jira", "/browse/ops-12", None),
        ("jira", "/projects/OPS", None),
    ],
)
def test_an_address_is_an_issue_of_this_account_or_none(
    kind: str, path: str, key: str | None
) -> None:
    values = values_for(kind, "https://x")
    assert KINDS[kind].key_of(values, BASES[kind] + path) == key
    assert KINDS[kind].key_of(values, "https://elsewhere.example.org" + path) is None


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(url=st.text(max_size=80))
def test_any_address_is_read_without_a_crash(kind: str, url: str) -> None:
    values = values_for(kind, "https://x")
    for address in (url, f"https://{url}", f"https://x/{url}"):
        KINDS[kind].key_of(values, address)


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("github", "repository", "shop"),
        ("github", "api_url", "api.github.com"),
        ("gitlab", "project", "shop"),
        ("gitlab", "url", "ftp://x"),
        ("jira", "project", "ops"),
        ("jira", "url", ""),
    ],
)
def test_settings_that_cannot_work_are_refused_at_their_field(
    kind: str, field: str, value: str
) -> None:
    values = values_for(kind, "https://x")
    KINDS[kind].check(values)
    with pytest.raises(errors.TrackerNotUsable) as refused:
        KINDS[kind].check({**values, field: value})
    assert refused.value.field == field


def proof(kind: str, body: bytes, secret: str = SECRET) -> dict[str, str]:
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "github": {"x-hub-signature-256": signature, "x-github-event": "issues"},
        "gitlab": {"x-gitlab-token": secret, "x-gitlab-event": "Issue Hook"},
        "jira": {"x-hub-signature": signature},
    }[kind]


SAID: dict[str, tuple[Any, str]] = {
    "github": ({"issue": {"number": 7}, "repository": {"full_name": "Acme/Shop"}}, "acme/shop#7"),
    "gitlab": (
        {"object_attributes": {"iid": 7}, "project": {"path_with_namespace": "acme/shop"}},
        "acme/shop#7",
    ),
    "jira": ({"webhookEvent": "jira:issue_updated", "issue": {"key": "OPS-7"}}, "OPS-7"),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_webhook_is_known_by_its_proof_alone(kind: str) -> None:
    account = account_at(kind, "https://x")
    said, key = SAID[kind]
    body = json.dumps(said).encode()
    assert KINDS[kind].hear(account, proof(kind, body), body) == key
    for headers in ({}, proof(kind, body, "another"), proof(kind, body, "")):
        with pytest.raises(WebhookRefused):
            KINDS[kind].hear(account, headers, body)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("body", [b"", b"no", b"[]", b"null", b'{"issue": 5}', b"\xff\xfe"])
def test_a_webhook_about_something_else_names_no_issue(kind: str, body: bytes) -> None:
    assert KINDS[kind].hear(account_at(kind, "https://x"), proof(kind, body), body) == ""


def test_github_may_send_forms_too() -> None:
    said = json.dumps({"issue": {"number": 7}, "repository": {"full_name": "a/b"}})
    body = f"payload={quote(said)}".encode()
    assert GitHub().hear(account_at("github", "https://x"), proof("github", body), body) == "a/b#7"
