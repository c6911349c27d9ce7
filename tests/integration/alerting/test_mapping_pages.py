"""JSON mapping by pointing at values of a message: the page, its versions, the API."""

import json
from typing import Any

import pytest
from django.test import Client
from tests.factories.alerting import make_integration, make_mapped, receive, send
from tests.factories.identity import make_user, signed_in

from evenfall.alerting import actions, errors, queries
from evenfall.alerting.models import Alert, Integration, MappingVersion
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
BODY = {
    "check": {"id": "disk-1", "output": "Disk is full", "level": "P0", "state": "fired"},
    "owner": {"team": "web"},
    "hosts": [{"app/name": "shop"}],
}


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user("Mia", "manager"))


@pytest.fixture
def shell() -> Integration:
    return make_mapped({"summary": "check.output"}, now=utc_now())


def arrive(integration: Integration, *bodies: Any) -> None:
    for body in bodies:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        send(integration, at=utc_now(), body=raw, format_name="json")
    receive(utc_now())


def posted(mapping: dict[str, str], **more: str) -> dict[str, str]:
    return {f"at-{name}": path for name, path in mapping.items()} | more


def test_one_that_was_never_mapped_waits_for_a_message(manager: Client) -> None:
    fresh = make_integration(kind="json")
    answer = manager.get(f"/integrations/{fresh.pk}/mapping/")
    assert answer.status_code == 200
    assert "A body as the tool sends it" in answer.content.decode()


def test_the_last_message_is_shown_with_what_it_makes(manager: Client, shell: Integration) -> None:
    empty = manager.get(f"/integrations/{shell.id}/mapping/").content.decode()
    assert "Nothing came from here lately" in empty
    arrive(shell, BODY)
    page = manager.get(f"/integrations/{shell.id}/mapping/").content.decode()
    assert (
        'data-path="hosts.0[&quot;app/name&quot;]"' in page
        or 'data-path="hosts.0.app/name"' in page
    )
    assert "<strong>Disk is full</strong>" in page
    assert "Error, as none is told" in page
    assert "All can be read" in page
    assert b"Map its fields" in manager.get(f"/integrations/{shell.id}/").content


def test_a_draft_is_tried_beside_what_is_now(manager: Client, shell: Integration) -> None:
    other = {"check": {"id": "disk-2", "level": "P7"}}
    arrive(shell, b"not json", other, BODY)
    draft = posted(
        {"summary": "check.output", "severity": "check.level", "dedup_key": "check.id"},
        **{"label-0": "team", "label-at-0": "owner.team"},
        **{"severity-word-0": "P0", "severity-means-0": "critical"},
    )
    page = manager.post(f"/integrations/{shell.id}/mapping/try/", draft).content.decode()
    assert "With this mapping" in page
    assert "<code>disk-1</code>" in page
    assert "1 of 3 can be read" in page
    for line in ("Title: nothing is at check.output", "Label team: nothing is at owner.team",
                 "The severity is not known", "The body is not JSON"):  # fmt: skip
        assert line in page
    assert 'value="P7"' in page, "words that came are offered"
    shell.refresh_from_db()
    assert shell.mapping == {"summary": "check.output"}, "nothing was saved"


def test_a_message_can_be_pasted(manager: Client, shell: Integration) -> None:
    pasted = {"pasted": json.dumps([BODY, BODY])}
    page = manager.post(f"/integrations/{shell.id}/mapping/", pasted).content.decode()
    assert "The first of 2 in this message" in page
    wrong = manager.post(f"/integrations/{shell.id}/mapping/", {"pasted": "{"}).content.decode()
    assert "The body is not JSON" in wrong
    large = manager.post(f"/integrations/{shell.id}/mapping/", {"pasted": "x" * 70_000})
    assert b"too large to show" in large.content


def test_a_mapping_is_saved_and_what_comes_is_read_so(manager: Client, shell: Integration) -> None:
    draft = posted(
        {"summary": "check.output", "severity": "check.level", "status": "check.state"},
        **{"label-0": "app", "label-at-0": 'hosts[0]["app/name"]', "note": "for the shop"},
        **{"severity-word-0": "P0", "severity-means-0": "warning"},
        **{"status-word-0": "gone", "status-means-0": "resolve"},
        save="1",
    )
    assert manager.post(f"/integrations/{shell.id}/mapping/", draft).status_code == 302
    arrive(shell, BODY)
    alert = Alert.objects.get()
    assert (alert.severity, alert.labels) == ("warning", {"app": "shop"})
    arrive(shell, {**BODY, "check": {**BODY["check"], "state": "Gone"}})  # type: ignore[dict-item] # of a body
    alert.refresh_from_db()
    assert alert.state == "resolved"
    newest = MappingVersion.objects.latest("id")
    assert newest.note == "for the shop"
    assert "Changed severity" in newest.what
    page = manager.get(f"/integrations/{shell.id}/mapping/").content.decode()
    assert "for the shop" in page


