"""Teams, people and services are read once by a look, and anew by everything else."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_team, make_user, signed_in

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import actions as identity_actions
from evenfall.identity import queries as identity_queries
from evenfall.platform.once import remembering

pytestmark = pytest.mark.django_db


def rename(team_id: int, name: str) -> None:
    identity_actions.change_team(
        team_id=team_id, name=name, description="", now=NOW, actor="system"
    )


def test_a_look_asks_once_for_each_kind(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ana, ben = make_user("Ana"), make_user("Ben", is_active=False)
    service = make_service("Shop", team=make_team("Payments"))
    with remembering(), django_assert_num_queries(4):
        assert [one.name for one in identity_queries.active_people()] == ["Ana"]
        assert identity_queries.names([ana.pk]) == {ana.pk: "Ana"}
        assert identity_queries.actor_names([f"user:{ana.pk}"]) == {f"user:{ana.pk}": "Ana"}
        assert identity_queries.names([ana.pk, ben.pk]) == {ana.pk: "Ana", ben.pk: "Ben"}
        assert [one.name for one in identity_queries.teams()] == ["Payments"]
        assert catalog_queries.service(service.pk).team_name == "Payments"
        assert list(catalog_queries.services([service.pk])) == [service.pk]


def test_who_changes_something_sees_it_at_once() -> None:
    team = make_team("Payments")
    with remembering():
        assert [one.name for one in identity_queries.teams([team.pk])] == ["Payments"]
        rename(team.pk, "Checkout")
        assert [one.name for one in identity_queries.teams([team.pk])] == ["Checkout"]


def test_the_next_look_and_what_runs_by_itself_read_again(client: Client) -> None:
    team = make_team("Payments")
    service = make_service("Shop", team=team)
    browser = signed_in(make_user("Ana"))
    address = f"/services/{service.slug}/"
    assert "Payments" in browser.get(address).content.decode()
    rename(team.pk, "Checkout")
    shown = browser.get(address).content.decode()
    assert "Checkout" in shown
    assert "Payments" not in shown
    assert [one.name for one in identity_queries.teams([team.pk])] == ["Checkout"]
    rename(team.pk, "Money")
    assert [one.name for one in identity_queries.teams([team.pk])] == ["Money"]
