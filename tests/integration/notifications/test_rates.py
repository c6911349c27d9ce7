"""How well messages get through: counted in the database, on the page, over the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_membership, make_team, make_user
from tests.factories.notifications import make_contact_method

from evenfall.identity.models import User
from evenfall.notifications.models import Attempt, Notice
from evenfall.notifications.queries import rates
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


def make_notice(
    user: User, kind: str = "sms", state: str = "delivered", *, days_ago: float = 1, **fields: Any
) -> Notice:
    due = utc_now() - timedelta(days=days_ago)
    defaults: dict[str, Any] = {
        "subject": "page:5",
        "purpose": "page",
        "urgency": "high",
        "content": {"title": "x"},
        "planned_at": due,
        "first_due_at": due,
        "due_at": due,
        "handed_over_at": due,
        "accepted_at": due + timedelta(seconds=2),
        "finished_at": due + timedelta(seconds=6),
    }
    return Notice.objects.create(user=user, kind=kind, state=state, **(defaults | fields))


def make_attempt(
    notice: Notice,
    *,
    via: str = "",
    number: int = 1,
    took_s: float = 1,
    accepted: bool = True,
    delivered: bool | None = None,
    reported_s: float | None = None,
) -> None:
    at = notice.first_due_at
    Attempt.objects.create(
        notice=notice,
        number=number,
        via=via,
        handed_over_at=at,
        answered_at=at + timedelta(seconds=took_s),
        accepted=accepted,
        delivered=delivered,
        reported_at=None if reported_s is None else at + timedelta(seconds=reported_s),
    )


def test_providers_are_counted_by_their_tries() -> None:
    ada = make_user("Ada")
    for took in (1, 2, 3):
        make_attempt(
            make_notice(ada), via="first", took_s=took, delivered=True, reported_s=took * 2
        )
    failed_over = make_notice(ada)
    make_attempt(failed_over, via="first", accepted=False)
    make_attempt(failed_over, via="second")
    make_attempt(make_notice(ada), via="second", delivered=False, reported_s=9)
    make_attempt(make_notice(ada, "email", "accepted"))
    make_attempt(make_notice(ada, purpose="verify"), via="first", accepted=False)
    make_attempt(make_notice(ada, days_ago=8), via="old")
    found = {rate.via or rate.kind: rate for rate in rates.provider_rates(now=utc_now(), days=7)}
    assert list(found) == ["email", "first", "second"]
    first, second = found["first"], found["second"]
    assert (first.sent, first.accepted, first.delivered, first.failed) == (4, 3, 3, 1)
    assert (first.accept_median_s, first.deliver_median_s) == (2, 4)
    assert first.accept_p95_s == pytest.approx(2.9)
    assert first.success == 0.75
    assert (second.sent, second.delivered, second.failed, second.untold) == (2, 0, 1, 1)
    assert (second.deliver_median_s, second.name[:8]) == (None, "second (")
    assert found["email"].untold == 1
    assert len(rates.provider_rates(now=utc_now(), days=30)) == 4


def test_people_are_counted_by_what_arrived_in_the_end(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    make_notice(ada)
    make_notice(ada, "email", "accepted")
    make_notice(ada, "email", "failed")
    make_notice(ada, "email", "planned", handed_over_at=None)
    make_notice(ada, "inbox")
    make_notice(ben, days_ago=9)
    with django_assert_num_queries(1):
        found = rates.person_rates([ada.id, ben.id], now=utc_now(), days=7)
    mail, sms = found[ada.id]
    assert (mail.kind, mail.sent, mail.accepted, mail.failed) == ("email", 2, 1, 1)
    assert (sms.sent, sms.delivered, sms.deliver_median_s) == (1, 1, 6)
    assert ben.id not in found
    assert rates.person_rates([], now=utc_now(), days=7) == {}


def test_the_page_shows_chart_table_and_files(client: Client) -> None:
    ada = make_user("Ada")
    client.force_login(ada)
    assert b"No message went out" in client.get("/reports/reach/").content
    make_attempt(make_notice(ada), via="=first", delivered=True, reported_s=3)
    page = client.get("/reports/reach/?days=30")
    assert b"reach-delivered" in page.content
    assert b"100&nbsp;%" in page.content
    file = client.get("/reports/reach/?days=7&format=csv")
    lines = file.content.decode().splitlines()
    assert file["Content-Disposition"] == 'attachment; filename="reach-7-days.csv"'
    assert lines[1].split(",")[2] == "'=first"
    told = client.get("/api/v1/reports/reach?days=7").json()
    assert [(one["via"], one["delivered"]) for one in told["items"]] == [("=first", 1)]
    assert client.get("/api/v1/reports/reach?days=91").status_code == 422


def test_people_of_a_team_are_for_its_managers(client: Client) -> None:
    team, boss, ada = make_team("Checkout"), make_user("Boss"), make_user("Ada")
    make_membership(team, boss, role="manager")
    make_membership(team, ada, role="responder")
    make_notice(ada)
    client.force_login(ada)
    assert client.get(f"/reports/reach/teams/{team.id}/").status_code == 403
    client.force_login(boss)
    page = client.get(f"/reports/reach/teams/{team.id}/")
    assert b"Ada" in page.content
    assert b"Got nothing in this time" in page.content
    assert f"/reports/reach/teams/{team.id}/".encode() in client.get("/reports/reach/").content
    csv = client.get(f"/reports/reach/teams/{team.id}/?format=csv").content.decode()
    assert csv.splitlines()[1].startswith("Ada,sms,,1,1,1,0")
    told = client.get(f"/api/v1/reports/reach/teams/{team.id}").json()
    assert [(one["name"], len(one["items"])) for one in told["people"]] == [("Ada", 1), ("Boss", 0)]


def test_the_pages_take_as_many_queries_for_many_rows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    team, boss = make_team("Checkout"), make_user("Boss")
    make_membership(team, boss, role="manager")
    client.force_login(boss)
    for people in (1, 2):
        for number in range(people):
            member = make_user(f"Person {people}.{number}")
            make_membership(team, member, role="responder")
            make_attempt(make_notice(member), via=f"provider {people}.{number}")
        client.get(f"/reports/reach/teams/{team.id}/")
        with django_assert_num_queries(6):
            client.get("/reports/reach/")
        with django_assert_num_queries(7):
            client.get(f"/reports/reach/teams/{team.id}/")


def test_a_person_sees_how_well_she_was_reached(client: Client) -> None:
    ada = make_user("Ada")
    make_contact_method(ada)
    client.force_login(ada)
    assert b"How well you were reached" not in client.get("/profile/contact-methods/").content
    make_notice(ada, "email", "failed")
    make_notice(ada, "email", "accepted")
    page = client.get("/profile/contact-methods/").content
    assert b"1 of 2 got through in 30 days" in page
    assert b"1 failed" in page
