"""Issue trackers on pages and over the API: who may, and what is shown."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import NOW, make_token, make_user, signed_in
from tests.factories.postmortems import make_action, make_postmortem
from tests.factories.trackers import make_tracker, values_for

from evenfall.postmortems import actions
from evenfall.postmortems.models import IssueLink, Tracker

pytestmark = pytest.mark.django_db
ALL = "/settings/trackers/"


def caller(role: str) -> Any:
    """Send a request to the API as somebody with this role."""
    headers = {"authorization": f"Bearer {make_token(make_user(role.title(), role))}"}

    def send(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = "" if body is None else json.dumps(body)
        return Client().generic(
            method, f"/api/v1{path}", data, content_type="application/json", headers=headers
        )

    return send


def test_an_administrator_sets_up_a_tracker_and_its_secrets_never_come_back() -> None:
    admin = signed_in(make_user("Root", "admin"))
    assert "No tracker yet" in admin.get(ALL).content.decode()
    form = {"name": "GitHub of Shop", **values_for("github", "https://api.example.org")}
    wrong = admin.post(f"{ALL}add/github/", {**form, "repository": "shop"})
    assert wrong.status_code == 422
    assert "owner/name" in wrong.content.decode()
    admin.post(f"{ALL}add/github/", form)
    row = Tracker.objects.get()
    page = admin.get(f"{ALL}{row.pk}/").content.decode()
    assert f"/callbacks/trackers/{row.pk}/" in page
    assert "t0ken" not in page
    admin.post(f"{ALL}{row.pk}/", {**form, "token": "", "name": "Renamed"})
    row.refresh_from_db()
    assert (row.name, "t0ken" in row.secrets) == ("Renamed", True)
    admin.post(f"{ALL}{row.pk}/switch/")
    assert not Tracker.objects.get().is_on
    assert "Renamed" in admin.get(ALL).content.decode()
    admin.post(f"{ALL}{row.pk}/remove/")
    assert not Tracker.objects.exists()
    assert admin.get(f"{ALL}add/nothing/").status_code == 404


@pytest.mark.parametrize("role", ["observer", "stakeholder", "responder", "manager"])
def test_nobody_else_sees_or_changes_a_tracker(role: str) -> None:
    row, client, send = make_tracker(), signed_in(make_user(role=role)), caller(role)
    for path in (ALL, f"{ALL}{row.pk}/", f"{ALL}add/github/"):
        assert client.get(path).status_code == 403
    for path in (f"{ALL}{row.pk}/switch/", f"{ALL}{row.pk}/remove/", f"{ALL}add/github/"):
        assert client.post(path).status_code == 403
    assert send("GET", "/issue-trackers").status_code == 403
    assert send("DELETE", f"/issue-trackers/{row.pk}").status_code == 403
    assert Tracker.objects.exists()


def test_an_issue_is_asked_for_linked_and_unlinked_on_the_page_of_its_action() -> None:
    row, ana = make_tracker(), make_user("Ana")
    action, client = make_action(make_postmortem(), ana), signed_in(ana)
    one, issue = f"/actions/{action.pk}/", f"/actions/{action.pk}/issue/"
    assert "Create in github of Shop" in client.get(one).content.decode()
    wrong = client.post(issue, {"way": "link", "url": "https://example.org/1"}, follow=True)
    assert "not the address of an issue" in wrong.content.decode()
    client.post(issue, {"way": "create", "tracker_id": row.pk})
    assert "as soon as it answers" in client.get(one).content.decode()
    client.post(issue, {"way": "look"})
    client.post(issue, {"way": "unlink"})
    client.post(issue, {"way": "link", "url": "https://github.com/acme/shop/issues/7"})
    assert "acme/shop#7" in client.get(one).content.decode()
    IssueLink.objects.update(is_open=False, is_dropped=True, clash="dropped")
    assert "Reject the action" in client.get(one).content.decode()
    client.post(issue, {"way": "keep_issue", "reason": "Replaced"})
    assert "Rejected" in client.get(one).content.decode()
    assert client.post(issue, {"way": "else"}).status_code == 404
    assert "There is nothing to choose" not in client.get(one).content.decode()
    nothing = client.post(issue, {"way": "keep_action"}, follow=True)
    assert "nothing to choose" in nothing.content.decode()


def test_a_stranger_to_the_team_links_nothing() -> None:
    make_tracker()
    action = make_action(make_postmortem(), make_user("Ana"))
    other = signed_in(make_user("Olga", "observer"))
    form = {"way": "link", "url": "https://github.com/acme/shop/issues/7"}
    assert other.post(f"/actions/{action.pk}/issue/", form).status_code == 403
    assert not IssueLink.objects.exists()


def test_the_whole_way_over_the_api() -> None:
    admin, ana = caller("admin"), caller("responder")
    body = {"type": "jira", "name": "Jira", "values": values_for("jira", "https://j.example.org")}
    made = admin("POST", "/issue-trackers", body)
    assert made.status_code == 201
    assert "token" not in made.json()["settings"]
    assert admin("POST", "/issue-trackers", {**body, "type": "x"}).status_code == 404
    assert admin("POST", "/issue-trackers", body).json()["code"].endswith("tracker_name_taken")
    one = f"/issue-trackers/{made.json()['id']}"
    changed = admin("PUT", one, {"name": "Ours", "values": made.json()["settings"]})
    assert (changed.json()["name"], changed.json()["has_webhook"]) == ("Ours", True)
    assert admin("PUT", f"{one}/switch", {"is_on": True}).json()["is_on"]
    action = make_action(make_postmortem(), make_user("Ben"))
    issue = f"/postmortem-actions/{action.pk}/issue"
    assert ana("GET", issue).status_code == 404
    url = "https://j.example.org/jira/browse/OPS-7"
    linked = ana("POST", issue, {"url": url})
    assert (linked.status_code, linked.json()["key"]) == (201, "OPS-7")
    assert ana("POST", issue, {"tracker_id": made.json()["id"]}).status_code == 409
    assert ana("POST", f"{issue}/look").status_code == 200
    assert ana("POST", f"{issue}/choice", {"keep": "action"}).status_code == 409
    IssueLink.objects.update(is_open=False, clash="linked")
    kept = ana("POST", f"{issue}/choice", {"keep": "issue"})
    assert kept.json()["clash"] is None
    assert ana("GET", f"/postmortem-actions/{action.pk}").json()["state"] == "done"
    assert admin("DELETE", one).status_code == 409
    assert ana("DELETE", issue).status_code == 204
    assert admin("DELETE", one).status_code == 204


def test_texts_for_the_public_and_reports_over_the_api() -> None:
    ana, row = caller("responder"), make_postmortem()
    publication = f"/postmortems/{row.pk}/publication"
    assert ana("GET", publication).status_code == 404
    assert ana("PUT", publication, {"text": "Why"}).json()["is_public"] is False
    assert ana("PUT", publication, {"text": "Why", "is_public": True}).status_code == 409
    body = {"title": "Wait", "owner_id": make_user("Ben").pk, "guardrail_kind": "slo"}
    made = ana("POST", f"/postmortems/{row.pk}/actions", body)
    assert made.json()["guardrail_kind"] == "slo"
    assert ana("GET", "/postmortem-actions/keeping").json()["by_owner"][0]["label"] == "Ben"
    assert b"Wait" in ana("GET", "/postmortem-actions/export.csv").content
    said = ana("POST", f"/postmortems/{row.pk}/comments", {"text": "Hm"}).json()["items"][0]
    settled = ana("PUT", f"/postmortems/{row.pk}/comments/{said['id']}", {"is_resolved": True})
    assert settled.json()["items"][0]["resolved_by"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_trackers_costs_the_same_for_any_number(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for kind in ("github", "gitlab", "jira")[:count]:
        row = make_tracker(kind)
        action = make_action(make_postmortem(), make_user())
        actions.create_issue(action_id=action.pk, tracker_id=row.pk, now=NOW, actor="system")
    admin = signed_in(make_user("Root", "admin"))
    with django_assert_num_queries(5):
        assert admin.get(ALL).status_code == 200
