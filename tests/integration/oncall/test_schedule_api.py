import csv
import io
from datetime import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_team, make_user, signed_in
from tests.factories.notifications import make_contact_method
from tests.factories.oncall import make_rota

from evenfall.identity.models import Team, User

pytestmark = pytest.mark.django_db

MARCH = {"from": "2026-03-03T00:00:00Z", "until": "2026-03-17T00:00:00Z"}


@pytest.fixture
def ada() -> User:
    user = make_user("Ada", email="ada@example.org", role="observer")
    make_contact_method(user, address="ada.phone@example.org")
    make_contact_method(user, kind="webpush", address="https://push.example.org/device")
    return user


@pytest.fixture
def ben() -> User:
    return make_user("Ben", email="ben@example.org", role="observer")


@pytest.fixture
def team(ada: User, ben: User) -> Team:
    return make_team(members=[ada, ben])


@pytest.fixture
def rota_id(ada: User, ben: User, team: Team) -> int:
    return make_rota(ada, ben, team=team)


def asked(client: Client, **query: str | int) -> list[dict[str, object]]:
    answer = client.get("/api/v1/oncall/schedule", {**MARCH, **query})
    assert answer.status_code == 200, answer.content
    items: list[dict[str, object]] = answer.json()["items"]
    return items


def test_schedule_tells_who_is_on_call_from_until_with_contacts(rota_id: int, ada: User) -> None:
    items = asked(signed_in(ada))
    assert [(one["name"], one["starts_at"], one["ends_at"]) for one in items] == [
        ("Ada", "2026-03-03T00:00:00Z", "2026-03-09T08:00:00Z"),
        ("Ben", "2026-03-09T08:00:00Z", "2026-03-16T08:00:00Z"),
        ("Ada", "2026-03-16T08:00:00Z", "2026-03-17T00:00:00Z"),
    ]
    assert items[0]["email"] == "ada@example.org"
    assert items[0]["contacts"] == [{"kind": "email", "address": "ada.phone@example.org"}]


def test_schedule_keeps_contacts_from_who_does_not_respond_there(rota_id: int) -> None:
    items = asked(signed_in(make_user(role="stakeholder")))
    assert {(one["email"], one["contacts"]) for one in items} == {(None, None)}


def test_schedule_is_narrowed_by_rota_team_and_person(
    rota_id: int, ada: User, ben: User, team: Team
) -> None:
    shop = make_team("Shop")
    make_rota(ben, team=shop, name="Shop")
    client = signed_in(ada)
    assert len(asked(client)) == 6
    assert {one["name"] for one in asked(client, user_id=ben.id)} == {"Ben"}
    assert len(asked(client, rota_id=rota_id)) == 3
    assert len(asked(client, team_id=shop.id)) == 3
    assert asked(client, rota_id=rota_id, team_id=shop.id) == []


@pytest.mark.parametrize("by_accept", [True, False])
def test_schedule_is_given_as_csv(rota_id: int, ada: User, by_accept: bool) -> None:
    address = "/api/v1/oncall/schedule" if by_accept else "/api/v1/oncall/schedule.csv"
    answer = signed_in(ada).get(address, MARCH, headers={"Accept": "text/csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["name"] for row in rows] == ["Ada", "Ben", "Ada"]
    assert rows[0]["contacts"] == "ada.phone@example.org"
    assert datetime.fromisoformat(rows[0]["starts_at"]).tzinfo is not None


def test_schedule_without_times_is_that_of_the_coming_week(rota_id: int, ada: User) -> None:
    told = signed_in(ada).get("/api/v1/oncall/schedule").json()
    start, end = (datetime.fromisoformat(told[name]) for name in ("starts_at", "ends_at"))
    assert (end - start).days == 7


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"until": "2027-03-17T00:00:00Z"}, 422, "oncall.stretch_too_long"),
        ({"until": "2026-03-01T00:00:00Z"}, 422, "oncall.stretch_too_long"),
        ({"from": "1066-10-14T00:00:00Z"}, 422, "oncall.stretch_too_long"),
        ({"rota_id": "987654"}, 404, "oncall.rota_not_found"),
    ],
)
def test_schedule_says_what_is_wrong_with_a_question(
    rota_id: int, ada: User, query: dict[str, str], status: int, code: str
) -> None:
    make_rota(ada, name="Shop")
    answer = signed_in(ada).get("/api/v1/oncall/schedule", {**MARCH, **query})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_schedule_of_one_rota_may_be_longer(rota_id: int, ada: User) -> None:
    assert len(asked(signed_in(ada), rota_id=rota_id, until="2027-03-17T00:00:00Z")) > 50


@pytest.mark.parametrize("count", [1, 3])
def test_schedule_asks_the_same_number_of_questions_for_any_number_of_rotas(
    count: int, django_assert_num_queries: DjangoAssertNumQueries, ada: User, team: Team
) -> None:
    for number in range(count):
        make_rota(ada, team=team, name=f"Rota {number}")
    client = signed_in(ada)
    with django_assert_num_queries(7):
        asked(client)


def test_current_on_call_comes_with_contacts_for_responders_only(rota_id: int, ada: User) -> None:
    address, query = "/api/v1/oncall", {"at": "2026-03-03T00:00:00Z"}
    (mine,) = signed_in(ada).get(address, query).json()["items"]
    assert mine["primary"]["email"] == "ada@example.org"
    assert mine["primary"]["contacts"][0]["address"] == "ada.phone@example.org"
    (theirs,) = signed_in(make_user(role="observer")).get(address, query).json()["items"]
    assert theirs["primary"]["email"] is None
