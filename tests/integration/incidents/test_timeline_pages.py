"""The timeline on pages and over the API: who may what, and what is sent."""

import base64
import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.catalog import make_service
from tests.factories.changes import make_change
from tests.factories.identity import NOW, make_token, make_user, signed_in
from tests.factories.incidents import declare
from tests.factories.pictures import png

from evenfall.incidents import actions, queries
from evenfall.incidents.models import Incident, Note, NoteImage
from evenfall.platform.files import Upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(make_user("Ana", role="responder"))


@pytest.fixture
def incident() -> Incident:
    return declare("Shop is slow", service_id=make_service().pk)


def write(incident: Incident, text: str = "seen", *images: bytes, actor: str = "system") -> int:
    return actions.add_note(
        incident_id=incident.pk,
        text=text,
        user_id=None,
        now=NOW,
        actor=actor,
        images=[Upload(name="graph.png", body=body) for body in images],
    )


def html(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def files(*bodies: bytes) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile("graph.html", body, "text/html") for body in bodies]


def test_an_image_outlives_its_file_and_follows_the_exported_links(client: Client) -> None:
    """Images lost, entries without dates, edits that never arrive: monzo/response#149."""
    incident = declare("Shop is slow")
    page = f"/incidents/{incident.pk}/"
    original = png(40, 30)
    sent = {"text": "db-1 is full", "images": files(original)}
    assert client.post(f"{page}notes/", sent).status_code == 302
    number = Note.objects.get().pk
    correction = {"text": "db-2 is full", "happened_at": "2026-03-02T09:30:00"}
    answer = client.post(f"{page}notes/{number}/correct/", correction)
    assert answer.headers["Location"] == f"{page}#note-{number}"
    text = client.get(f"/api/v1{page}timeline.md").content.decode()
    assert "db-2 is full" in text
    assert "db-1" not in text
    assert "- 2026-03-02 09:30:00Z Ana noted:" in text
    link = re.search(r"!\[graph\.png\]\((\S+)\)", text)
    assert link
    del sent, original
    image = client.get(re.sub(r"https?://[^/]+", "", link[1]))
    assert image.content == png(40, 30)
    shown = html(client, page)
    assert "edited" in shown
    assert "Mon 2 Mar 2026, 09:30 UTC" in shown
    assert "<del>db-1</del><ins>db-2</ins>" in html(
        client, f"{page}entries/note-{number}/?version=2"
    )


def test_an_image_is_sent_as_what_it_is_and_nothing_else(
    client: Client, incident: Incident
) -> None:
    write(incident, "", png())
    address = queries.timeline(incident.pk)[-1].images[0].href
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == 'inline; filename="graph.png"'
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["Content-Security-Policy"].endswith("script-src 'none'; sandbox")
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().get(address).status_code == 302
    other = declare("Other")
    assert client.get(address.replace(f"/{incident.pk}/", f"/{other.pk}/", 1)).status_code == 404


def test_what_is_no_image_is_refused_with_the_text_kept(client: Client, incident: Incident) -> None:
    sent = {"text": "look at this", "images": files(b"<svg onload=alert(1)>")}
    answer = client.post(f"/incidents/{incident.pk}/notes/", sent)
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "is not an image we can keep" in said
    assert "look at this" in said
    assert not Note.objects.exists()
    many = {"text": "x", "images": files(*([png()] * 21))}
    assert client.post(f"/incidents/{incident.pk}/notes/", many).status_code == 422
    huge = {"text": "x", "images": files(png() + bytes(5 * 1024 * 1024))}
    assert client.post(f"/incidents/{incident.pk}/notes/", huge).status_code == 422
    assert not NoteImage.objects.exists()


def test_a_correction_of_the_text_keeps_the_time_to_the_second(
    client: Client, incident: Incident
) -> None:
    actions.add_note(
        incident_id=incident.pk,
        text="one",
        user_id=None,
        now=NOW + timedelta(seconds=7, microseconds=123),
        actor="system",
    )
    note = Note.objects.get()
    address = f"/incidents/{incident.pk}/notes/{note.pk}/correct/"
    client.post(address, {"text": "two", "happened_at": f"{NOW:%Y-%m-%dT%H:%M}:07"})
    assert (note.happened_at, "two") == Note.objects.values_list("happened_at", "text").get()
    refused = client.post(address, {"text": "", "happened_at": ""})
    assert refused.status_code == 422
    assert "The note is empty" in refused.content.decode()
    client.post(address, {"text": "two", "images": files(png())})
    assert NoteImage.objects.count() == 1
    assert Note.objects.get().corrected_at is not None


def test_entries_are_pinned_and_remarked_without_javascript(
    client: Client, incident: Incident
) -> None:
    key = f"note-{write(incident, 'called the bank')}"
    base = f"/incidents/{incident.pk}/entries/{key}/"
    answer = client.post(f"{base}pin/", {"show": "notes"})
    assert answer.headers["Location"] == f"/incidents/{incident.pk}/?show=notes#{key}"
    assert "called the bank" in html(client, f"/incidents/{incident.pk}/?show=pinned")
    client.post(f"{base}remark/", {"remark": "they knew already"})
    assert "they knew already" in html(client, f"/incidents/{incident.pk}/")
    assert client.post(f"{base}remark/", {"remark": "x" * 501}).status_code == 422
    client.post(f"{base}pin/", {"unpin": "1", "show": "nonsense&x"})
    assert "Nothing is pinned" in html(client, f"/incidents/{incident.pk}/?show=pinned")
    strike = f"/incidents/{incident.pk}/notes/{key.removeprefix('note-')}/strike/"
    client.post(strike)
    assert "taken back" in html(client, base)
    client.post(strike, {"restore": "1"})
    assert "taken back" not in html(client, base)
    assert html(client, f"/incidents/{incident.pk}/entries/fact-999999/", 404)
    assert "Write a note" in html(client, f"/incidents/{incident.pk}/notes/")


