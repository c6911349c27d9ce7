import csv
import io
import json

import pytest
from django.test import Client
from tests.factories.identity import make_invitation, make_team, make_token, make_user, signed_in

from evenfall.identity import actions, queries
from evenfall.identity.models import User
from evenfall.platform import journal
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
def test_people_takes_the_same_queries_however_many(
    count: int, django_assert_num_queries: object
) -> None:
    viewer = make_user(name="Zoe")
    browser = signed_in(viewer)
    for number in range(count):
        make_user(name=f"Person {number}")
    with django_assert_num_queries(5):  # type: ignore[operator]  # pytest-django's fixture
        answer = browser.get("/people/")
    assert len(answer.context["people"]) == count + 1


def test_people_can_be_filtered_by_address() -> None:
    make_user(name="Grace", email="grace@example.org")
    answer = signed_in(make_user(name="Ada")).get("/people/?q=GRACE@")
    assert [person.name for person in answer.context["people"]] == ["Grace"]


def test_people_shows_invitations_to_administrators_only() -> None:
    admin = make_user(role="admin")
    make_invitation(admin, email="hidden@example.org", now=utc_now())
    assert b"hidden@example.org" in signed_in(admin).get("/people/").content
    assert b"hidden@example.org" not in signed_in(make_user()).get("/people/").content


def test_people_export_disarms_formulas() -> None:
    make_user(name="=HYPERLINK(1)")
    answer = signed_in(make_user(role="admin")).get("/people/export.csv")
    names = {row["name"] for row in csv.DictReader(io.StringIO(answer.content.decode()))}
    assert "'=HYPERLINK(1)" in names


def test_an_administrator_changes_roles_and_deactivates() -> None:
    browser, user = signed_in(make_user(role="admin")), make_user()
    browser.post(f"/people/{user.id}/role/", {"role": "manager"})
    browser.post(f"/people/{user.id}/deactivate/")
    person = queries.person(user.id)
    assert (person.role, person.is_active) == ("manager", False)
    assert b"is deactivated" in browser.get(f"/people/{user.id}/").content
    browser.post(f"/people/{user.id}/reactivate/")
    assert queries.person(user.id).is_active


def test_the_last_administrator_gets_told() -> None:
    admin = make_user(role="admin")
    answer = signed_in(admin).post(f"/people/{admin.id}/role/", {"role": "observer"})
    assert answer.status_code == 409
    assert b"last active administrator" in answer.content


def test_profile_saves_and_refuses() -> None:
    user = make_user()
    browser = signed_in(user)
    data = {"name": "Ada L.", "time_zone": "Asia/Tokyo", "language": "de"}
    assert browser.post("/profile/", data).status_code == 302
    person = queries.person(user.id)
    assert (person.name, person.time_zone, person.language) == ("Ada L.", "Asia/Tokyo", "de")
    assert browser.post("/profile/", {**data, "time_zone": "Nowhere"}).status_code == 422


def test_settings_save_with_before_and_after() -> None:
    browser = signed_in(make_user(role="admin"))
    data = {
        "site_name": "Night watch",
        "time_zone": "UTC",
        "language": "en",
        "invitation_days": "3",
        "token_days": "30",
    }
    assert browser.post("/settings/", data).status_code == 302
    assert queries.site().site_name == "Night watch"
    (entry,) = journal.entries(subject="settings:site")
    assert journal.changed_fields(entry.data["before"], entry.data["after"]) == {
        "site_name": ("Evenfall", "Night watch"),
        "invitation_days": (7, 3),
        "token_days": (365, 30),
    }
    assert browser.post("/settings/", {**data, "token_days": "0"}).status_code == 422


def change_a_role() -> tuple[User, User]:
    admin, user = make_user(name="Ada", role="admin"), make_user(name="Grace")
    actions.change_role(user_id=user.id, role="manager", now=utc_now(), actor=f"user:{admin.id}")
    return admin, user


def test_audit_shows_who_changed_what() -> None:
    admin, user = change_a_role()
    page = signed_in(admin).get("/audit/")
    (line,) = page.context["lines"]
    assert (line.actor_name, line.title) == ("Ada", "User changed")
    assert line.fields == (("role", "responder", "manager"),)
    assert line.subjects[0] == f"user:{user.id}"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("actor=system", 0),
        ("domain=identity", 1),
        ("subject=user:0", 0),
        ("since=2999-01-01", 0),
        ("until=2999-01-01", 1),
        ("since=nonsense", 1),
        ("before=nonsense", 1),
        ("before=1", 0),
    ],
)
def test_audit_can_be_filtered(query: str, count: int) -> None:
    admin, _ = change_a_role()
    assert len(signed_in(admin).get(f"/audit/?{query}").context["lines"]) == count


