"""Copies of a page elsewhere: whole, in step, and of use when everything here is down.

A page on the infrastructure that fails stays green while it does (complaint 45): its copy does not
need us, says how old it is, and follows every change.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client, override_settings
from icalendar import Calendar
from tests.factories.identity import NOW, make_membership, make_team, make_user, signed_in
from tests.factories.pictures import png
from tests.factories.statuspages import make_component, make_page, make_post, make_work
from tests.scenarios.rehearsal import Stage, stage

from evenfall.fakes.s3 import BUCKET, KEY_ID, REGION, S3, SECRET
from evenfall.platform.journal import entries
from evenfall.statuspages import actions, errors, queries
from evenfall.statuspages.actions import CopyWish, LookWish
from evenfall.statuspages.logic.copying import LEASE
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.logic.words import Status, Visibility
from evenfall.statuspages.models import PageCopy, StatusPage

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def root(tmp_path: Path) -> Iterator[Path]:
    with override_settings(EVENFALL=replace(settings.EVENFALL, status_copies_dir=tmp_path)):
        yield tmp_path


@pytest.fixture
def page() -> StatusPage:
    page = make_page("Status of Shop", now=NOW)
    make_component(page, now=NOW)
    return page


@pytest.fixture(scope="module")
def fakes() -> Iterator[Stage]:
    with stage([S3()]) as ready:
        yield ready


def add_folder(page: StatusPage, **more: Any) -> int:
    wish = CopyWish(kind="folder", values={"folder": "shop"}, **more)
    return actions.add_copy(status_page_id=page.pk, wish=wish, now=NOW, actor="user:1")


def add_bucket(page: StatusPage, fakes: Stage, **more: str) -> int:
    about = {"endpoint": f"{fakes.url}/s3", "bucket": BUCKET, "region": REGION, "prefix": "shop"}
    wish = CopyWish(kind="s3", values={**about, "key_id": KEY_ID, "secret": SECRET, **more})
    return actions.add_copy(status_page_id=page.pk, wish=wish, now=NOW, actor="user:1")


def run(now: datetime = NOW) -> int:
    """Bring into step whatever is due; returns how many rounds that took."""
    rounds = 0
    while actions.store_due_copies(now=now).done:
        rounds += 1
    return rounds


def test_a_copy_is_the_whole_page_with_links_that_work_anywhere(
    page: StatusPage, root: Path
) -> None:
    make_post(page, title="Checkout is slow", now=NOW)
    make_work(page, *page.components.all(), now=NOW)
    add_folder(page)
    assert run() == 1
    for name in ("index.html", "history.html"):
        text = (root / "shop" / name).read_text()
        links = re.findall(r'(?:href|src)="([^"]+)"', text)
        assert len(links) > 6
        for link in links:
            parts = urlsplit(urljoin(f"https://copy.example.org/deep/{name}", link))
            assert parts.netloc == "copy.example.org"
            assert (root / "shop" / parts.path.removeprefix("/deep/")).is_file(), link
        assert "Checkout is slow" in text
    [event] = Calendar.from_ical((root / "shop/maintenance.ics").read_bytes()).walk("VEVENT")
    assert "New disks" in str(event["SUMMARY"])
    feed = ET.fromstring((root / "shop/feed.atom").read_bytes())
    assert feed.findtext(".//{http://www.w3.org/2005/Atom}entry/{*}title")
    assert '"title":"Status of Shop"' in (root / "shop/status.json").read_text()


def test_a_copy_says_when_it_was_made_and_when_it_is_old(page: StatusPage, root: Path) -> None:
    add_folder(page, stale_minutes=30)
    run()
    text = (root / "shop/index.html").read_text()
    assert f'data-as-of="{NOW.isoformat()}"' in text
    assert 'data-stale-minutes="30"' in text
    assert '<p class="old" role="alert" hidden>' in text
    assert "script-src 'self'" in text
    [script] = (root / "shop/assets").glob("copy.*.js")
    assert script.name in text


def test_every_change_is_published_and_nothing_else_is(page: StatusPage, root: Path) -> None:
    add_folder(page)
    run()
    assert run(NOW + MINUTE) == 0
    make_post(page, title="Payments are down", now=NOW + MINUTE)
    assert run(NOW + MINUTE) == 1
    assert "Payments are down" in (root / "shop/index.html").read_text()
    assert run(NOW + MINUTE) == 0


def test_a_copy_is_refreshed_before_readers_are_warned(page: StatusPage, root: Path) -> None:
    add_folder(page, stale_minutes=15)
    run()
    style = next((root / "shop/assets").glob("public.*.css"))
    before = style.stat().st_ino
    assert run(NOW + 4 * MINUTE) == 0
    assert run(NOW + 5 * MINUTE) == 1
    assert (NOW + 5 * MINUTE).isoformat() in (root / "shop/index.html").read_text()
    assert style.stat().st_ino == before  # what did not change is not stored again


def test_looks_and_languages_go_along(page: StatusPage, root: Path) -> None:
    wish = LookWish(accent="#0b5fff", languages=[Language.DE, Language.FR])
    by: dict[str, Any] = {"status_page_id": page.pk, "now": NOW, "actor": "system"}
    actions.change_look(**by, wish=wish)
    actions.change_logo(**by, body=png(40, 20))
    add_folder(page)
    run()
    german = (root / "shop/index.html").read_text()
    french = (root / "shop/index.fr.html").read_text()
    assert '<html lang="de">' in german
    assert "Alle Systeme sind in Betrieb" in german
    assert 'href="index.fr.html"' in german
    assert "Tous les systèmes sont opérationnels" in french
    assert 'href="history.fr.html"' in french
    [logo] = (root / "shop/assets").glob("logo.*.png")
    [look] = (root / "shop/assets").glob("look.*.css")
    assert logo.read_bytes() == png(40, 20)
    assert "#0b5fff" in look.read_text()
    assert f'src="assets/{logo.name}"' in french


def test_the_index_is_stored_last(page: StatusPage, fakes: Stage) -> None:
    fakes.clear("s3")
    add_bucket(page, fakes)
    run()
    names = [message["to"] for message in fakes.messages("s3")]
    assert names[-1] == "shop/index.html"
    assert all(name.startswith("shop/assets/") for name in names[:4])


def test_a_failure_is_shown_and_tried_again_with_pauses(page: StatusPage, fakes: Stage) -> None:
    fakes.clear("s3")
    number = add_bucket(page, fakes)
    fakes.plan("s3", "status", status=503, containing="index.html", times=2)
    assert run() == 1
    shown = queries.copy(page.pk, number)
    assert (shown.state, shown.failures, shown.stored_at) == ("failed", 1, None)
    assert "503 SlowDown" in shown.error
    assert run(NOW + timedelta(seconds=9)) == 0
    assert run(NOW + timedelta(seconds=10)) == 1
    assert queries.copy(page.pk, number).failures == 2
    assert run(NOW + timedelta(seconds=30)) == 1
    shown = queries.copy(page.pk, number)
    assert (shown.state, shown.failures, shown.error) == ("stored", 0, "")


def test_a_change_is_tried_at_once_however_often_it_failed(page: StatusPage, fakes: Stage) -> None:
    fakes.clear("s3")
    number = add_bucket(page, fakes, secret="not this one")
    run()
    assert "SignatureDoesNotMatch" in queries.copy(page.pk, number).error
    make_post(page, now=NOW)
    assert run() == 1
    assert queries.copy(page.pk, number).failures == 2


def test_a_writer_that_died_is_followed_by_another(page: StatusPage, root: Path) -> None:
    number = add_folder(page)
    until = NOW + LEASE
    PageCopy.objects.filter(id=number).update(claimed_until=until, tried_version=page.version + 9)
    assert run() == 0  # it may still be at work
    assert run(until) == 1
    assert (root / "shop/index.html").is_file()


def test_what_is_hidden_is_not_copied(page: StatusPage, root: Path) -> None:
    number = add_folder(page)
    StatusPage.objects.filter(id=page.pk).update(visibility=Visibility.TOKEN.value)
    run()
    assert "Only a public page" in queries.copy(page.pk, number).error
    assert not (root / "shop").exists()


def test_publish_now_stores_all_of_it_again(page: StatusPage, root: Path) -> None:
    number = add_folder(page)
    run()
    style = next((root / "shop/assets").glob("public.*.css"))
    style.unlink()
    actions.store_now(status_page_id=page.pk, copy_id=number, now=NOW)
    assert run() == 1
    assert style.is_file()


def test_secrets_are_encrypted_kept_and_never_shown(page: StatusPage, fakes: Stage) -> None:
    number = add_bucket(page, fakes)
    about = queries.copy(page.pk, number)
    wish = CopyWish(kind="s3", values={**about.values, "secret": ""}, stale_minutes=60)
    actions.change_copy(status_page_id=page.pk, copy_id=number, wish=wish, now=NOW, actor="user:1")
    row = PageCopy.objects.get(id=number)
    assert SECRET in row.secrets
    assert SECRET not in str(about)
    assert SECRET not in str(entries(subject=f"status_page:{page.pk}", limit=50))
    from django.db import connection  # noqa: PLC0415 - what is really in the table

    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets, values::text FROM statuspages_pagecopy")
        assert SECRET not in str(cursor.fetchall())


def test_one_place_has_one_copy(page: StatusPage) -> None:
    add_folder(page)
    with pytest.raises(errors.CopyTaken, match="Folder shop"):
        add_folder(make_page(now=NOW))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://x/?a=b", "status", "//x"])
def test_an_address_of_a_copy_is_one(page: StatusPage, address: str) -> None:
    with pytest.raises(errors.CopyNotUsable):
        add_folder(page, address=address)


def test_a_feed_names_the_address_of_the_copy(page: StatusPage, root: Path) -> None:
    make_post(page, now=NOW)
    add_folder(page, address="https://status.example.org")
    run()
    text = (root / "shop/feed.atom").read_text()
    assert 'href="https://status.example.org/feed.atom"' in text


def test_managers_keep_copies_and_others_do_not_see_them() -> None:
    team = make_team()
    page = make_page(team_id=team.id, now=NOW)
    manager, responder = make_user("Lea", "observer"), make_user("Rob", "responder")
    make_membership(team, manager, role="manager")
    client, other = signed_in(manager), signed_in(responder)
    base = f"/status-pages/{page.pk}/copies/"
    assert b"no copy yet" in client.get(base).content
    assert client.get(f"{base}new/s3/").status_code == 200
    assert client.get(f"{base}new/moon/").status_code == 422
    form = {"place_folder": "shop", "stale_minutes": "15", "is_on": "on"}
    assert client.post(f"{base}new/folder/", {**form, "place_folder": "../x"}).status_code == 422
    assert client.post(f"{base}new/folder/", form).status_code == 302
    [copy] = queries.copies(page.pk)
    one = f"{base}{copy.id}/"
    assert b"On its way" in client.get(base).content
    assert client.post(one, {**form, "stale_minutes": "60"}).status_code == 302
    assert queries.copy(page.pk, copy.id).stale_minutes == 60
    assert client.post(f"{one}store/").status_code == 302
    for address in (base, one, f"{base}new/folder/"):
        assert other.get(address).status_code == 403
        assert Client().get(address).status_code == 302
    assert other.post(f"{one}store/").status_code == 403
    assert client.post(f"{one}remove/").status_code == 302
    assert queries.copies(page.pk) == []


def test_the_list_costs_the_same_for_one_and_three(
    page: StatusPage, django_assert_num_queries: Any
) -> None:
    client = signed_in(make_user("Ada", "admin"))
    client.get(f"/status-pages/{page.pk}/copies/")
    for count in (1, 3):
        for number in range(page.copies.count(), count):
            wish = CopyWish(kind="folder", values={"folder": f"shop-{number}"})
            actions.add_copy(status_page_id=page.pk, wish=wish, now=NOW, actor="system")
        with django_assert_num_queries(6):
            client.get(f"/status-pages/{page.pk}/copies/")


def test_the_api_keeps_copies(page: StatusPage) -> None:
    admin = signed_in(make_user("Ada", "admin"))
    base = f"/api/v1/status-pages/{page.pk}/copies"
    body = {"kind": "folder", "values": {"folder": "shop"}}
    made = admin.post(base, body, content_type="application/json")
    assert made.status_code == 201, made.content
    one = f"{base}/{made.json()['id']}"
    assert made.json()["state"] == "waiting"
    changed = admin.put(one, {**body, "is_on": False}, content_type="application/json")
    assert changed.json()["state"] == "off"
    assert admin.post(f"{one}/store").status_code == 202
    assert len(admin.get(base).json()["items"]) == 1
    assert admin.delete(one).status_code == 204
    wrong = admin.post(base, {**body, "kind": "moon"}, content_type="application/json")
    assert wrong.status_code == 422


def test_a_component_that_breaks_shows_in_the_copy(page: StatusPage, root: Path) -> None:
    add_folder(page)
    run()
    part = page.components.get()
    make_post(page, {part: Status.MAJOR}, now=NOW + MINUTE)
    run(NOW + MINUTE)
    assert "Major outage of all systems" in (root / "shop/index.html").read_text()
