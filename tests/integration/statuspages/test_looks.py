"""How a page looks: logo, colour, languages, domain."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.identity import make_membership, make_team, make_user, signed_in
from tests.factories.pictures import png
from tests.factories.statuspages import make_component, make_page, make_post

from evenfall.platform.clock import utc_now
from evenfall.statuspages import actions, errors, queries
from evenfall.statuspages.actions import LookWish
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.logic.words import Status, Visibility
from evenfall.statuspages.models import StatusPage

pytestmark = pytest.mark.django_db
GERMAN = {"Accept-Language": "de-AT,en;q=0.3"}


def choose(page: StatusPage, **wish: Any) -> None:
    actions.change_look(
        status_page_id=page.pk, wish=LookWish(**wish), now=utc_now(), actor="system"
    )


def upload(page: StatusPage, body: bytes) -> None:
    actions.change_logo(status_page_id=page.pk, body=body, now=utc_now(), actor="system")


def shown(page: StatusPage, path: str = "", **headers: Any) -> str:
    return Client().get(f"/status/{page.slug}/{path}", **headers).content.decode()


def test_a_page_speaks_the_language_that_readers_accept() -> None:
    page = make_page(now=utc_now())
    part = make_component(page, now=utc_now())
    make_post(page, {part: Status.PARTIAL}, now=utc_now())
    choose(page, languages=[Language.EN, Language.DE, Language.ES])
    german = shown(page, headers=GERMAN)
    assert '<html lang="de">' in german
    assert "Teilausfall aller Systeme" in german
    assert "Wird untersucht" in german
    assert "Partial outage of all systems" in shown(page)
    assert "Caída parcial" in shown(page, "?lang=es", headers=GERMAN)
    assert "Partial outage" in shown(page, headers={"Accept-Language": "fr"})
    answer = Client().get(f"/status/{page.slug}/")
    assert "Accept-Language" in answer["Vary"]


def test_a_page_of_one_language_keeps_to_it() -> None:
    page = make_page(now=utc_now())
    choose(page, languages=[Language.FR])
    text = shown(page, headers=GERMAN)
    assert '<html lang="fr">' in text
    assert 'aria-label="Langues"' not in text


def test_the_etag_knows_the_language() -> None:
    page = make_page(now=utc_now())
    choose(page, languages=[Language.EN, Language.DE])
    english = Client().get(f"/status/{page.slug}/")
    headers = {**GERMAN, "If-None-Match": english["ETag"]}
    assert Client().get(f"/status/{page.slug}/", headers=headers).status_code == 200


def test_a_colour_is_a_style_sheet_of_its_own() -> None:
    page = make_page(now=utc_now())
    assert "look.css" not in shown(page)
    choose(page, accent="#ffee00")
    assert 'href="look.css?v=ffee00"' in shown(page)
    css = Client().get(f"/status/{page.slug}/look.css")
    assert css["Content-Type"].startswith("text/css")
    assert b"--accent: light-dark(#" in css.content


def test_a_logo_is_an_image_and_nothing_else() -> None:
    page = make_page(now=utc_now())
    upload(page, png(40, 20))
    assert '<img class="logo" src="logo?v=' in shown(page)
    answer = Client().get(f"/status/{page.slug}/logo")
    assert answer.content == png(40, 20)
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    upload(page, b"")
    assert Client().get(f"/status/{page.slug}/logo").status_code == 404
    assert "<img" not in shown(page)


@pytest.mark.parametrize("path", ["logo", "look.css", "history.html"])
def test_the_parts_of_a_secret_page_want_its_secret(path: str) -> None:
    page = make_page(visibility=Visibility.TOKEN)
    upload(page, png(40, 20))
    choose(page, accent="#0b5fff")
    address = f"/status/{page.slug}/{path}"
    assert Client().get(address).status_code == 404
    assert Client().get(address, {"token": page.token}).status_code == 200
    text = Client().get(f"/status/{page.slug}/", {"token": page.token}).content.decode()
    assert f"token={page.token}" in text.partition('src="logo')[2].partition('"')[0]


@pytest.mark.parametrize(
    "body", [b"<svg onload='x'/>", b"GIF", png(2001, 5), png(5, 5) + b"x" * (512 * 1024)]
)
def test_what_is_no_logo_is_refused(body: bytes) -> None:
    page = make_page()
    with pytest.raises(errors.LookNotUsable) as refused:
        upload(page, body)
    assert refused.value.field == "logo"


@pytest.mark.parametrize(
    "domain",
    ["localhost", "127.0.0.1", "https://x.org", "x.org:80", "x..org", "-x.org", "x.org/a", "x"],
)
def test_a_domain_is_a_name_that_is_not_ours(domain: str) -> None:
    page = make_page()
    with pytest.raises(errors.LookNotUsable) as refused:
        choose(page, domain=domain)
    assert refused.value.field == "domain"


def test_a_domain_is_of_one_page() -> None:
    choose(make_page(), domain=" Status.Example.ORG. ")
    with pytest.raises(errors.DomainTaken):
        choose(make_page(), domain="status.example.org")


def test_a_domain_shows_its_page_and_no_other() -> None:
    page = make_page(now=utc_now())
    other = make_page(now=utc_now())
    choose(page, domain="status.example.org")
    client = Client(headers={"host": "status.example.org"})
    assert page.title in client.get("/").content.decode()
    assert client.get("/status.json").json()["url"].endswith("://status.example.org/")
    assert client.get(f"/status/{page.slug}/feed.atom").status_code == 200
    for path in (f"/status/{other.slug}/", "/accounts/login/", "/status-pages/", "/api/v1/me"):
        assert client.get(path).status_code == 404
    assert client.post("/").status_code == 404
    away = client.get("/subscribe/")
    assert away["Location"].endswith(f"/status/{page.slug}/subscribe/")


def test_nobody_is_signed_in_on_another_domain() -> None:
    page = make_page(visibility=Visibility.SIGNED_IN, now=utc_now())
    choose(page, domain="status.example.org")
    client = signed_in(make_user("Ada", "admin"))
    assert client.get(f"/status/{page.slug}/").status_code == 200
    assert client.get("/", headers={"host": "status.example.org"}).status_code == 404


def test_history_has_what_the_page_left_behind() -> None:
    page = make_page()
    make_post(page, title="Long ago")
    assert "Long ago" in shown(page, "history.html")


def test_managers_choose_the_look() -> None:
    team = make_team()
    page = make_page(team_id=team.id, now=utc_now())
    manager = make_user("Lea", "observer")
    make_membership(team, manager, role="manager")
    client, address = signed_in(manager), f"/status-pages/{page.pk}/look/"
    form = {"first": "de", "languages": ["en"], "accent": "#0B5FFF", "domain": ""}
    logo = SimpleUploadedFile("logo.png", png(40, 20))
    assert client.post(address, {**form, "logo": logo}).status_code == 302
    look = queries.look(page.pk)
    assert look.languages == (Language.DE, Language.EN)
    assert look.logo_type == "image/png"
    assert b"#0b5fff" in client.get(address).content
    assert client.post(address, {**form, "accent": "red"}).status_code == 422
    bad = SimpleUploadedFile("logo.png", b"no image")
    assert client.post(address, {**form, "logo": bad}).status_code == 422
    assert client.post(f"{address}logo/remove/").status_code == 302
    assert queries.look(page.pk).logo_digest == ""
    assert signed_in(make_user("Rob", "responder")).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_the_api_chooses_the_look() -> None:
    page = make_page(now=utc_now())
    admin = signed_in(make_user("Ada", "admin"))
    address = f"/api/v1/status-pages/{page.pk}/look"
    assert admin.get(address).json()["languages"] == ["en"]
    body = {"accent": "#0b5fff", "languages": ["fr"], "domain": "s.example.org"}
    told = admin.put(address, body, content_type="application/json").json()
    assert (told["accent"], told["languages"], told["has_logo"]) == ("#0b5fff", ["fr"], False)
    wrong = admin.put(address, {"languages": ["xx"]}, content_type="application/json")
    assert wrong.status_code == 422
