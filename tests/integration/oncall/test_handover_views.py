import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_team, make_token, make_user, signed_in
from tests.factories.notifications import make_contact_method
from tests.factories.oncall import main_layer, make_rota

from evenfall.identity.models import Team, User
from evenfall.oncall import actions, queries
from evenfall.oncall.models import HandoverNote, NoticeWish
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user("Ada")


@pytest.fixture
def ben() -> User:
    return make_user("Ben")


@pytest.fixture
def team(ada: User, ben: User) -> Team:
    return make_team(members=[ada, ben])


@pytest.fixture
def rota_id(ada: User, ben: User, team: Team) -> int:
    """Ada has the running week, Ben the next one."""
    now = utc_now()
    monday = (now - timedelta(days=now.weekday())).date()
    layer = main_layer(ada, ben, starts_at=f"{monday - timedelta(weeks=2)} 00:00", zone="UTC")
    return make_rota(layers=[layer], team=team, now=now - timedelta(days=20))


def _text(client: Client, name: str, *args: object, **rest: Any) -> str:
    answer = client.get(reverse(f"oncall:{name}", args=args), **rest)
    assert answer.status_code == 200
    return answer.content.decode()


def _api(user: User, method: str, path: str, body: object = None) -> tuple[int, Any]:
    answer = Client().generic(
        method,
        f"/api/v1{path}",
        data="" if body is None else json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {make_token(user)}"},
    )
    return answer.status_code, answer.json()


def test_a_note_is_left_rewritten_and_taken_back(rota_id: int, ada: User) -> None:
    client, url = signed_in(ada), reverse("oncall:handover", args=[rota_id])
    assert "Ada hands over to Ben." in _text(client, "handover", rota_id)
    assert "No notes in the last two weeks." in _text(client, "handover", rota_id)
    for text in ("Disk of db-2 fills.", "Disk of db-2 is <b>full</b>."):
        assert client.post(url, {"text": text}).status_code == 302
    page = _text(client, "handover", rota_id)
    assert "Disk of db-2 is &lt;b&gt;full&lt;/b&gt;." in page
    assert "fills" not in page
    client.post(url, {"text": ""})
    assert not HandoverNote.objects.exists()


def test_a_note_that_is_too_long_is_kept_in_the_form(rota_id: int, ada: User) -> None:
    url = reverse("oncall:handover", args=[rota_id])
    answer = signed_in(ada).post(url, {"text": "x" * 4001})
    assert answer.status_code == 422
    assert "at most 4000 characters" in answer.content.decode()


def test_only_responders_leave_notes(rota_id: int) -> None:
    observer = make_user("Olga", role="observer")
    assert "Your note" not in _text(signed_in(observer), "handover", rota_id)
    url = reverse("oncall:handover", args=[rota_id])
    assert signed_in(observer).post(url, {"text": "x"}).status_code == 403
    path = f"/rotas/{rota_id}/handover/note"
    assert _api(observer, "PUT", path, {"text": "x"})[0] == 403


def test_hand_over_over_the_api(rota_id: int, ada: User, ben: User) -> None:
    path = f"/rotas/{rota_id}/handover"
    status, written = _api(ada, "PUT", f"{path}/note", {"text": "Look at db-2 first."})
    assert status == 200
    status, read = _api(ben, "GET", path)
    assert (status, read) == (200, written)
    assert (read["leaver"]["name"], read["taker"]["name"]) == ("Ada", "Ben")
    assert read["happens_at"] == read["taker"]["starts_at"]
    assert [note["text"] for note in read["notes"]] == ["Look at db-2 first."]
    assert _api(ben, "GET", "/rotas/99999/handover")[1]["code"] == "oncall.rota_not_found"
    status, error = _api(ada, "PUT", f"{path}/note", {"text": "x" * 4001})
    assert (status, error["code"]) == (422, "oncall.handover_note_too_long")


def test_a_rota_without_anybody_has_a_hand_over_page(team: Team, ada: User) -> None:
    rota_id = make_rota(None, team=team, now=utc_now() - timedelta(days=1))
    assert "nobody follows" in _text(signed_in(ada), "handover", rota_id)


def test_wishes_are_kept_and_shown(rota_id: int, ben: User) -> None:
    actions.plan_notices(now=utc_now())
    client = signed_in(ben)
    assert "A shift comes" in _text(client, "notices") or "A shift begins" in _text(
        client, "notices"
    )
    answer = client.post(reverse("oncall:notices"), {"look_ahead": "week", "summary": "daily"})
    assert answer.status_code == 302
    wish = NoticeWish.objects.get(user=ben)
    assert (wish.look_ahead, wish.summary) == ("week", "daily")
    bad = client.post(reverse("oncall:notices"), {"look_ahead": "month"})
    assert bad.status_code == 422


def test_wishes_over_the_api(ben: User) -> None:
    assert _api(ben, "GET", "/oncall/notices") == (200, {"look_ahead": "day", "summary": None})
    wish = {"look_ahead": "off", "summary": "weekly"}
    assert _api(ben, "PUT", "/oncall/notices", wish) == (200, wish)
    assert _api(ben, "GET", "/oncall/notices") == (200, wish)
    assert _api(ben, "PUT", "/oncall/notices", {"look_ahead": "month"})[0] == 422


def test_readiness_names_who_cannot_be_reached_and_links_to_the_mending(
    rota_id: int, ada: User, ben: User
) -> None:
    make_contact_method(ada)
    make_contact_method(ben, is_verified=False, address="ben@example.org")
    page = _text(signed_in(ben), "readiness")
    assert "No verified contact method" in page
    assert "is not verified yet: ben@example.org." in page
    assert 'href="/profile/contact-methods/">Mend it' in page
    assert "Mend it" not in _text(signed_in(ada), "readiness")
    status, body = _api(ada, "GET", "/oncall/readiness")
    assert status == 200
    assert [(line["name"], line["is_ready"]) for line in body["items"]] == [
        ("Ben", False),
        ("Ada", True),
    ]
    assert body["items"][0]["lacks"][0]["lack"] == "no_method"


def test_readiness_of_my_teams_only(rota_id: int, ada: User, team: Team) -> None:
    stranger, other = make_user("Cy"), make_team("Search")
    make_rota(stranger, team=other, now=utc_now() - timedelta(days=1))
    assert "Cy" in _text(signed_in(ada), "readiness")
    page = signed_in(ada).get(reverse("oncall:readiness"), {"mine": "1"}).content.decode()
    assert "Cy" not in page
    found = _api(ada, "GET", f"/oncall/readiness?team_id={other.id}")[1]["items"]
    assert [line["name"] for line in found] == ["Cy"]


def test_readiness_says_when_nobody_is_on_call(ada: User) -> None:
    assert "Nobody is on call" in _text(signed_in(ada), "readiness")


@pytest.mark.parametrize("people", [1, 3])
def test_readiness_asks_as_often_for_three_as_for_one(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now = utc_now()
    for number in range(people):
        user = make_user(f"P{number}")
        make_contact_method(user)
        make_rota(user, name=f"R{number}", now=now - timedelta(days=1))
    with django_assert_num_queries(QUERIES):
        found = queries.readiness(now=now)
    assert len(found) == people


QUERIES = 10
