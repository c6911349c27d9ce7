"""What waits for the reader's decision: counted in the navigation, with no query of its own."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_membership, make_team, make_user, signed_in
from tests.factories.incidents import declare
from tests.factories.notifications import new_notice
from tests.factories.runbooks import make_runbook
from tests.factories.statuspages import make_component, make_page
from tests.factories.steps import Lever, lever, make_step, start, work

from evenfall.identity.models import Team, User
from evenfall.identity.queries import viewer_of_user
from evenfall.incidents.models import Incident
from evenfall.incidents.ports import Sev
from evenfall.notifications import actions as notices
from evenfall.runbooks import actions as runbooks
from evenfall.runbooks.models import Run
from evenfall.statuspages import actions as telling
from evenfall.web.contexts.frame import frame

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_kind")]


@pytest.fixture(name="_kind")
def kind() -> Lever:
    with lever() as made:
        return made


@pytest.fixture
def ben() -> User:
    return make_user("Ben", role="responder")


@pytest.fixture
def team(ben: User) -> Team:
    return make_team("Payments", members=(ben,))


def waiting_run(*, team: Team | None = None, person: User | None = None, **more: Any) -> Run:
    """A run whose first step waits for an approval."""
    runbook = make_runbook("Cut over", team=team, person=person)
    make_step(runbook=runbook, settings={"host": f"web{runbook.pk}"}, approval="always")
    run = start(runbook, **more)
    work()
    run.refresh_from_db()
    assert run.state == "waiting"
    return run


def waiting_post(team: Team | None, *, is_private: bool = False) -> Incident:
    """A post about a new incident that waits on a page of the team, or of the site."""
    service = make_service()
    make_component(make_page(team_id=team.pk if team else None), service_ids=[service.pk])
    incident = declare(severity=Sev.SEV1, service_id=service.pk)
    telling.follow_incidents(incident_ids=[incident.pk], now=NOW)
    Incident.objects.filter(id=incident.pk).update(is_private=is_private)
    return incident


def waits(user: User) -> dict[str, int]:
    return dict(frame(viewer_of_user(user), now=NOW).waits)


def badge(client: Client, name: str, address: str = "/incidents/") -> str:
    """The words for people who cannot see the badge; "" where there is none."""
    shown = client.get(address).content.decode()
    found = re.search(rf'id="wait-{name}"[^>]*>(.*?)</span></span>', shown)
    return re.sub(r".*<span class=\"sr\">", "", found[1]) if found else ""


def test_a_run_waits_for_those_of_its_team_but_not_for_whoever_asked(ben: User, team: Team) -> None:
    dana, eve = make_user("Dana"), make_user("Eve")
    make_membership(team, dana)
    waiting_run(team=team, user_id=ben.pk, actor=f"user:{ben.pk}")
    assert waits(dana)["/runs/"] == 1
    assert waits(ben)["/runs/"] == 0
    assert waits(eve)["/runs/"] == 0


def test_a_run_of_a_runbook_of_ones_own_waits_for_that_person(ben: User) -> None:
    waiting_run(person=ben)
    assert waits(ben)["/runs/"] == 1


def test_what_was_decided_waits_no_more(ben: User, team: Team) -> None:
    run = waiting_run(team=team)
    runbooks.approve_step(run_id=run.pk, user_id=ben.pk, now=NOW, actor=f"user:{ben.pk}")
    assert waits(ben)["/runs/"] == 0
    refused = waiting_run(team=make_team("Search", members=(ben,)))
    runbooks.stop_run(run_id=refused.pk, now=NOW, actor=f"user:{ben.pk}")
    assert waits(ben)["/runs/"] == 0


def test_a_prepared_post_waits_for_the_team_of_its_page(ben: User, team: Team) -> None:
    waiting_post(team)
    assert waits(ben)["/status-pages/"] == 1
    assert waits(make_user("Eve", role="responder"))["/status-pages/"] == 0


def test_a_post_of_a_page_of_the_site_waits_for_every_responder(ben: User) -> None:
    waiting_post(None)
    assert waits(ben)["/status-pages/"] == 1


def test_a_count_gives_no_private_incident_away(ben: User, team: Team) -> None:
    incident = waiting_post(team, is_private=True)
    waiting_run(team=team, subject=f"incident:{incident.pk}")
    client = signed_in(ben)
    assert badge(client, "status-pages") == ""
    assert badge(client, "runs") == ""


def test_the_navigation_says_how_many_wait(ben: User, team: Team) -> None:
    waiting_post(team)
    for _ in range(2):
        waiting_run(team=team)
    client = signed_in(ben)
    assert badge(client, "runs") == "(2 wait for you)"
    assert badge(client, "status-pages") == "(1 waits for you)"
    assert badge(client, "all") == "(3 wait for you)"


def test_the_counts_come_again_when_something_is_decided(ben: User, team: Team) -> None:
    waiting_post(team)
    shown = signed_in(ben).get("/waits").content.decode()
    assert 'data-live="approvals"' in shown
    assert shown.count('hx-swap-oob="true"') == 3
    assert "(1 waits for you)" in shown


def test_whoever_may_approve_nothing_has_no_counts() -> None:
    observer = make_user("Olga", role="observer")
    waiting_post(None)
    assert waits(observer) == {}
    client = signed_in(observer)
    assert 'id="wait' not in client.get("/incidents/").content.decode()
    assert client.get("/waits").status_code == 403


def test_what_is_counted_follows_the_clock_and_what_the_reader_may_do(ben: User) -> None:
    """The statement is kept; its time and its reader are not."""
    notices.plan_notices(notices=[new_notice(ben)], now=NOW)
    before = frame(viewer_of_user(ben), now=NOW - timedelta(minutes=1))
    after = frame(viewer_of_user(ben), now=NOW + timedelta(minutes=1))
    assert (before.unread, after.unread) == (0, 1)
    team = make_team("Search")
    waiting_run(team=team)
    assert waits(ben)["/runs/"] == 0
    make_membership(team, ben)
    assert waits(ben)["/runs/"] == 1
    other = viewer_of_user(make_user("Oz"))
    assert frame(other, now=NOW + timedelta(minutes=1)).unread == 0


@pytest.mark.parametrize("role", ["observer", "responder", "admin"])
def test_the_frame_asks_one_question(
    role: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = make_user(role=role)
    viewer = viewer_of_user(user)
    with django_assert_num_queries(1):
        assert frame(viewer, now=NOW).unread == 0