def test_a_mapping_that_cannot_be_used_is_explained(manager: Client, shell: Integration) -> None:
    wrong = manager.post(
        f"/integrations/{shell.id}/mapping/", posted({"summary": "a..b"}, save="1")
    )
    assert wrong.status_code == 422
    assert b"column 3: a name is missing here" in wrong.content
    data = {"kind": "json", "name": "Shell", "mapping": "titel = a"}
    form = manager.post(f"/integrations/{shell.id}/edit/", data)
    assert b"There is no field titel" in form.content


def test_two_people_at_once_lose_nothing(manager: Client, shell: Integration) -> None:
    seen = queries.mapping_versions(shell.id)[0].about.version
    actions.change_mapping(
        integration_id=shell.id, mapping={"summary": "theirs"}, now=utc_now(), actor="system"
    )
    mine = posted({"summary": "mine"}, save="1", version=str(seen))
    answer = manager.post(f"/integrations/{shell.id}/mapping/", mine)
    assert answer.status_code == 409
    assert b"Somebody else changed this mapping" in answer.content
    assert b'value="mine" selected' in answer.content
    again = mine | {"version": str(answer.context["version"])}
    assert manager.post(f"/integrations/{shell.id}/mapping/", again).status_code == 302


def test_a_version_comes_back(manager: Client, shell: Integration) -> None:
    actions.change_mapping(
        integration_id=shell.id, mapping={"summary": "b"}, now=utc_now(), actor="system"
    )
    newest, older, _ = queries.mapping_versions(shell.id)
    path = f"/integrations/{shell.id}/mapping/restore/{older.about.version}/"
    assert manager.post(path, {"seen": str(older.about.version)}).status_code == 409
    assert manager.post(path, {"seen": str(newest.about.version)}).status_code == 302
    shell.refresh_from_db()
    assert shell.mapping == {"summary": "check.output"}
    with pytest.raises(errors.VersionNotFound):
        actions.restore_mapping(
            integration_id=shell.id, version=99_999, now=utc_now(), actor="system"
        )


def test_a_mapping_goes_out_and_comes_in_as_json(manager: Client, shell: Integration) -> None:
    url = f"/integrations/{shell.pk}/mapping"
    answer = manager.get(f"{url}.json")
    assert answer.json() == {"summary": "check.output"}
    assert answer["Content-Disposition"] == f'attachment; filename="mapping-{shell.pk}.json"'
    same = manager.post(f"{url}/import/", {"json": answer.content.decode()})
    assert "It is the same as the one in force." in same.content.decode()

    of_the_api = json.dumps({"mapping": {"summary": "check.id", "labels.team": "owner.team"}})
    shown = manager.post(f"{url}/import/", {"json": of_the_api}).content.decode()
    assert "This is what it would change." in shown
    assert "<del>check.output</del>" in shown
    assert "<ins>check.id</ins>" in shown
    assert queries.integration(shell.pk).mapping == {"summary": "check.output"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "This is no JSON"),
        ("[" * 20_000, "This is no JSON"),
        (" " * 20_001, "more than 20000 characters"),
        ('["a"]', "It is one object"),
        ('{"summary": 5}', "summary: the path is a text."),
        ('{"sumary": "a"}', "sumary"),
        ('{"\\ud800": "a"}', "?"),
    ],
)
def test_json_that_is_no_mapping_is_explained(
    manager: Client, shell: Integration, text: str, why: str
) -> None:
    answer = manager.post(f"/integrations/{shell.pk}/mapping/import/", {"json": text})
    assert answer.status_code == 422
    assert why in answer.content.decode().partition('id="json-error"')[2]


def test_only_plain_json_is_mapped(manager: Client) -> None:
    other = make_integration()
    assert manager.get(f"/integrations/{other.id}/mapping/").status_code == 404


def test_the_mapping_through_the_api(manager: Client, shell: Integration) -> None:
    path = f"/api/v1/integrations/{shell.id}/mapping"

    def call(tail: str, method: str, body: object) -> Any:
        ask = getattr(manager, method)
        return ask(path + tail, json.dumps(body), content_type="application/json").json()

    first = manager.get(path).json()
    assert first["mapping"] == {"summary": "check.output"}
    tried = call("/try", "post", {"mapping": {"severity": "check.level"}, "body": BODY})
    assert tried["items"][0]["problems"] == [
        "The severity is not known, so it counts as an error"]  # fmt: skip
    changed = call("", "put", {"mapping": {"summary": "x"}, "version": first["version"]})
    assert changed["versions"][0]["by"] == "Mia"
    stale = call("", "put", {"mapping": {}, "version": first["version"]})
    assert stale["code"] == "alerting.mapping_changed_meanwhile"
    back = call(f"/versions/{first['version']}/restore", "post", {})
    assert back["mapping"] == first["mapping"]
    arrive(shell, BODY)
    assert call("/try", "post", {"mapping": {}})["items"][0]["alerts"][0]["labels"] == {}
