from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.catalog import make_service
from tests.factories.identity import make_team, make_user, signed_in
from tests.factories.incidents import declare
from tests.factories.runbooks import folder, link, make_runbook, save

from evenfall.identity.models import Team
from evenfall.platform.clock import utc_now
from evenfall.runbooks import queries
from evenfall.runbooks.models import Runbook, Use

pytestmark = pytest.mark.django_db
ALL = "/runbooks/"
FIELDS = {"title": "Till is slow", "tags": "db, till", "text": "# Look\n- [ ] wait", "base": "0"}


@pytest.fixture
def team() -> Team:
    return make_team("Core", slug="core")


@pytest.fixture
def writer() -> Client:
    return signed_in(make_user("Wil"))


def test_an_empty_list_offers_an_example_to_whoever_may_write(writer: Client) -> None:
    assert "Start from an example" in writer.get(ALL).content.decode()
    assert "- [ ]" in writer.get(f"{ALL}new/?example=1").content.decode()
    reader = signed_in(make_user("Rob", "observer"))
    assert "Start from an example" not in reader.get(ALL).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_many(
    count: int, team: Team, writer: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_runbook(f"Runbook {number}", team=team, now=utc_now())
    writer.get(ALL)
    with django_assert_num_queries(9):
        assert writer.get(ALL).content.decode().count("row-link") >= count


def test_a_responder_writes_previews_and_edits(team: Team, writer: Client) -> None:
    fields = {**FIELDS, "owner": f"team:{team.pk}"}
    shown = writer.post(f"{ALL}new/", {**fields, "preview": "1"}).content.decode()
    assert "<h1>Look</h1>" in shown
    assert not Runbook.objects.exists()
    assert "<h1>Look</h1>" in writer.post(f"{ALL}preview/", fields).content.decode()
    answer = writer.post(f"{ALL}new/", fields)
    assert answer.url == f"{ALL}till-is-slow/"  # type: ignore[attr-defined] # a redirect
    writer.post(f"{answer.url}edit/", {**fields, "text": "better", "base": "1"})  # type: ignore[attr-defined] # a redirect
    assert Runbook.objects.get().number == 2
    history = writer.get(f"{ALL}till-is-slow/versions/").content.decode()
    assert "better" in history
    assert "Look" in writer.get(f"{ALL}till-is-slow/versions/1/").content.decode()
    assert writer.get(f"{ALL}till-is-slow/versions/9/").status_code == HTTPStatus.NOT_FOUND


def test_who_saves_on_an_old_version_sees_both_texts(team: Team, writer: Client) -> None:
    runbook = make_runbook(text="one\ntwo", team=team)
    save(runbook, "one\ntheirs")
    fields = {"title": runbook.title, "owner": f"team:{team.pk}", "tags": "", "base": "1"}
    answer = writer.post(f"{ALL}{runbook.slug}/edit/", {**fields, "text": "one\nmine"})
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "&lt;&lt;&lt;&lt;&lt;&lt;&lt; yours" in page
    assert "mine" in page
    assert "theirs" in page
    assert Runbook.objects.get().number == 2
    again = {**fields, "text": "one\nboth", "base": "2"}
    assert writer.post(f"{ALL}{runbook.slug}/edit/", again).status_code == HTTPStatus.FOUND
    assert Runbook.objects.get().text == "one\nboth"


def test_links_archive_and_restore(team: Team, writer: Client) -> None:
    runbook, service = make_runbook(team=team), make_service(team=team)
    one = f"{ALL}{runbook.slug}/"
    writer.post(f"{one}links/", {"services": [service.pk], "alerts": "alertname=Disk*"})
    assert service.name in writer.get(one).content.decode()
    wrong = writer.post(f"{one}links/", {"alerts": "nonsense"})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    writer.post(f"{one}archive/")
    assert "archived" in writer.get(one).content.decode()
    assert writer.get(f"{ALL}?show=archived").content.decode().count("row-link") >= 1
    writer.post(f"{one}restore/")
    assert Runbook.objects.get().archived_at is None


def test_a_search_shows_where_the_word_stands(team: Team, writer: Client) -> None:
    make_runbook("Cards", team=team, text="First <b>restart</b> the reader.")
    page = writer.get(f"{ALL}?q=rest").content.decode()
    assert "<mark>restart</mark>" in page
    assert "<b>restart" not in page
    assert "No runbook like that" in writer.get(f"{ALL}?q=nothing").content.decode()


def test_a_missing_one_is_written_and_is_off_the_list(team: Team, writer: Client) -> None:
    service = make_service(team=team)
    writer.post(f"{ALL}missing/report/", {"text": "Cards fail", "service_id": service.pk})
    use = Use.objects.get()
    assert "Cards fail" in writer.get(f"{ALL}missing/").content.decode()
    address = f"{ALL}new/?missing={use.pk}"
    assert "Cards fail" in writer.get(address).content.decode()
    writer.post(address, {**FIELDS, "owner": f"team:{team.pk}"})
    assert queries.missing() == []
    assert [one.id for one in queries.links(Runbook.objects.get().pk).services] == [service.pk]
    empty = writer.post(f"{ALL}missing/report/", {"text": ""})
    assert empty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_folder_is_uploaded_looked_at_and_imported(team: Team) -> None:
    manager = signed_in(make_user("Max", "manager"))
    sent = SimpleUploadedFile("docs.zip", folder({"a.md": "# Disk\nfull"}))
    fields = {"name": "docs", "team_id": team.pk, "file": sent}
    answer = manager.post(f"{ALL}import/", fields)
    assert "Nothing is saved yet" in manager.get(answer.url).content.decode()  # type: ignore[attr-defined] # a redirect
    manager.post(f"{answer.url}run/")  # type: ignore[attr-defined] # a redirect
    assert Runbook.objects.get().title == "Disk"
    assert manager.get(f"{ALL}export.zip").content[:2] == b"PK"
    bad = SimpleUploadedFile("docs.zip", b"no zip")
    refused = manager.post(f"{ALL}import/", {**fields, "file": bad})
    assert "no zip" in refused.content.decode()


def test_an_incident_shows_what_fits_and_its_tasks_are_ticked(team: Team, writer: Client) -> None:
    service = make_service(team=team, runbook_url="https://wiki.example.org/till")
    runbook = make_runbook(team=team)
    link(runbook, services=[service.pk])
    incident = declare(service_id=service.pk, team_id=team.pk, now=utc_now())
    page = writer.get(f"/incidents/{incident.pk}/parts/side/").content.decode()
    assert "Disk is full" in page
    assert "https://wiki.example.org/till" in page
    one = f"/incidents/{incident.pk}/runbooks/{runbook.slug}/"
    key = queries.checklist(queries.runbook(runbook.pk, now=utc_now()), "").tasks[0].key
    assert f'value="{key}"' in writer.get(one).content.decode()
    answer = writer.post(f"{one}tick/", {"done": key})
    assert answer.url == f"{one}#task-{key}"  # type: ignore[attr-defined] # a redirect
    shown = writer.get(one).content.decode()
    assert "1 of 2 done" in shown
    assert 'aria-pressed="true"' in shown
    writer.post(f"{one}use/", {"outcome": "helped"})
    writer.post(f"/incidents/{incident.pk}/runbooks/missing/", {"text": "What to tell people"})
    story = writer.get(f"/incidents/{incident.pk}/").content.decode()
    assert "Done: free some" in story
    assert "helped Wil" in story
    assert "missed a runbook" in story
    writer.post(f"{one}tick/", {"undo": key})
    assert "0 of 2 done" in writer.get(one).content.decode()


@pytest.mark.parametrize(
    ("act", "path"),
    [
        ("get", "edit/"),
        ("get", "links/"),
        ("post", "archive/"),
        ("post", "restore/"),
    ],
)
def test_another_teams_responder_reads_and_does_not_write(act: str, path: str, team: Team) -> None:
    runbook = make_runbook(team=team)
    other = make_user("Olga", "observer")
    make_team("Other", members=(other,))
    browser = signed_in(other)
    call: Callable[..., object] = getattr(browser, act)
    answer = call(f"{ALL}{runbook.slug}/{path}")
    assert answer.status_code == HTTPStatus.FORBIDDEN  # type: ignore[attr-defined] # a response
    assert browser.get(f"{ALL}{runbook.slug}/").status_code == HTTPStatus.OK


@pytest.mark.parametrize("path", ["", "missing/", "disk-is-full/", "disk-is-full/versions/"])
def test_observers_read_everything_and_find_no_button_that_writes(path: str, team: Team) -> None:
    make_runbook(team=team)
    answer = signed_in(make_user("Rob", "observer")).get(f"{ALL}{path}")
    assert answer.status_code == HTTPStatus.OK
    assert f'action="{ALL}' not in answer.content.decode()