def test_the_filter_is_kept_in_the_address(client: Client, incident: Incident) -> None:
    write(incident, "called the bank")
    make_change(incident.service, "Deploy 7", at=NOW)
    page = f"/incidents/{incident.pk}/"
    part = f"{page}parts/story/"
    assert "Deploy 7" in html(client, f"{part}?show=changes")
    assert "called the bank" not in html(client, f"{part}?show=changes")
    shown = html(client, f"{page}?show=notes")
    assert f'hx-get="{part}?show=notes"' in shown
    assert "Nothing of this kind" in html(client, f"{page}?show=people")
    assert html(client, f"{page}?before=nonsense", 422)
    later = html(client, f"{page}?before=1-1")
    assert "Back to the newest" in later


def test_who_only_looks_sees_all_and_changes_nothing(incident: Incident) -> None:
    number = write(incident, "seen", png())
    client = signed_in(make_user("Olga", role="observer"))
    key, page = f"note-{number}", f"/incidents/{incident.pk}/"
    shown = html(client, page)
    assert "seen" in shown
    assert "Unpin" not in shown
    assert "web/files.js" in shown
    assert "Correct it" not in html(client, f"{page}entries/{key}/")
    assert client.get(queries.timeline(incident.pk)[-1].images[0].href).status_code == 200
    for address in (
        f"{page}entries/{key}/pin/",
        f"{page}entries/{key}/remark/",
        f"{page}notes/",
        f"{page}notes/{number}/correct/",
        f"{page}notes/{number}/strike/",
    ):
        assert client.post(address, {"text": "x", "remark": "x"}).status_code == 403
    assert queries.note(incident.pk, number).corrected_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_many_notes(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    incident = declare()
    for number in range(count):
        write(incident, f"note {number}", png(shade=number))
    address = f"/incidents/{incident.pk}/parts/story/"
    html(client, address)
    with django_assert_num_queries(11):
        assert html(client, address).count('class="shots"') == count


KIND = "application/json"


@pytest.fixture
def api() -> Client:
    user = make_user("Ana", role="responder")
    return Client(headers={"Authorization": f"Bearer {make_token(user)}"})


def test_the_api_marks_and_corrects(api: Client, incident: Incident) -> None:
    base = f"/api/v1/incidents/{incident.pk}"
    written = {"text": "one", "happened_at": NOW.isoformat()}
    made = api.post(f"{base}/notes", written, content_type=KIND).json()["items"][0]
    number, key = made["id"], f"note-{made['id']}"
    assert made["happened_at"] == NOW.isoformat().replace("+00:00", "Z")
    pinned = api.put(f"{base}/timeline/{key}/pin", {"pinned": True}, content_type=KIND)
    assert pinned.json()["pinned"] is True
    remark = api.put(f"{base}/timeline/{key}/remark", {"text": "why?"}, content_type=KIND)
    assert remark.json()["annotation"] == "why?"
    corrected = api.put(f"{base}/notes/{number}", {"text": "two"}, content_type=KIND)
    assert corrected.json()["corrected_at"] is not None
    versions = api.get(f"{base}/notes/{number}/versions").json()["items"]
    assert [one["text"] for one in versions] == ["two", "one"]
    page = api.get(f"{base}/timeline?show=notes").json()
    assert [one["key"] for one in page["items"]] == [key]
    struck = api.put(f"{base}/notes/{number}/struck", {"struck": True}, content_type=KIND)
    assert struck.json()["struck_at"] is not None
    assert api.get(f"{base}/timeline.json?show=pinned").json()["entries"] == []


def test_the_api_keeps_and_exports_images(api: Client, incident: Incident) -> None:
    number = write(incident, "=SUM(A1) was wrong")
    base = f"/api/v1/incidents/{incident.pk}"
    sent = api.post(
        f"{base}/notes/{number}/images?name=cpu.png", png(), content_type="application/octet-stream"
    )
    assert sent.status_code == 201
    image = sent.json()["images"][0]
    assert api.get(f"{base}/images/{image['id']}").content == png()
    plain = api.get(f"{base}/timeline.json?show=notes").json()["entries"]
    assert plain[0]["images"][0]["data"] is None
    whole = api.get(f"{base}/timeline.json?images=true").json()["entries"]
    assert base64.b64decode(whole[-1]["images"][0]["data"]) == png()
    rows = list(csv.DictReader(io.StringIO(api.get(f"{base}/timeline.csv").content.decode())))
    assert rows[-1]["text"] == "'=SUM(A1) was wrong"
    assert rows[-1]["images"].endswith(f"/incidents/{incident.pk}/images/{image['id']}/")
