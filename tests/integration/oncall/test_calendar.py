from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_team, make_user, signed_in
from tests.factories.notifications import make_contact_method
from tests.factories.oncall import main_layer, make_override, make_rota

from evenfall.identity.models import Team, User
from evenfall.oncall.ports import LieutenantKind, LieutenantRule, Role
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user("Ada", role="manager")


@pytest.fixture
def ben() -> User:
    return make_user("Ben", role="responder", time_zone="Asia/Tokyo")


@pytest.fixture
def team(ada: User, ben: User) -> Team:
    return make_team(members=[ada, ben])


@pytest.fixture
def rota_id(ada: User, ben: User, team: Team) -> int:
    """Ada has the week from 2 March 2026, Ben the next one, in Berlin."""
    return make_rota(ada, ben, team=team, lieutenant=LieutenantRule(kind=LieutenantKind.NEXT))


def page(
    client: Client, name: str = "calendar", *args: object, query: Any = None, **rest: Any
) -> str:
    answer = client.get(reverse(f"oncall:{name}", args=args), query_params=query, **rest)
    assert answer.status_code == 200
    return answer.content.decode()


def march(client: Client, **query: str) -> str:
    return page(client, query={"on": "2026-03-10", **query})


def test_calendar_shows_the_month_with_everybody_and_their_times(rota_id: int, ada: User) -> None:
    shown = march(signed_in(ada))
    assert "March 2026" in shown
    assert 'aria-label="Payments: Ada on call, Mon 2 Mar 12:00 to Mon 9 Mar 08:00"' in shown
    assert "Payments: Ben lieutenant" in shown


def test_calendar_tells_its_zone_and_changes_it(rota_id: int, ben: User) -> None:
    client = signed_in(ben)
    assert "<strong>Asia/Tokyo (UTC+09:00)</strong>" in march(client)
    assert "Mon 9 Mar 17:00" in march(client)
    there = march(client, zone="rota")
    assert "<strong>Europe/Berlin (UTC+01:00, UTC+02:00 from Sun 29 Mar)</strong>" in there
    assert "Mon 9 Mar 09:00" in there
    assert "<strong>UTC (UTC+00:00)</strong>" in march(client, zone="utc")


def test_calendar_gives_htmx_the_part_only(rota_id: int, ada: User) -> None:
    part = page(signed_in(ada), headers={"HX-Request": "true", "HX-Target": "calendar"})
    assert "<html" not in part
    assert 'id="calendar"' in part


def test_calendar_of_a_person_shows_no_duty_of_others(rota_id: int, ada: User, ben: User) -> None:
    shown = march(signed_in(ada), person=str(ben.id))
    assert "Payments: Ben on call" in shown
    assert "Payments: Ada on call" not in shown


def test_calendar_of_one_rota_hides_the_others(rota_id: int, ada: User, team: Team) -> None:
    make_rota(ada, team=team, name="Ledger")
    shown = march(signed_in(ada), rota=str(rota_id))
    assert "Payments: Ada on call" in shown
    assert "Ledger: Ada" not in shown
    assert "Ledger: Ada" in march(signed_in(ada), team=str(team.id))


def test_calendar_shows_ones_own_teams_first_and_all_when_asked(rota_id: int, ada: User) -> None:
    make_rota(ada, team=make_team("Storefront"), name="Shop")
    assert "Shop: Ada" not in march(signed_in(ada))
    assert "Shop: Ada" in march(signed_in(ada), all="1")


@pytest.mark.parametrize(
    "query",
    [
        {"on": "yesterday", "view": "year", "zone": "Mars", "rota": "-1"},
        {"on": "0001-01-01"},
        {"on": "9999-12-31", "view": "week"},
        {"rota": "9" * 30, "person": "٣"},
    ],
)
def test_calendar_takes_nonsense_for_the_usual_page(
    rota_id: int, ada: User, query: dict[str, str]
) -> None:
    assert 'id="calendar"' in page(signed_in(ada), query=query)


