"""Every page takes any query and any form: an answer for people, never a 500, nothing left half.

The names of fields are those the page itself shows, so that the fuzz reaches the forms' insides.
"""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.architecture.test_permissions import ARGUMENTS, SIGN_IN_PREFIX, UUID, _walk, routes
from tests.fuzz import world
from tests.fuzz.traces import Watch
from tests.fuzz.world import World

from evenfall.identity.models import User

pytestmark = pytest.mark.django_db

FUZZ = settings(
    max_examples=3,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
# streams, and the check that says 503 when nothing works in the background
OTHERS = {"live", "audit/export.csv", "audit/export.jsonl", "readyz"}
PATHS = sorted({route.path for route in routes()} - OTHERS)
SIGN_IN = sorted({path for path, _ in _walk(get_resolver()) if path.startswith(SIGN_IN_PREFIX)})
ASKED = [
    *("q", "cursor", "state", "severity", "team", "service", "role", "from", "to", "at", "start"),
    *("days", "page", "limit", "kind", "actor", "subject", "next", "id", "copy", "rota", "zone"),
    *("alert", "matcher", "labels", "user", "format", "since", "until", "environment", "weeks"),
]
AWKWARD = [
    *(
        "",
        " ",
        "\0",
        "-1",
        "0",
        "1",
        "9" * 30,
        "9" * 5000,
        "1e999",
        "NaN",
        "x" * 10_000,
        "%",
        "'\";--",
    ),
    *("0001-01-01", "9999-12-31T23:59", "2027-02-30", "24:00", "Europe/Nowhere", "../../etc"),
    *("<script>alert(1)</script>", "{{ 7*7 }}", "\N{RIGHT-TO-LEFT OVERRIDE}", "[]", "{}", "null"),
    *("WyJuIiwieCIsInkiXQ", "javascript:alert(1)", "https://example.org", "//example.org", "on"),
    *("user:1", "team:0", "(a+)+$", "labels[", "\N{PILE OF POO}" * 100, "critical", "email"),
]
VALUES = st.sampled_from(AWKWARD) | st.text(max_size=30) | st.integers().map(str)


# wrong guesses of a code are counted, so that nobody can go on guessing
COUNTS_REFUSALS = {"profile/contact-methods/<int:contact_method_id>/"}


def filled(path: str, ids: dict[str, Any]) -> str:
    """The address of something that exists, as far as the world has one."""

    def argument(match: re.Match[str]) -> str:
        kind, _, name = match[1].rpartition(":")
        if path.startswith("teams/") and name == "slug":
            return "fuzz"
        return str(ids.get(name, UUID if kind == "uuid" else ARGUMENTS.get(kind, "nothing")))

    return "/" + re.sub(r"<([^>]*)>", argument, path)


def cookies_of(user: User) -> Iterator[str]:
    """Those of a session that everything in a module shares, and that must outlive it."""
    client = Client()
    client.force_login(user)
    yield client.cookies.output(header="", sep=";")
    assert client.get("/profile/").status_code == HTTPStatus.OK, "the session has ended on the way"


@pytest.fixture(scope="module")
def signed_in(existing: World) -> Iterator[str]:
    yield from cookies_of(existing.admin)


@pytest.fixture
def browser(signed_in: str) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies.load(signed_in)
    return client


def fields_of(page: bytes) -> list[str]:
    text = page.decode(errors="replace")  # an image has no fields
    return sorted({*re.findall(r'\bname="([^"]+)"', text)} - {"csrfmiddlewaretoken"})


@pytest.mark.parametrize("path", PATHS)
def test_any_query(path: str, existing: World, browser: Client) -> None:
    address = filled(path, existing.ids)
    shown = fields_of(_asked(browser, address).content)
    names = st.sampled_from(sorted({*ASKED, *shown}))

    @FUZZ
    @given(query=st.lists(st.tuples(names, VALUES), min_size=1, max_size=8))
    def check(query: list[tuple[str, str]]) -> None:
        answer = _asked(browser, f"{address}?{urlencode(query)}")
        assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, query

    check()


@pytest.mark.parametrize("path", PATHS)
def test_any_form(path: str, existing: World, browser: Client) -> None:
    address = filled(path, existing.ids)
    shown = sorted({*fields_of(_asked(browser, address).content), *_elsewhere(path)})
    existing_ids = st.sampled_from([str(value) for value in existing.ids.values()])

    @FUZZ
    @given(form=st.dictionaries(st.sampled_from(shown or ASKED), VALUES | existing_ids))
    def check(form: dict[str, str]) -> None:
        with world.undone():
            watch = Watch(existing.rest)
            answer = browser.post(address, form)
            assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, form
            if answer.status_code >= HTTPStatus.BAD_REQUEST and path not in COUNTS_REFUSALS:
                assert watch.left() == [], "a refused form left something"

    check()


# fields of forms that stand on another page than the one that takes them
_FIELDS = {
    "role": ["role"],
    "members": ["user", "role", "user_id"],
    "assign": ["target", "service", "team", "scope", "urgency"],
    "respond": ["response", "action", "minutes", "message"],
    "needs": ["service", "kind", "depends_on"],
    "move": ["direction", "up"],
    "take-pager": ["until", "hours", "starts_at", "ends_at"],
    "notes": ["text", "body"],
    "merge": ["into", "into_id"],
    "severity": ["severity"],
    "title": ["title"],
}


def _elsewhere(path: str) -> list[str]:
    return _FIELDS.get(path.rstrip("/").rpartition("/")[2], [])


def _asked(browser: Client, address: str) -> Any:
    with world.undone():
        return browser.get(address)


@pytest.mark.parametrize("path", SIGN_IN)
def test_sign_in_pages_take_anything(path: str, existing: World) -> None:
    address = "/" + re.sub(r"<[^>]*>|\(\?P<\w+>[^)]*\)", "x", path).replace("^", "").replace(
        "$", ""
    )
    for who in (None, existing.admin):
        client = Client(raise_request_exception=False)
        if who is not None:
            client.force_login(who)
        for value in AWKWARD[::5]:
            form = dict.fromkeys(("login", "password", "email", "next", "code", "name"), value)
            with world.undone():
                answers = [client.get(f"{address}?{urlencode(form)}"), client.post(address, form)]
            assert all(answer.status_code < 500 for answer in answers), (address, value[:50])


@pytest.mark.parametrize("path", PATHS)
def test_forms_want_the_csrf_token(path: str, existing: World) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(existing.admin)
    with world.undone():
        watch = Watch(existing.rest)
        answer = client.post(filled(path, existing.ids), {"name": "x"})
        assert answer.status_code in {403, 405} or path in OPEN_TO_POSTS, answer.status_code
        assert watch.left() == []


# these have a key or a signed token in their path and know no cookies
OPEN_TO_POSTS = {path for path in PATHS if path.startswith("<str:key>/")} | {
    "profile/contact-methods/confirm/<str:token>/",
    "profile/contact-methods/push/answer/<str:token>/",
    "profile/contact-methods/push/moved/<str:token>/",
    "r/<str:token>/",
    # tools that speak Opsgenie's Alert API send a key in a header
    "v2/alerts",
    "v2/alerts/requests/<uuid:request_id>",
    "v2/alerts/<path:rest>",
    # scripts and devices have the key of their monitor
    "ping/<str:key>",
    "ping/<str:key>/<str:what>",
    "v2/heartbeats",
    "v2/heartbeats/<str:name>",
    "v2/heartbeats/<str:name>/<str:deed>",
    "integrations/v1/<str:kind>/<str:key>/heartbeat",
    "integrations/v1/<str:kind>/<str:key>/heartbeat/",
    "api/v2/heartbeat/<str:key>",
    "changes/in/<str:change_key>/",
    "changes/in/<str:change_key>/<path:tail>",
    # runners send a token of their own
    "runner/work/",
    "runner/results/<int:runner_work_id>/",
    # readers of a status page have no account; they prove the address afterwards
    "status/<slug:slug>/subscribe/",
    "status/<slug:slug>/subscribe/browser/",
    "status/<slug:slug>/confirm/<str:token>/",
    "status/<slug:slug>/subscription/<str:token>/",
    "status/<slug:slug>/unsubscribe/<str:token>/",
}
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# a page whose address is a secret says even less
STRICTER = {"Referrer-Policy": "no-referrer"}


@pytest.mark.parametrize(
    "path", [*PATHS, "accounts/login/", "no/such/page", "api/v1/me", "api/v1/docs"]
)
def test_every_page_carries_the_security_headers(
    path: str, existing: World, browser: Client
) -> None:
    for client in (browser, Client(raise_request_exception=False)):
        answer = _asked(client, filled(path, existing.ids))
        assert {
            name: value
            for name, value in SECURITY_HEADERS.items()
            if value not in (said := answer.get(name, "")) and said != STRICTER.get(name, value)
        } == {}
        assert "unsafe" not in answer["Content-Security-Policy"]
