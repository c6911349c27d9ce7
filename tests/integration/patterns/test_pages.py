"""The pages, as people walk through them, for each role."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_membership, make_team, make_user, signed_in
from tests.factories.patterns import TITLE, make_pattern, seen

from evenfall.catalog.ports import Environment
from evenfall.patterns.models import Pair, Pattern

pytestmark = pytest.mark.django_db
ALL, REPORT = "/patterns/", "/patterns/report/?quarter=2026-Q1"


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_a_suggestion_to_a_pattern_that_is_mended() -> None:
    client, service = signed_in(make_user()), make_service()
    one, two = seen(service=service), seen(service=service)
    page = text_of(client, f"/incidents/{two.id}/parts/side/")
    assert "Seen before" in page
    assert "100 % alike" in page
    assert "Checkout" in page
    verdict = client.post(f"/incidents/{two.id}/similar/{one.id}/", {"verdict": "same"})
    assert verdict["Location"] == f"/incidents/{two.id}/"
    pattern = Pattern.objects.get()
    assert "a pattern of 2 incidents" in text_of(client, f"/incidents/{one.id}/parts/side/")
    address = f"{ALL}{pattern.id}/"
    assert TITLE in text_of(client, ALL)
    said = {"title": "Cards time out", "owner_id": "", "team_id": "", "note": "**Known**"}
    assert client.post(f"{address}edit/", said)["Location"] == address
    assert "<strong>Known</strong>" in text_of(client, address)
    client.post(f"{address}steps/", {"state": "being mended"})
    assert "Being mended" in text_of(client, address)
    assert "Cards time out" in text_of(client, f"{ALL}?state=being+mended&q=cards")
    assert "Nothing like that" in text_of(client, f"{ALL}?q=banana")
    assert "Cards time out" in text_of(client, REPORT)
    table = client.get(f"{REPORT}&format=csv")
    assert table["Content-Type"].startswith("text/csv")
    assert "Cards time out" in table.content.decode()


def test_a_rejected_pair_goes_from_the_page() -> None:
    client = signed_in(make_user())
    one, two = seen(), seen()
    client.post(f"/incidents/{two.id}/similar/{one.id}/", {"verdict": "different"})
    assert "Seen before" not in text_of(client, f"/incidents/{two.id}/parts/side/")
    assert Pair.objects.get().verdict == "different"
    unknown = client.post(f"/incidents/{two.id}/similar/{one.id}/", {"verdict": "?"})
    assert unknown.status_code == 404
    same = client.post(f"/incidents/{two.id}/similar/{two.id}/", {"verdict": "same"})
    assert same.status_code == 302


def test_incidents_are_added_taken_out_and_the_pattern_dismissed() -> None:
    client, pattern = signed_in(make_user()), make_pattern()
    address, third = f"{ALL}{pattern.id}/", seen("Another thing")
    client.post(f"{address}incidents/", {"incident_id": f"#{third.id}"})
    assert "Another thing" in text_of(client, address)
    refused = client.post(f"{address}incidents/", {"incident_id": "9" * 30}, follow=True)
    assert "Give the number of an incident" in refused.content.decode()
    missing = client.post(f"{address}incidents/", {"incident_id": "999999"}, follow=True)
    assert 'value="999999"' in missing.content.decode()  # what was typed is still there
    client.post(f"{address}incidents/{third.id}/remove/")
    assert "Another thing" not in text_of(client, address)
    assert (
        "Say why"
        in client.post(f"{address}steps/", {"state": "accepted"}, follow=True).content.decode()
    )
    assert client.post(f"{address}steps/", {"state": "?"}).status_code == 404
    assert client.post(f"{address}dismiss/", {"reason": "Drills"})["Location"] == ALL
    assert "Nothing came back so far" in text_of(client, ALL)


def test_the_last_but_one_incident_takes_the_pattern_with_it() -> None:
    client, pattern = signed_in(make_user()), make_pattern()
    number = pattern.members.all()[0].incident_id
    gone = client.post(f"{ALL}{pattern.id}/incidents/{number}/remove/")
    assert gone["Location"] == ALL


def test_a_title_is_needed() -> None:
    client, pattern = signed_in(make_user()), make_pattern()
    answer = client.post(f"{ALL}{pattern.id}/edit/", {"title": " "})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("role", "may"), [("observer", False), ("stakeholder", False), ("responder", True)]
)
def test_everybody_reads_and_those_who_respond_decide(role: str, may: bool) -> None:
    service = make_service()
    pattern = make_pattern(service=service)
    client = signed_in(make_user(role=role))
    address = f"{ALL}{pattern.id}/"
    for page in (ALL, REPORT, address):
        assert client.get(page).status_code == 200
    number = pattern.members.all()[0].incident_id
    assert ("What now?" in text_of(client, address)) == may
    assert (client.get(f"{address}edit/").status_code == 200) == may
    for path in ("edit/", "steps/", "incidents/", "dismiss/", f"incidents/{number}/remove/"):
        assert may or client.post(f"{address}{path}").status_code == 403
    other = pattern.members.all()[1].incident_id
    judged = client.post(f"/incidents/{number}/similar/{other}/", {"verdict": "same"})
    assert judged.status_code == (302 if may else 403)


def test_who_responds_in_one_team_decides_there_only() -> None:
    mine, theirs = make_service("Mine"), make_service("Theirs")
    user = make_user(role="observer")
    make_membership(mine.team, user)
    own = make_pattern(service=mine)
    other = make_pattern("Search finds nothing", service=theirs)
    client = signed_in(user)
    assert client.get(f"{ALL}{own.id}/edit/").status_code == 200
    assert client.get(f"{ALL}{other.id}/edit/").status_code == 403
    said = {"title": "Mine", "owner_id": "", "team_id": theirs.team_id, "note": ""}
    assert client.post(f"{ALL}{own.id}/edit/", said).status_code == 422


def test_lists_cost_the_same_for_one_and_three(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client, team = signed_in(make_user()), make_team()
    titles = ("Disk full", "Login broken", "Queue stuck")
    for count, title in enumerate(titles, start=1):
        service = make_service(title, team=team)
        for environment in (Environment.DEV, Environment.PROD):
            at = NOW + timedelta(seconds=environment is Environment.PROD)
            seen(title, service=service, environment=environment, at=at)
        assert Pattern.objects.count() == count
        if count == 2:
            continue
        with django_assert_num_queries(9):
            client.get(ALL)
        with django_assert_num_queries(9):
            client.get(REPORT)
