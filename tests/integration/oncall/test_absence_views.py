from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_team, make_user, signed_in
from tests.factories.oncall import main_layer, make_rota

from evenfall.identity.models import Team, User
from evenfall.oncall import actions, queries
from evenfall.oncall.logic.away import Kind
from evenfall.oncall.models import Absence, CalendarFeed
from evenfall.oncall.ports import LieutenantKind, LieutenantRule
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user("Ada", role="stakeholder", time_zone="Europe/Berlin")


@pytest.fixture
def ben() -> User:
    return make_user("Ben", role="observer")


@pytest.fixture
def lea() -> User:
    return make_user("Lea", role="observer")


@pytest.fixture
def team(ada: User, ben: User, lea: User) -> Team:
    return make_team(members=[ada, ben], leads=[lea])


@pytest.fixture
def rota_id(ada: User, ben: User, lea: User, team: Team) -> int:
    """Ada has the running week, Ben is lieutenant."""
    now = utc_now()
    monday = (now - timedelta(days=now.weekday())).date()
    layer = main_layer(ada, ben, lea, starts_at=f"{monday - timedelta(weeks=3)} 00:00", zone="UTC")
    rule = LieutenantRule(kind=LieutenantKind.NEXT)
    return make_rota(layers=[layer], lieutenant=rule, team=team, now=now - timedelta(days=28))


def _absence(user: User, *, kind: Kind = Kind.SICK, note: str = "private note") -> int:
    now = utc_now()
    return actions.add_absence(
        user_id=user.id,
        kind=kind,
        starts_at=now + timedelta(days=1),
        ends_at=now + timedelta(days=2),
        note=note,
        now=now,
        actor="system",
    )


def _text(client: Client) -> str:
    return client.get(reverse("oncall:absences")).content.decode()


def _on_call(rota_id: int) -> int | None:
    found = queries.on_call_at([rota_id], at=utc_now())[rota_id].primary
    return found.user_id if found else None


def test_one_tap_says_ill_and_undo_takes_it_back(ada: User, ben: User, rota_id: int) -> None:
    client = signed_in(ada)
    answer = client.post(reverse("oncall:ill"), follow=True)
    text = answer.content.decode()
    assert "You are away" in text
    assert "Ben stands in for Payments" in text
    assert _on_call(rota_id) == ben.id
    absence_id = Absence.objects.get().id
    client.post(reverse("oncall:cancel_absence", args=[absence_id]))
    assert _on_call(rota_id) == ada.id
    assert "You are away" not in _text(client)


def test_why_and_note_are_read_by_the_person_and_their_manager_only(
    ada: User, ben: User, lea: User, team: Team
) -> None:
    _absence(ada)
    for reader, is_concerned in ((ada, True), (lea, True), (ben, False)):
        text = _text(signed_in(reader))
        assert ("private note" in text) is is_concerned
        assert (">Ill" in text or ": Ill" in text) is is_concerned
    assert "Ada: Away" in _text(signed_in(ben))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_one_as_for_three(
    ada: User,
    team: Team,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        _absence(ada)
    client = signed_in(ada)
    client.get(reverse("oncall:absences"))
    with django_assert_num_queries(QUERIES):
        client.get(reverse("oncall:absences"))


QUERIES = 10


def _filled(user: User, **rest: str) -> dict[str, str]:
    start = utc_now() + timedelta(days=1)
    return {
        "person": str(user.id),
        "kind": "holiday",
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "ends_at": f"{start + timedelta(days=3):%Y-%m-%dT%H:%M}",
        "note": "",
        **rest,
    }


def test_an_absence_is_entered_changed_and_cancelled(ada: User) -> None:
    client = signed_in(ada)
    assert client.get(reverse("oncall:new_absence")).status_code == 200
    client.post(reverse("oncall:new_absence"), _filled(ada))
    (one,) = queries.coming_absences([ada.id], now=utc_now())
    url = reverse("oncall:edit_absence", args=[one.id])
    assert client.get(url).status_code == 200
    client.post(url, _filled(ada, kind="training"))
    assert queries.absence(one.id).kind == "training"
    client.post(reverse("oncall:cancel_absence", args=[one.id]))
    assert queries.coming_absences([ada.id], now=utc_now()) == []


def test_an_absence_that_ends_before_it_starts_is_refused_in_the_form(ada: User) -> None:
    answer = signed_in(ada).post(
        reverse("oncall:new_absence"), _filled(ada, ends_at="2026-01-01T00:00")
    )
    assert answer.status_code == 422
    assert "ends after it starts" in answer.content.decode()


def test_a_lead_enters_absences_of_the_team_and_a_member_does_not(
    ada: User, ben: User, lea: User, team: Team
) -> None:
    assert signed_in(lea).post(reverse("oncall:new_absence"), _filled(ada)).status_code == 302
    assert signed_in(ben).post(reverse("oncall:new_absence"), _filled(ada)).status_code == 422
    absence_id = _absence(ada)
    url = reverse("oncall:cancel_absence", args=[absence_id])
    assert signed_in(ben).post(url).status_code == 403
    assert signed_in(ben).get(reverse("oncall:edit_absence", args=[absence_id])).status_code == 403


def _calendar(**rest: str) -> dict[str, Any]:
    return {
        "of": "me",
        "name": "Mine",
        "url": "https://calendar.example.org/secret.ics",
        "counts": "words",
        "words": "vacation, OOO",
        "kind": "holiday",
        **rest,
    }


def test_a_calendar_is_added_and_removed_and_its_address_is_not_shown(ada: User) -> None:
    client, url = signed_in(ada), reverse("oncall:new_absence_calendar")
    assert client.get(url).status_code == 200
    assert client.post(url, _calendar(url="nonsense")).status_code == 422
    client.post(url, _calendar())
    text = _text(client)
    assert "vacation, OOO" in text
    assert "secret.ics" not in text
    feed_id = CalendarFeed.objects.get().id
    remove = reverse("oncall:remove_absence_calendar", args=[feed_id])
    assert signed_in(make_user("Eve", role="observer")).post(remove).status_code == 403
    assert client.post(remove).status_code == 302
    assert "vacation, OOO" not in _text(client)


def test_a_team_calendar_needs_its_manager(ada: User, lea: User, team: Team) -> None:
    url = reverse("oncall:new_absence_calendar")
    assert signed_in(ada).post(url, _calendar(of=str(team.id))).status_code == 422
    assert signed_in(lea).post(url, _calendar(of=str(team.id))).status_code == 302


def test_the_pager_is_taken_for_hours_by_a_responder_only(
    ben: User, rota_id: int, team: Team
) -> None:
    url = reverse("oncall:take_pager", args=[rota_id])
    assert signed_in(ben).post(url, {"hours": "2"}).status_code == 302
    assert _on_call(rota_id) == ben.id
    stranger = make_user("Eve", role="observer")
    assert signed_in(stranger).post(url).status_code == 403
