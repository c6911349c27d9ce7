"""Images and documents of a post-mortem: kept, shown, given out, public or not, removed."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.identity import (
    NOW,
    make_membership,
    make_team,
    make_token,
    make_user,
    signed_in,
)
from tests.factories.pictures import png
from tests.factories.postmortems import first_section, make_postmortem

from evenfall.incidents import actions as incidents
from evenfall.platform import journal
from evenfall.platform.files import Upload
from evenfall.postmortems import actions, errors, queries
from evenfall.postmortems.logic.states import Doer, Step
from evenfall.postmortems.models import Attachment, Postmortem, Section

pytestmark = pytest.mark.django_db
ONE = "/postmortems/{}/"
API = "/api/v1/postmortems/{}/attachments"
PAGE = b"<html><script>alert(1)</script></html>"


def attach(row: Postmortem, body: bytes, name: str = "graph.png") -> int:
    files = [Upload(name=name, body=body)]
    return actions.attach_files(postmortem_id=row.pk, files=files, now=NOW, actor="system")[0]


def share(row: Postmortem, number: int, *, is_public: bool = True) -> None:
    actions.share_attachment(
        postmortem_id=row.pk, attachment_id=number, is_public=is_public, now=NOW, actor="system"
    )


def remove(row: Postmortem, number: int) -> None:
    actions.remove_attachment(postmortem_id=row.pk, attachment_id=number, now=NOW, actor="system")


def write(row: Postmortem, text: str) -> Section:
    section = first_section(row)
    actions.save_section(
        postmortem_id=row.pk,
        section_id=section.pk,
        text=text,
        version=section.version,
        now=NOW,
        actor="system",
    )
    return section


def online(row: Postmortem, text: str) -> str:
    """Publish it with this public text; returns the path where everybody reads it."""
    Postmortem.objects.filter(id=row.pk).update(state="published", published_at=NOW)
    slug = actions.save_publication(
        postmortem_id=row.pk,
        title="Slow",
        text=text,
        is_indexed=False,
        is_public=True,
        now=NOW,
        actor="system",
    )
    return f"/lessons/{slug}/"


def test_files_are_attached_on_a_telephone_and_shown_on_the_page() -> None:
    client, row = signed_in(make_user("Ana")), make_postmortem()
    address = f"{ONE.format(row.pk)}attachments/"
    assert "Nothing attached yet" in client.get(address).content.decode()
    files = [
        SimpleUploadedFile("graph.html", png(), "text/html"),
        SimpleUploadedFile("a.log", b"x"),
    ]
    assert client.post(address, {"files": files}).status_code == 302
    kept = queries.attachments(row.pk)
    assert [(one.name, one.label, one.author) for one in kept] == [
        ("graph.png", "image", "Ana"),
        ("a.log", "text", "Ana"),
    ]
    page = client.get(ONE.format(row.pk)).content.decode()
    assert f'<img src="{kept[0].href}"' in page
    assert "a.log" in page
    assert client.post(address, {"files": [SimpleUploadedFile("b.png", png())]}).status_code == 302
    assert Attachment.objects.count() == 2, "the same bytes are not kept twice"


def test_what_is_refused_says_why() -> None:
    client, row = signed_in(make_user("Ana")), make_postmortem()
    address = f"{ONE.format(row.pk)}attachments/"

    def said(*bodies: bytes) -> str:
        files = [SimpleUploadedFile("file.bin", body) for body in bodies]
        answer = client.post(address, {"files": files})
        assert answer.status_code == 422
        return answer.content.decode()

    assert "No file was sent" in said()
    assert "“file.bin” is nothing that we keep" in said(b"\x7fELF\0")
    assert "A file may have 5 MB" in said(png() + bytes(actions.FILE_SIZE))
    assert "keeps 20 files" in said(*[b"x"] * 21)
    for number in range(actions.MOST_FILES):
        attach(row, b"text %d" % number, "x.txt")
    assert "has 20 already" in said(b"one more")
    Postmortem.objects.filter(id=row.pk).update(state="published")
    assert "Reopen it" in said(b"late")
    assert Attachment.objects.count() == actions.MOST_FILES


def test_nothing_is_ever_given_out_as_a_page() -> None:
    client, row = signed_in(make_user("Ana")), make_postmortem()
    text = attach(row, PAGE, "page.html")
    answer = client.get(f"{ONE.format(row.pk)}attachments/{text}/")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="page.html.txt"'
    assert "sandbox" in answer["Content-Security-Policy"]
    image = client.get(f"{ONE.format(row.pk)}attachments/{attach(row, png())}/")
    assert (image["Content-Type"], image.content) == ("image/png", png())
    assert image["Content-Disposition"].startswith("inline")
    again = client.get(image.wsgi_request.path, headers={"if-none-match": image["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_image_pasted_into_a_section_is_kept_and_shown_in_it() -> None:
    client, row = signed_in(make_user("Ana")), make_postmortem()
    section = first_section(row)
    address = f"{ONE.format(row.pk)}sections/{section.pk}/"
    sent = {"text": "Look:", "version": 1, "files": [SimpleUploadedFile("cpu.png", png())]}
    shown = client.post(address, {**sent, "preview": "1"}).content.decode()
    number = Attachment.objects.get().pk
    assert f"![cpu.png](attachment:{number})" in shown
    assert f'<img src="/postmortems/{row.pk}/attachments/{number}/" alt="cpu.png"' in shown
    sent["files"] = [SimpleUploadedFile("cpu.png", png())]
    assert client.post(address, sent).status_code == 302
    section.refresh_from_db()
    assert section.text == f"Look:\n\n![cpu.png](attachment:{number})"
    assert Attachment.objects.count() == 1
    sent = {"text": "More", "version": 2, "files": [SimpleUploadedFile("x", b"\0")]}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "nothing that we keep" in refused.content.decode()
    section.refresh_from_db()
    assert section.version == 2


def test_the_files_of_another_post_mortem_are_not_shown() -> None:
    row, other = make_postmortem(), make_postmortem(title="Another")
    number = attach(other, png())
    write(row, f"![Not mine](attachment:{number}) and ![gone](attachment:999999)")
    html = queries.sections(row.pk)[0].html
    assert html == "<p><em>Not mine</em> and <em>gone</em></p>\n"
    with pytest.raises(errors.AttachmentNotFound):
        queries.attachment_file(row.pk, number)
    with pytest.raises(errors.AttachmentNotFound):
        share(row, number)


def test_documents_hold_the_images_and_name_the_rest() -> None:
    row = make_postmortem()
    shown, rest = attach(row, png(1800, 50)), attach(row, png(shade=9), "other.png")
    log = attach(row, b"started", "app.log")
    write(row, f"![CPU](attachment:{shown}) with [the log](attachment:{log})")
    markdown = queries.as_markdown(row.pk, now=NOW)
    base = markdown.partition("![CPU](")[2].partition(f"{shown}/)")[0]
    assert base.startswith("http")
    assert base.endswith(f"/postmortems/{row.pk}/attachments/")
    assert f"[the log]({base}{log}/)" in markdown
    assert f"- [other.png]({base}{rest}/) (image, 1 KB)" in markdown
    html = queries.as_html(row.pk, now=NOW)
    assert html.count('<img src="data:image/png;base64,') == 2
    assert 'alt="CPU" width="900" height="25"' in html
    assert f'<a href="{base}{log}/"' in html
    assert 'src="/' not in html


def test_what_was_removed_is_gone_and_leaves_a_trace() -> None:
    ana, row = make_user("Ana"), make_postmortem()
    number = attach(row, png(), "card numbers.png")
    write(row, f"![Cards](attachment:{number})")
    Postmortem.objects.filter(id=row.pk).update(state="closed")
    client, one = signed_in(ana), ONE.format(row.pk)
    assert client.post(f"{one}attachments/{number}/remove/").status_code == 302
    assert client.get(f"{one}attachments/{number}/").status_code == 404
    page = client.get(one).content.decode()
    assert "<em>Cards</em>" in page
    assert "<del>card numbers.png</del>" in page
    assert "removed by Ana" in page
    assert bytes(Attachment.objects.values_list("body", flat=True).get() or b"") == b""
    kinds = {entry.kind: entry for entry in journal.recent(subject=f"postmortem:{row.pk}", limit=9)}
    told = kinds["postmortems.attachment_removed"].data
    assert (told["name"], told["size"]) == ("card numbers.png", len(png()))
    assert "card numbers" not in queries.as_markdown(row.pk, now=NOW)
    assert client.post(f"{one}attachments/{number}/remove/").status_code == 404


def test_the_public_sees_only_what_is_marked_public() -> None:
    row, everybody = make_postmortem(), Client()
    shown, inside = attach(row, png()), attach(row, png(shade=9), "inside.png")
    log = attach(row, b"started", "app.log")
    path = online(row, f"![CPU](attachment:{shown}) ![Secret](attachment:{inside})")
    page = everybody.get(path).content.decode()
    assert "<em>CPU</em> <em>Secret</em>" in page
    assert everybody.get(f"{path}attachments/{shown}/").status_code == 404
    share(row, shown)
    share(row, log)
    page = everybody.get(path).content.decode()
    assert f'<img src="{path}attachments/{shown}/" alt="CPU"' in page
    assert "<em>Secret</em>" in page
    assert ("app.log" in page, "inside.png" in page) == (True, False)
    answer = everybody.get(f"{path}attachments/{shown}/")
    assert (answer.content, answer["Cache-Control"]) == (png(), "public, max-age=60")
    assert everybody.get(f"{path}attachments/{log}/")["Content-Disposition"].startswith(
        "attachment"
    )
    assert everybody.get(f"{path}attachments/{inside}/").status_code == 404
    assert everybody.get(f"{ONE.format(row.pk)}attachments/{shown}/").status_code == 302
    remove(row, shown)
    assert "<em>CPU</em>" in everybody.get(path).content.decode()
    actions.move_postmortem(
        postmortem_id=row.pk,
        step=Step.REOPEN,
        doer=Doer(user_id=None),
        reason="wrong",
        now=NOW,
        actor="system",
    )
    assert everybody.get(f"{path}attachments/{log}/").status_code == 404


def test_who_may_not_see_the_incident_gets_no_file_of_it() -> None:
    row = make_postmortem()
    number = attach(row, png())
    incidents.set_privacy(
        incident_id=row.incident_id, is_private=True, user_id=None, now=NOW, actor="system"
    )
    olga = make_user("Olga", "manager")
    client, headers = signed_in(olga), {"authorization": f"Bearer {make_token(olga)}"}
    for path in ("", f"{number}/"):
        assert client.get(f"{ONE.format(row.pk)}attachments/{path}").status_code == 404
    for path in ("", f"/{number}", f"/{number}/file"):
        answer = Client().get(f"{API.format(row.pk)}{path}", headers=headers)
        assert answer.status_code == 404
    admin = signed_in(make_user("Ada", "admin"))
    assert admin.get(f"{ONE.format(row.pk)}attachments/{number}/").content == png()


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("observer", 200, 403),
        ("stakeholder", 200, 403),
        ("responder", 200, 302),
        ("admin", 200, 302),
    ],
)
def test_each_role_does_what_it_may(role: str, reads: int, writes: int) -> None:
    row = make_postmortem()
    number, client, one = attach(row, png()), signed_in(make_user("Ana", role)), ONE.format(row.pk)
    assert client.get(f"{one}attachments/").status_code == reads
    assert client.get(f"{one}attachments/{number}/").status_code == reads
    files = {"files": [SimpleUploadedFile("x.txt", b"x")]}
    assert client.post(f"{one}attachments/", files).status_code == writes
    assert client.post(f"{one}attachments/{number}/public/").status_code == writes
    assert client.post(f"{one}attachments/{number}/remove/").status_code == writes


def test_only_the_team_of_it_attaches() -> None:
    mine, other = make_team("Mine"), make_team("Other")
    row = make_postmortem(team_id=mine.pk)
    for name, team, status in (("Ana", other, 403), ("Ben", mine, 302)):
        person = make_user(name, "observer")
        make_membership(team, person, "responder")
        files = {"files": [SimpleUploadedFile("x.txt", b"x")]}
        answer = signed_in(person).post(f"{ONE.format(row.pk)}attachments/", files)
        assert answer.status_code == status


def test_the_same_over_the_api() -> None:
    row, ana = make_postmortem(), make_user("Ana", "manager")
    headers, api = {"authorization": f"Bearer {make_token(ana)}"}, API.format(row.pk)

    def call(method: str, path: str, data: Any = b"", kind: str = "application/json") -> Any:
        return Client().generic(method, f"{api}{path}", data, content_type=kind, headers=headers)

    made = call("POST", "?name=cpu.gif", png(), "application/octet-stream")
    assert made.status_code == 201
    one = made.json()
    assert (one["name"], one["mark"]) == ("cpu.png", f"![cpu.png](attachment:{one['id']})")
    assert call("POST", "?name=cpu.gif", png(), "image/png").json()["id"] == one["id"]
    assert call("GET", f"/{one['id']}/file").content == png()
    assert call("PUT", f"/{one['id']}", b'{"is_public": true}').json()["is_public"] is True
    refused = call("POST", "?name=tool", b"\x7fELF\0", "application/octet-stream")
    assert (refused.status_code, refused.json()["code"]) == (422, "postmortems.file_not_usable")
    assert call("DELETE", f"/{one['id']}").status_code == 204
    assert call("GET", f"/{one['id']}").status_code == 404
    item = call("GET", "").json()["items"][0]
    assert (item["removed_by"], item["is_public"]) == ("laptop (Ana)", False)
