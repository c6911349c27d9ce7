"""Web's own pages, as a signed-in person sees them."""

import re
from pathlib import Path

import pytest
from django.http import StreamingHttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries
from tests.factories.catalog import make_service
from tests.factories.identity import make_team, make_user, signed_in
from tests.factories.incidents import open_incident
from tests.factories.oncall import make_rota

from evenfall import web
from evenfall.config.compression import CompressPages

pytestmark = pytest.mark.django_db
ADMIN_PAGES = ("/", "/tonight", "/bell", "/search", "/search?q=pay", "/styleguide")
OPEN_PAGES = ("/offline", "/manifest.webmanifest", "/sw.js", "/accounts/login/")


@pytest.fixture
def browser() -> Client:
    return signed_in(make_user("Ada Lovelace", role="admin", time_zone="Europe/Berlin"))


@pytest.mark.parametrize("path", ADMIN_PAGES)
def test_page_renders(browser: Client, path: str) -> None:
    assert browser.get(path).status_code == 200


@pytest.mark.parametrize("path", ADMIN_PAGES)
def test_page_asks_strangers_to_sign_in(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_open_page_needs_no_account(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_style_guide_is_for_administrators() -> None:
    assert signed_in(make_user(role="manager")).get("/styleguide").status_code == 403


def test_no_page_carries_inline_style_or_script(browser: Client) -> None:
    for path in ADMIN_PAGES:
        html = browser.get(path).content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html), path
        scripts = re.findall(r"<script([^>]*)>([^<]*)", html)
        assert all("src=" in attributes and not body for attributes, body in scripts), path


def test_tonight_of_an_empty_install_shows_the_first_steps(browser: Client) -> None:
    html = browser.get("/").content.decode()
    assert "Three steps to your first page" in html
    assert "0 of 3 done" in html
    assert "There is no rota yet" in html


def test_tonight_says_who_is_on_call_and_what_waits(browser: Client) -> None:
    make_rota(make_user("Ana Diaz"))
    open_incident()
    html = browser.get("/").content.decode()
    assert "1 incident is waiting for somebody." in html
    assert "Ana Diaz is on call until" in html
    assert "Checkout answers 5xx" in html


@pytest.mark.parametrize("count", [1, 3])
def test_tonight_costs_the_same_for_one_and_three_incidents(
    browser: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_rota(make_user(f"Person {number}"), name=f"Rota {number}")
        open_incident()
    with django_assert_num_queries(15):
        browser.get("/tonight")


def test_search_finds_by_part_of_a_name(browser: Client) -> None:
    team = make_team("Payments")
    make_service("Payments API", team=team)
    make_rota(make_user("Cleo"), name="Payments nights")
    html = browser.get("/search?q=payments").content.decode()
    for title in ("Payments API", "Payments nights", f"/teams/{team.slug}/"):
        assert title in html


def test_search_escapes_what_was_asked(browser: Client) -> None:
    html = browser.get("/search", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in html


def test_search_without_a_result_says_what_it_looks_at(browser: Client) -> None:
    assert "Nothing found" in browser.get("/search?q=zzzz").content.decode()


def test_theme_is_kept_on_the_device(browser: Client) -> None:
    answer = browser.post("/theme", {"theme": "dark", "next": "/search"})
    assert answer["Location"] == "/search"
    assert 'data-theme="dark"' in browser.get("/").content.decode()
    browser.post("/theme", {"theme": "system"})
    assert "data-theme=" not in browser.get("/").content.decode().split("<head>")[0]


def test_theme_leads_to_no_foreign_address(browser: Client) -> None:
    answer = browser.post("/theme", {"theme": "dark", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_manifest_names_icons_that_exist(client: Client) -> None:
    manifest = client.get("/manifest.webmanifest").json()
    folder = Path(web.__file__).parent / "static"
    for icon in manifest["icons"]:
        assert (folder / icon["src"].removeprefix("/static/")).is_file()
    assert {"any", "maskable"} == {icon["purpose"] for icon in manifest["icons"]}


def test_service_worker_keeps_files_that_exist(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    assert "/offline" in answer.content.decode()


@pytest.mark.parametrize(("path", "words"), [("/nothing/here", "Nothing at this address")])
def test_missing_page_is_designed(client: Client, path: str, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert words in answer.content.decode()


def test_domain_error_is_a_page_that_says_what_to_do() -> None:
    html = signed_in(make_user(role="observer")).get("/styleguide").content.decode()
    assert "Not yours to open" in html
    assert "identity." in html


def test_navigation_shows_only_what_the_reader_may_open() -> None:
    html = signed_in(make_user(role="observer")).get("/").content.decode()
    assert 'href="/incidents/"' in html
    assert 'href="/settings/"' not in html


def test_page_travels_compressed_where_the_browser_can(browser: Client) -> None:
    plain = browser.get("/")
    small = browser.get("/", headers={"accept-encoding": "gzip, br"})
    assert "Content-Encoding" not in plain
    assert small["Content-Encoding"] == "gzip"
    assert len(small.content) < len(plain.content) / 2


def test_what_is_streamed_leaves_word_by_word(rf: RequestFactory) -> None:
    request = rf.get("/live", headers={"accept-encoding": "gzip"})
    answer = CompressPages(lambda _: StreamingHttpResponse(["event: changed\n\n"]))(request)
    assert isinstance(answer, StreamingHttpResponse)
    assert "Content-Encoding" not in answer
