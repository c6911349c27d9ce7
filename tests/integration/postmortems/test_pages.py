"""The pages, as people walk through them."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.catalog import make_service
from tests.factories.identity import make_membership, make_team, make_user, signed_in
from tests.factories.incidents import declare
from tests.factories.postmortems import (
    ended_incident,
    first_section,
    make_action,
    make_postmortem,
)

from evenfall.incidents.ports import Sev
from evenfall.postmortems.models import Action, Postmortem, Section, TemplateText

pytestmark = pytest.mark.django_db
LIBRARY, ACTIONS = "/postmortems/", "/actions/"


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_the_incident_to_the_closed_post_mortem() -> None:
    ana, ben = make_user("Ana"), make_user("Ben")
    incident, client = ended_incident(by=ana), signed_in(ana)
    page = text_of(client, f"/incidents/{incident.id}/parts/side/")
    assert "Write the post-mortem" in page
    assert "What speaks for it: a person noticed before any alert did." in page
    answer = client.post(f"/incidents/{incident.id}/postmortem/")
    row = Postmortem.objects.get()
    one = f"{LIBRARY}{row.id}/"
    assert answer["Location"] == one
    assert client.post(f"/incidents/{incident.id}/postmortem/")["Location"] == one
    assert "What it taught" in text_of(client, f"/incidents/{incident.id}/parts/side/")
    client.post(f"{one}steps/", {"step": "submit"})
    assert "did not work on the incident" in text_of(client, one)
    client.post(f"{one}people/", {"owner_id": ana.id, "reviewer_ids": [ben.id]})
    client.post(f"{one}words/", {"tags": "dns, tls", "factors": "Missing alert\nSlow DNS"})
    client.post(f"{one}steps/", {"step": "submit"})
    assert "In review" in text_of(client, one)
    signed_in(ben).post(f"{one}steps/", {"step": "approve"})
    client.post(f"{one}steps/", {"step": "publish", "is_public": "1"})
    client.post(f"{one}comments/", {"text": "Thank you all"})
    client.post(f"{one}steps/", {"step": "close"})
    page = text_of(client, one)
    assert {"Closed", "Slow DNS", "Thank you all", "to the public"} <= {
        word for word in ("Closed", "Slow DNS", "Thank you all", "to the public") if word in page
    }
    assert text_of(client, f"{one}export.md").startswith("# Shop is slow")
    assert "<h1>Shop is slow</h1>" in text_of(client, f"{one}export.html")
    assert "Shop is slow" in text_of(client, f"{LIBRARY}?q=slow&tag=dns&state=closed")
    assert "Nothing found" in text_of(client, f"{LIBRARY}?q=banana")


def test_who_comes_late_sees_both_texts_and_saves_them_together() -> None:
    client = signed_in(make_user())
    section = first_section(make_postmortem())
    address = f"{LIBRARY}{section.postmortem_id}/sections/{section.id}/"
    assert "Nothing sounds like blame" in text_of(client, address)
    client.post(address, {"text": "one\ntwo", "version": 1})
    client.post(address, {"text": "one\ntwo\nthree", "version": 2})
    late = client.post(address, {"text": "ONE\ntwo", "version": 2})
    assert late.status_code == 409
    page = late.content.decode()
    assert "Nothing is lost" in page
    assert "ONE\ntwo\nthree" in page
    saved = client.post(address, {"text": "ONE\ntwo\nthree", "version": 3})
    assert saved.status_code == 302
    assert Section.objects.get(id=section.id).version == 4
    assert "Version 4" in text_of(client, f"{address}versions/")


def test_help_with_words_is_for_the_writer_who_can_mute_it() -> None:
    client = signed_in(make_user())
    section = first_section(make_postmortem())
    address = f"{LIBRARY}{section.postmortem_id}/sections/{section.id}/"
    checked = client.post(address, {"text": "It was human error", "version": 1, "check": "1"})
    assert "“human error”" in checked.content.decode()
    assert Section.objects.get(id=section.id).version == 1
    part = client.post(f"{address}hints/", {"text": "Obviously"}).content.decode()
    assert "“Obviously”" in part
    client.post(f"{address}mute/", {"word": "obviously"})
    part = client.post(f"{address}hints/", {"text": "Obviously"}).content.decode()
    assert "“Obviously”" not in part
    client.post(f"{address}mute/", {"all": "1"})
    client.post(address, {"text": "It was human error", "version": 1})
    shown = text_of(client, f"{LIBRARY}{section.postmortem_id}/")
    assert "human error" in shown
    assert "somebody else would have" not in shown


def test_an_action_from_its_start_to_verified() -> None:
    ana, ben = make_user("Ana"), make_user("Ben", "manager")
    row, client = make_postmortem(), signed_in(ana)
    form = {"title": "Deploys stop", "owner_id": ana.id, "type": "prevent", "level": "P1"}
    bad = client.post(f"{LIBRARY}{row.id}/actions/", {**form, "ticket_url": "nope"})
    assert bad.status_code == 422
    assert "must begin with" in bad.content.decode()
    client.post(f"{LIBRARY}{row.id}/actions/", form)
    action = Action.objects.get()
    one = f"{ACTIONS}{action.id}/"
    assert "Deploys stop" in text_of(client, f"{ACTIONS}?whose=mine")
    assert "Deploys stop" in text_of(client, f"{LIBRARY}{row.id}/")
    client.post(f"{one}edit/", {**form, "level": "P2", "title": "Deploys wait"})
    for step in ("accept", "start"):
        client.post(f"{one}steps/", {"step": step})
    client.post(f"{one}steps/", {"step": "finish"})
    assert "proves it" in text_of(client, one)
    client.post(f"{one}steps/", {"step": "finish", "proof_url": "https://example.org/5"})
    client.post(f"{one}steps/", {"step": "verify"})
    assert "Somebody else than you verifies it" in text_of(client, one)
    signed_in(ben).post(f"{one}steps/", {"step": "verify"})
    assert "Verified" in text_of(client, one)
    assert "100 %" in text_of(client, ACTIONS)


def test_a_date_is_moved_with_a_reason_and_a_risk_is_accepted_by_a_manager() -> None:
    ana, ben = make_user("Ana"), make_user("Ben", "manager")
    action = make_action(make_postmortem(), ana)
    one, client = f"{ACTIONS}{action.id}/", signed_in(ana)
    client.post(f"{one}extend/", {"due_at": "", "reason": ""})
    assert "fill in the date" in text_of(client, one)
    client.post(f"{one}extend/", {"due_at": "2027-05-01", "reason": "The vendor"})
    assert "moved 1 of 2 times" in text_of(client, one)
    risk = {"step": "accept_risk", "reason": "Rare", "review_at": "2028-01-01"}
    client.post(f"{one}steps/", risk)
    assert "needs a manager" in text_of(client, one)
    signed_in(ben).post(f"{one}steps/", risk)
    page = text_of(client, one)
    assert "accepted by Ben" in page


def test_templates_are_of_the_whole_site() -> None:
    manager = signed_in(make_user(role="manager"))
    address = f"{LIBRARY}templates/light/"
    assert "as delivered" in text_of(manager, f"{LIBRARY}templates/")
    refused = manager.post(address, {"text": "## One {weather}"})
    assert refused.status_code == 422
    assert "fills nothing in" in refused.content.decode()
    manager.post(address, {"text": "## One"})
    assert TemplateText.objects.get().number == 1
    lead = make_user(role="observer")
    make_membership(make_team(), lead, role="manager")
    assert signed_in(lead).post(address, {"text": "## Two"}).status_code == 403
    assert manager.get(f"{LIBRARY}templates/odd/").status_code == 404


def test_an_observer_reads_and_a_stranger_to_the_team_does_not_write() -> None:
    team = make_team()
    row = make_postmortem(team_id=team.id, severity=Sev.SEV2)
    section = first_section(row)
    action = make_action(row, make_user("Ana"))
    one = f"{LIBRARY}{row.id}/"
    reader = signed_in(make_user(role="observer"))
    assert "Edit<span" not in text_of(reader, one)
    assert "Move the date" not in text_of(reader, f"{ACTIONS}{action.id}/")
    refused = (
        f"{one}steps/",
        f"{one}people/",
        f"{one}words/",
        f"{one}comments/",
        f"{one}sections/{section.id}/",
        f"{one}sections/{section.id}/hints/",
        f"{one}actions/",
        f"{ACTIONS}{action.id}/steps/",
        f"{ACTIONS}{action.id}/extend/",
        f"{ACTIONS}{action.id}/edit/",
        f"/incidents/{row.incident_id}/postmortem/",
    )
    for address in refused:
        body = {"step": "reject" if "/actions/" in address[:9] else "submit"}
        assert reader.post(address, body).status_code == 403, address


def test_empty_pages_say_what_to_do() -> None:
    client = signed_in(make_user(role="observer"))
    assert "No post-mortem yet" in text_of(client, LIBRARY)
    assert "No actions here" in text_of(client, ACTIONS)
    assert "Nothing is late" in text_of(client, f"{ACTIONS}?whose=overdue")
    live = declare()
    assert "Write the post-mortem" not in text_of(client, f"/incidents/{live.id}/parts/side/")
    for address in (f"{LIBRARY}?team=x&state=y", f"{ACTIONS}?whose=everybody"):
        text_of(client, address)
    for address in (f"{LIBRARY}9/", f"{ACTIONS}9/", f"{LIBRARY}9/export.md"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_any_number(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ana, team = make_user("Ana", "observer"), make_team()
    service = make_service("Till", team=team)
    for _ in range(count):
        row = make_postmortem(owner=ana, team_id=team.id, service_id=service.id)
        make_action(row, ana)
    client = signed_in(ana)
    with django_assert_num_queries(11):
        assert client.get(LIBRARY).status_code == 200
    with django_assert_num_queries(10):
        assert client.get(ACTIONS).status_code == 200
