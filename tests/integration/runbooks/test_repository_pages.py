"""Git repositories on pages and over the API: what is shown, and to whom."""

import pytest
from django.test import Client
from tests.factories.identity import make_team, make_token, make_user, signed_in

from evenfall.identity.models import Team
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.runbooks.models import Repository

pytestmark = pytest.mark.django_db
PAGES = "/runbooks/import/git/"
ALL = "/api/v1/runbook-repositories"
URL = "https://git.example.org/ops/runbooks.git"
TOKEN = "s3cret-of-ops"


@pytest.fixture
def team() -> Team:
    return make_team("Core", slug="core")


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user("Max", "manager"))


@pytest.fixture
def client() -> Client:
    return bearer("Mia", "manager")


def bearer(name: str, role: str, *, leads: str = "") -> Client:
    person = make_user(name, role)
    if leads:
        make_team(leads, leads=(person,))
    token = make_token(person, scopes=tuple(Permission), now=utc_now())
    return Client(headers={"Authorization": f"Bearer {token}"})


def body(team: Team, **said: str | None) -> dict[str, object]:
    return {"name": "ops", "team_id": team.pk, "url": URL, "branch": "main", **said}


def test_a_repository_is_connected_changed_fetched_and_removed(team: Team, manager: Client) -> None:
    assert "There is no repository yet" in manager.get(PAGES).content.decode()
    assert manager.get(f"{PAGES}new/").status_code == 200
    made = manager.post(f"{PAGES}new/", body(team, user_name="ops", token=TOKEN))
    row = Repository.objects.get()
    one = f"{PAGES}{row.pk}/"
    assert made["Location"] == one
    shown = manager.get(one).content.decode()
    assert "not fetched yet" in shown
    assert TOKEN not in shown + manager.get(PAGES).content.decode()
    manager.post(one, body(team, path="docs"))
    row.refresh_from_db()
    assert (row.path, row.token) == ("docs", TOKEN)
    manager.post(one, body(team, forget="on"))
    row.refresh_from_db()
    assert row.token == ""
    assert manager.post(f"{one}fetch/")["Location"] == one
    assert manager.post(f"{one}remove/")["Location"] == PAGES
    assert not Repository.objects.exists()


def test_what_cannot_work_is_shown_at_its_field(team: Team, manager: Client) -> None:
    answer = manager.post(f"{PAGES}new/", body(team, url="http://git.example.org/a"))
    assert answer.status_code == 422
    assert "must begin with https://" in answer.content.decode()


def test_how_it_stands_is_shown(team: Team, manager: Client) -> None:
    manager.post(f"{PAGES}new/", body(team))
    step = {"step": "clash", "path": "a.md", "title": "A", "slug": "", "why": "Edited here too."}
    Repository.objects.update(commit="c0ffee", fetched_commit="c0ffee", report=[step])
    Repository.objects.update(fetched_at=utc_now())
    one = f"{PAGES}{Repository.objects.get().pk}/"
    shown = manager.get(one).content.decode()
    assert "Edited here too." in shown
    assert "Decide" in shown
    Repository.objects.update(error="There is no branch main.", failures=2, failed_at=utc_now())
    for address in (PAGES, one):
        shown = manager.get(address).content.decode()
        assert "There is no branch main." in shown
        assert "2 times in a row" in shown


def test_managers_of_other_teams_see_and_change_nothing(team: Team, manager: Client) -> None:
    manager.post(f"{PAGES}new/", body(team, token=TOKEN))
    number = Repository.objects.get().pk
    olga = make_user("Olga", "observer")
    zebra = make_team("Zebra", leads=(olga,))
    other = signed_in(olga)
    assert "git.example.org" not in other.get(PAGES).content.decode()
    for path in ("", "fetch/", "remove/"):
        assert other.post(f"{PAGES}{number}/{path}", body(zebra)).status_code == 403
    assert other.post(f"{PAGES}new/", body(team, name="mine")).status_code == 422
    assert Repository.objects.count() == 1


def test_a_repository_lives_over_the_api(team: Team, client: Client) -> None:
    made = client.post(ALL, body(team, token=TOKEN), "application/json")
    assert made.status_code == 201
    found = made.json()
    assert (found["kind"], found["state"], found["has_token"]) == ("git", "waiting", True)
    one = f"{ALL}/{found['id']}"
    changed = client.put(one, body(team, branch="stable"), "application/json").json()
    assert (changed["branch"], changed["has_token"]) == ("stable", True)
    changed = client.put(one, body(team, token=""), "application/json").json()
    assert not changed["has_token"]
    assert client.post(f"{one}/fetch").status_code == 202
    assert [line["name"] for line in client.get(ALL).json()["items"]] == ["ops"]
    assert client.get(one).json()["counts"] == {"added": 0, "changed": 0, "clash": 0, "removed": 0}
    refused = client.post(ALL, body(team, name="x", branch="a b"), "application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "runbooks.repository_unclear")
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404


def test_a_repository_cannot_be_given_to_a_team_that_one_does_not_manage(
    team: Team, client: Client
) -> None:
    number = client.post(ALL, body(team), "application/json").json()["id"]
    other = bearer("Olga", "observer", leads="Zebra")
    assert other.get(ALL).json() == {"items": []}
    zebra = Team.objects.get(name="Zebra")
    assert other.get(f"{ALL}/{number}").status_code == 403
    assert other.put(f"{ALL}/{number}", body(zebra), "application/json").status_code == 403
    mine = other.post(ALL, body(zebra, name="mine"), "application/json").json()["id"]
    assert other.put(f"{ALL}/{mine}", body(team), "application/json").status_code == 403
