"""The pages of those who look after status pages: who may do what, and the way from an incident."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories import incidents
from tests.factories.catalog import make_service
from tests.factories.identity import make_team, make_user, signed_in
from tests.factories.statuspages import make_component, make_page, make_post, make_work

from evenfall.identity.models import Team, User
from evenfall.platform.clock import utc_now
from evenfall.statuspages import queries
from evenfall.statuspages.logic.words import Status, Visibility, WorkState
from evenfall.statuspages.models import Post, StatusPage

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def lead(team: Team) -> Client:
    person = make_user("Lea", "observer")
    return signed_in(add(team, person, "manager"))


def add(team: Team, person: User, role: str) -> User:
    from tests.factories.identity import make_membership  # noqa: PLC0415 - beside its only use

    make_membership(team, person, role=role)
    return person


@pytest.fixture
def page(team: Team) -> StatusPage:
    return make_page("Shop", team_id=team.id, now=utc_now() - HOUR)


def test_a_manager_makes_a_page_with_components(lead: Client, team: Team) -> None:
    answer = lead.post(
        "/status-pages/new/",
        {
            "title": "Status of Shop",
            "team_id": team.id,
            "visibility": "public",
            "time_zone": "Europe/Paris",
            "weight_major": "1",
            "weight_partial": "0.5",
            "weight_degraded": "0",
            "counts_maintenance": "yes",
        },
    )
    made = StatusPage.objects.get()
    assert answer["Location"] == f"/status-pages/{made.pk}/"
    assert (made.slug, made.counts_maintenance) == ("status-of-shop", True)
    home = answer["Location"]
    lead.post(f"{home}groups/new/", {"name": "Payments", "collapsed": "open"})
    group = queries.groups(made.pk)[0]
    lead.post(
        f"{home}components/new/", {"name": "Cards", "group_id": group.id, "shows_uptime": "on"}
    )
    shown = lead.get(home).content.decode()
    assert "Payments" in shown
    assert "Cards" in shown
    assert "0.5 × partial outage".encode() in Client().get(f"/status/{made.slug}/").content  # noqa: RUF001 - as printed


def test_two_pages_cannot_share_an_address(lead: Client, page: StatusPage, team: Team) -> None:
    answer = lead.post(
        "/status-pages/new/",
        {
            "title": "Other",
            "slug": page.slug,
            "team_id": team.id,
            "visibility": "public",
            "time_zone": "UTC",
            "weight_major": "1",
            "weight_partial": "0",
            "weight_degraded": "0",
        },
    )
    assert answer.status_code == 422
    assert "already has the address" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "settings", "telling"),
    [("observer", 403, 403), ("responder", 403, 200), ("manager", 200, 200)],
)
def test_who_may_do_what(
    page: StatusPage, team: Team, role: str, settings: int, telling: int
) -> None:
    make_component(page, now=utc_now() - HOUR)
    client = signed_in(add(team, make_user(role="observer"), role))
    assert client.get(f"/status-pages/{page.pk}/").status_code == 200
    assert client.get(f"/status-pages/{page.pk}/edit/").status_code == settings
    assert client.get(f"/status-pages/{page.pk}/posts/new/").status_code == telling
    assert client.get(f"/status-pages/{page.pk}/maintenance/new/").status_code == telling


def test_a_page_of_the_site_is_for_people_of_the_site(lead: Client) -> None:
    page = make_page(now=utc_now())
    assert lead.get(f"/status-pages/{page.pk}/edit/").status_code == 403


def test_only_managers_see_the_secret_link(page: StatusPage, team: Team, lead: Client) -> None:
    secret = make_page(team_id=team.id, visibility=Visibility.TOKEN, now=utc_now())
    observer = signed_in(make_user(role="observer"))
    address = f"/status-pages/{secret.pk}/"
    assert secret.token in lead.get(f"{address}edit/").content.decode()
    assert secret.token not in observer.get(address).content.decode()


def test_an_incident_offers_a_draft_that_a_person_confirms(page: StatusPage, team: Team) -> None:
    service = make_service("Till", team=team)
    part = make_component(page, "Checkout", service_ids=[service.id], now=utc_now() - HOUR)
    incident = incidents.declare("db-3 out of disk", service_id=service.id, now=utc_now())
    client = signed_in(make_user(role="responder"))
    shown = client.get(f"/incidents/{incident.id}/parts/side/").content.decode()
    link = f"/status-pages/{page.pk}/posts/new/?incident={incident.id}"
    assert "Readers were told nothing." in shown
    assert link in shown
    form = client.get(link).content.decode()
    assert "Problem with Checkout" in form
    assert "db-3" not in form
    assert not Post.objects.exists()  # a draft is nothing until somebody says so
    said = {
        "title": "Problem with Checkout",
        "text": "We are *looking*.",
        "state": "investigating",
        "incident_id": incident.id,
        "next_in": "30",
        f"status_{part.pk}": "partial_outage",
    }
    preview = client.post(link, {**said, "preview": "yes"})
    assert "<em>looking</em>" in preview.content.decode()
    assert not Post.objects.exists()
    client.post(link, said)
    post = Post.objects.get()
    assert post.incident_id == incident.id
    assert post.next_update_at is not None
    shown = client.get(f"/incidents/{incident.id}/parts/side/").content.decode()
    assert f"/status-pages/{page.pk}/posts/{post.pk}/" in shown
    assert queries.part(page.pk, part.pk, now=utc_now()).status is Status.PARTIAL


def test_an_update_a_correction_and_a_retraction(page: StatusPage, lead: Client) -> None:
    part = make_component(page, now=utc_now() - HOUR)
    post = make_post(page, {part: Status.MAJOR}, now=utc_now() - HOUR)
    home = f"/status-pages/{page.pk}/posts/{post.pk}/"
    lead.post(home, {"text": "Better.", "state": "monitoring", f"status_{part.pk}": "degraded"})
    found = queries.post(page.pk, post.pk)
    assert found.updates[0].text == "Better."
    correction = f"{home}updates/{found.updates[0].id}/"
    assert "Better." in lead.get(correction).content.decode()
    lead.post(correction, {"text": "A bit better.", "state": "monitoring"})
    assert "Earlier words" in lead.get(home).content.decode()
    lead.post(f"{home}retract/", {"reason": "It was a test."})
    assert "It was a test." in lead.get(home).content.decode()


def test_an_empty_update_is_refused_with_words(page: StatusPage, lead: Client) -> None:
    post = make_post(page, now=utc_now())
    answer = lead.post(f"/status-pages/{page.pk}/posts/{post.pk}/", {"state": "monitoring"})
    assert answer.status_code == 422
    assert post.updates.count() == 1


def test_maintenance_through_its_pages(page: StatusPage, lead: Client) -> None:
    part = make_component(page, now=utc_now() - HOUR)
    starts = utc_now() + HOUR
    said = {
        "title": "New disks",
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
        "ends_at": f"{starts + HOUR:%Y-%m-%dT%H:%M}",
        "component_ids": [part.pk],
        "notify": "on",
    }
    home = lead.post(f"/status-pages/{page.pk}/maintenance/new/", said)["Location"]
    lead.post(f"{home}edit/", {**said, "title": "Newer disks"})
    lead.post(f"{home}step/", {"state": "in_progress", "text": "Here we go."})
    lead.post(f"{home}step/", {"state": "", "text": "Half done."})
    lead.post(f"{home}step/", {"state": "completed"})
    work_id = int(home.rstrip("/").rpartition("/")[2])
    found = queries.work(page.pk, work_id)
    assert (found.title, found.state) == ("Newer disks", WorkState.COMPLETED)
    assert "Half done." in lead.get(home).content.decode()
    refused = lead.post(f"{home}step/", {"state": "in_progress"})
    assert refused.status_code == 409


def test_components_move_and_go(page: StatusPage, lead: Client) -> None:
    first, second = (make_component(page, name, now=utc_now()) for name in ("One", "Two"))
    address = f"/status-pages/{page.pk}/components/{second.pk}/"
    lead.post(f"{address}move/", {"direction": "up"})
    lead.post(f"{address}move/", {"direction": "up"})  # it is the first already
    assert [part.name for part in queries.parts(page.pk, now=utc_now())] == ["Two", "One"]
    lead.post(f"/status-pages/{page.pk}/components/{first.pk}/remove/")
    assert [part.name for part in queries.parts(page.pk, now=utc_now())] == ["Two"]


def test_lists_cost_the_same_for_one_and_three(django_assert_num_queries: Any) -> None:
    client = signed_in(make_user(role="admin"))
    client.get("/status-pages/")
    page = make_page(now=utc_now())
    for _ in range(2):
        part = make_component(page, now=utc_now())
        make_post(page, {part: Status.MAJOR}, now=utc_now())
        make_work(page, part, starts_at=utc_now() + HOUR, ends_at=utc_now() + 2 * HOUR)
        with django_assert_num_queries(6):
            client.get("/status-pages/")
        with django_assert_num_queries(8):
            client.get(f"/status-pages/{page.pk}/posts/")
        with django_assert_num_queries(8):
            client.get(f"/status-pages/{page.pk}/maintenance/")
        make_page(now=utc_now())
