"""Prepared posts when two come at once: one row, one post, and nothing left that is past."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_team
from tests.factories.incidents import declare
from tests.factories.races import at_once
from tests.factories.statuspages import make_component, make_page, make_post

from evenfall.incidents import actions as incidents_actions
from evenfall.incidents.models import Incident
from evenfall.incidents.ports import Sev
from evenfall.statuspages import actions
from evenfall.statuspages.models import Post, Prepared, StatusPage

pytestmark = pytest.mark.django_db(transaction=True)
BY: dict[str, Any] = {"now": NOW + timedelta(minutes=1), "actor": "system"}


@pytest.fixture
def page() -> StatusPage:
    return make_page()


@pytest.fixture
def incident(page: StatusPage) -> Incident:
    team = make_team()
    service = make_service(team=team)
    make_component(page, service_ids=[service.id])
    return declare(severity=Sev.SEV1, service_id=service.id, team_id=team.id)


def follow(incident: Incident) -> None:
    actions.follow_incidents(incident_ids=[incident.pk], now=NOW)


def publish(row: Prepared) -> None:
    actions.publish_as_prepared(
        status_page_id=row.page_id, prepared_id=row.pk, next_update_at=None, **BY
    )


def test_two_who_prepare_at_once_prepare_one(incident: Incident) -> None:
    assert at_once(*[lambda: follow(incident)] * 3) == ["done"] * 3
    assert Prepared.objects.count() == 1


def test_the_database_knows_of_one_for_each_page_and_incident(
    page: StatusPage, incident: Incident
) -> None:
    follow(incident)
    with pytest.raises(IntegrityError, match="statuspages_prepared_once"), transaction.atomic():
        Prepared.objects.create(page=page, incident=incident, title="x", text="x", created_at=NOW)


def test_of_two_who_post_it_one_does(incident: Incident) -> None:
    follow(incident)
    row = Prepared.objects.get()
    came_to = at_once(lambda: publish(row), lambda: publish(row))
    assert came_to == ["done", "statuspages.already_settled"]
    assert Post.objects.count() == 1


def test_whoever_drops_it_and_whoever_posts_it_do_not_both_win(incident: Incident) -> None:
    follow(incident)
    row = Prepared.objects.get()

    def drop() -> None:
        actions.drop_prepared(
            status_page_id=row.page_id, prepared_id=row.pk, reason="Nothing.", **BY
        )

    assert at_once(drop, lambda: publish(row)) == ["done", "statuspages.already_settled"]
    row.refresh_from_db()
    assert Post.objects.count() == (1 if row.settled_how == "posted" else 0)


def test_by_hand_and_by_confirming_there_is_one_post(page: StatusPage, incident: Incident) -> None:
    follow(incident)
    row = Prepared.objects.get()
    came_to = at_once(lambda: publish(row), lambda: make_post(page, incident_id=incident.pk))
    assert came_to[0] in {"done", "statuspages.already_posted"}
    assert came_to.count("done") == 1
    row.refresh_from_db()
    assert Post.objects.count() == 1
    assert row.post_id == Post.objects.get().pk


@contextmanager
def held(page: StatusPage) -> Iterator[None]:
    """Somebody else changes the page meanwhile."""
    locked, over = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                StatusPage.objects.select_for_update().get(id=page.pk)
                locked.set()
                over.wait(20)
        finally:
            connection.close()

    holder = Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    try:
        yield
    finally:
        over.set()
        holder.join(20)


def test_an_incident_that_ends_while_one_waits_for_the_page_prepares_nothing(
    page: StatusPage, incident: Incident
) -> None:
    def run() -> None:
        try:
            follow(incident)
        finally:
            connection.close()

    late = Thread(target=run)
    with held(page):
        late.start()
        incidents_actions.resolve_incident(incident_id=incident.pk, user_id=None, **BY)
    late.join(20)
    assert not Prepared.objects.exists()