def test_calendar_of_the_week_can_be_dragged_over_by_who_may_respond(
    rota_id: int, ada: User
) -> None:
    shown = march(signed_in(ada), view="week")
    assert f'data-drag="/rotas/{rota_id}/overrides/new/"' in shown
    observer = march(signed_in(make_user(role="observer")), view="week")
    assert "data-drag" not in observer


def test_calendar_marks_a_gap_and_says_why(ada: User, team: Team) -> None:
    make_rota(ada, None, team=team)
    shown = march(signed_in(ada))
    assert "Payments: Nobody on call, Mon 9 Mar 08:00 to Mon 16 Mar 08:00" in shown


@pytest.mark.parametrize("count", [1, 3])
def test_calendar_asks_the_same_number_of_questions_for_any_number_of_rotas(
    count: int, django_assert_num_queries: DjangoAssertNumQueries, ada: User, team: Team
) -> None:
    for number in range(count):
        make_rota(ada, team=team, name=f"Rota {number}")
    client = signed_in(ada)
    march(client)
    with django_assert_num_queries(13):
        march(client)


def test_duty_says_who_when_why_and_how_to_reach_them(rota_id: int, ada: User, ben: User) -> None:
    make_contact_method(ada, address="ada.phone@example.org")
    make_contact_method(ada, kind="webhook", address="https://hooks.example.org/secret")
    query = {"role": "primary", "at": "2026-03-03T00:00:00Z"}
    shown = page(signed_in(ben), "duty", rota_id, query=query)
    assert "Turn in layer Main, shift from Mon 2026-03-02 09:00 Europe/Berlin." in shown
    assert "Mon 2 Mar 13:00 to Mon 9 Mar 09:00 in Europe/Berlin" in shown
    assert "ada.phone@example.org" in shown
    assert "hooks.example.org" not in shown


def test_duty_hides_contacts_from_who_may_only_look(rota_id: int, ada: User) -> None:
    make_contact_method(ada, address="ada.phone@example.org")
    query = {"at": "2026-03-03T00:00:00Z"}
    shown = page(signed_in(make_user(role="observer")), "duty", rota_id, query=query)
    assert "ada.phone@example.org" not in shown
    assert "Change this time" not in shown


def test_duty_of_a_coming_shift_leads_to_the_override_form(rota_id: int, ada: User) -> None:
    at = (utc_now() + timedelta(days=30)).isoformat()
    shown = page(signed_in(ada), "duty", rota_id, query={"at": at})
    assert f"/rotas/{rota_id}/overrides/new/?starts=" in shown


def test_duty_that_is_none_is_not_found(rota_id: int, ada: User) -> None:
    client = signed_in(ada)
    for query in ({}, {"at": "soon"}, {"at": "2025-01-01T00:00:00Z", "role": "lieutenant"}):
        assert client.get(reverse("oncall:duty", args=[rota_id]), query).status_code == 404


def test_override_form_is_filled_in_from_the_address(rota_id: int, ada: User) -> None:
    query = {"starts": "2030-05-01T08:00:00Z", "ends": "2030-05-01T12:00:00Z", "kind": "add"}
    shown = page(signed_in(ada), "new_override", rota_id, query=query)
    assert 'value="2030-05-01T08:00"' in shown
    assert 'value="2030-05-01T12:00"' in shown
    assert '<option value="add" selected>' in shown


def test_now_shows_contacts_to_responders_and_my_next_shifts(
    ada: User, ben: User, team: Team
) -> None:
    now = utc_now()
    monday = (now - timedelta(days=now.weekday())).date()
    layer = main_layer(ada, ben, starts_at=f"{monday} 00:00", zone="UTC")
    rota_id = make_rota(layers=[layer], team=team, now=now - timedelta(days=8))
    make_override(rota_id, ben, role=Role.LIEUTENANT, starts_at=now, now=now)
    make_contact_method(ada, address="ada.phone@example.org")
    shown = page(signed_in(ben), "now")
    assert "ada.phone@example.org" in shown
    assert "Payments, lieutenant" in shown
    looking = page(signed_in(make_user(role="observer")), "now")
    assert "ada.phone@example.org" not in looking