def test_audit_pages_by_key() -> None:
    admin, user = make_user(role="admin"), make_user()
    for number in range(51):
        actions.change_profile(
            user_id=user.id,
            name=f"Name {number}",
            time_zone="UTC",
            language="en",
            now=utc_now(),
            actor="system",
        )
    browser = signed_in(admin)
    first = browser.get("/audit/")
    assert len(first.context["lines"]) == 50
    second = browser.get(f"/audit/?before={first.context['following']}")
    assert [line.data["after"]["name"] for line in second.context["lines"]] == ["Name 0"]
    assert second.context["following"] is None


def test_audit_exports_as_csv_and_json_lines() -> None:
    admin, _ = change_a_role()
    browser = signed_in(admin)
    rows = b"".join(browser.get("/audit/export.csv")).decode()
    (row,) = csv.DictReader(io.StringIO(rows))
    assert (row["who"], json.loads(row["after"])) == ("Ada", {"role": "manager"})
    (line,) = b"".join(browser.get("/audit/export.jsonl")).splitlines()
    assert json.loads(line)["data"]["before"] == {"role": "responder"}


def test_the_api_reads_the_audit() -> None:
    admin, _ = change_a_role()
    headers = {"Authorization": f"Bearer {make_token(admin)}"}
    page = Client().get("/api/v1/audit?domain=identity", headers=headers).json()
    assert [one["kind"] for one in page["items"]] == ["identity.user_changed"]
    assert page["next"] is None


def test_the_api_knows_people_and_me() -> None:
    user = make_user(name="Ada")
    headers = {"Authorization": f"Bearer {make_token(user)}"}
    me = Client().get("/api/v1/me", headers=headers).json()
    assert me["person"]["name"] == "Ada"
    people = Client().get("/api/v1/people?q=ada", headers=headers).json()
    assert [one["id"] for one in people["items"]] == [user.id]
    missing = Client().get("/api/v1/people/0", headers=headers)
    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")


def test_the_api_invites() -> None:
    headers = {"Authorization": f"Bearer {make_token(make_user(role='admin'))}"}
    body = {"email": "grace@example.org", "role": "responder"}
    answer = Client().post("/api/v1/invitations", body, "application/json", headers=headers)
    assert answer.status_code == 201
    assert "/invite/" in answer.json()["link"]


@pytest.mark.parametrize("path", ["/people/{}/", "/api/v1/people/{}"])
def test_numbers_beyond_the_database_are_not_found(path: str) -> None:
    answer = signed_in(make_user()).get(path.format(10**30))
    assert answer.status_code == 404


def test_the_api_administers_people() -> None:
    user = make_user(role="responder")
    client = Client(headers={"Authorization": f"Bearer {make_token(make_user(role='admin'))}"})
    path, json_type = f"/api/v1/people/{user.id}", "application/json"
    assert client.put(f"{path}/role", {"role": "manager"}, json_type).json()["role"] == "manager"
    assert client.put(f"{path}/role", {"role": "king"}, json_type).status_code == 422
    assert client.post(f"{path}/deactivate").json()["is_active"] is False
    assert client.post(f"{path}/reactivate").json()["is_active"] is True
    assert client.post("/api/v1/teams", {"name": "Core"}, json_type).status_code == 201


def test_the_api_changes_me() -> None:
    client = Client(headers={"Authorization": f"Bearer {make_token(make_user())}"})
    body = {"name": "Ada L.", "time_zone": "Asia/Tokyo", "language": "de"}
    assert client.put("/api/v1/me", body, "application/json").json()["name"] == "Ada L."
    bad = client.put("/api/v1/me", {**body, "language": "xx"}, "application/json")
    assert bad.json()["field"] == "language"
    nameless = client.put("/api/v1/me", {**body, "name": " "}, "application/json")
    assert nameless.json()["code"] == "identity.name_missing"


def test_an_invitation_can_be_renewed_and_taken_back() -> None:
    admin = make_user(role="admin")
    invitation = make_invitation(admin, now=utc_now())
    browser = signed_in(admin)
    path = f"/people/invitations/{invitation.id}"
    assert browser.post(f"{path}/renew/")["Location"] == f"{path}/"
    assert browser.post(f"{path}/revoke/")["Location"] == "/people/"
    assert browser.get(f"{path}/").status_code == 404


def test_search_finds_people_and_teams() -> None:
    make_user(name="Grace")
    make_team("Grace notes", slug="notes")
    assert [person.name for person in queries.find_people("grace")] == ["Grace"]
    assert [team.slug for team in queries.find_teams("grace")] == ["notes"]
