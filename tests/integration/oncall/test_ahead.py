from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_team, make_user, signed_in
from tests.factories.notifications import make_contact_method
from tests.factories.oncall import make_rota

from evenfall.identity.models import Team, User
from evenfall.oncall import actions, errors, queries
from evenfall.oncall.models import Absence
from evenfall.oncall.ports import LieutenantKind, LieutenantRule
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    user = make_user("Ada", role="manager")
    make_contact_method(user)
    return user


@pytest.fixture
def ben() -> User:
    user = make_user("Ben", role="responder")
    make_contact_method(user)
    return user


@pytest.fixture
def team(ada: User, ben: User) -> Team:
    return make_team(members=[ada, ben])


def troubles(*rota_ids: int, now: datetime = NOW) -> list[tuple[str, str, str]]:
    shown = queries.rotas(rota_ids)
    return [
        (one.trouble.value, one.weight.value, one.person)
        for one in queries.troubles_ahead(shown, now=now)
    ]


def test_covered_rota_has_no_trouble(ada: User, ben: User, team: Team) -> None:
    rule = LieutenantRule(kind=LieutenantKind.NEXT)
    assert troubles(make_rota(ada, ben, team=team, lieutenant=rule)) == []


def test_empty_place_is_found_with_all_its_weeks(ada: User, team: Team) -> None:
    rota_id = make_rota(ada, None, team=team)
    (one,) = queries.troubles_ahead(queries.rotas([rota_id]), now=NOW)
    assert (one.trouble.value, one.more) == ("empty_shift", 2)
    assert one.starts == "2026-03-09T08:00:00Z"
    assert one.ends == "2026-03-16T08:00:00Z"


def test_absent_person_who_is_planned_is_found(ada: User, ben: User, team: Team) -> None:
    rota_id = make_rota(ada, ben, team=team)
    Absence.objects.create(
        user=ben,
        kind="holiday",
        source="hand",
        starts_at=NOW + timedelta(days=8),
        ends_at=NOW + timedelta(days=10),
        created_at=NOW,
        created_by="system",
    )
    assert troubles(rota_id) == [("absent", "critical", "Ben")]


def test_unreachable_person_and_missing_lieutenant_are_found(team: Team) -> None:
    rule = LieutenantRule(kind=LieutenantKind.NEXT)
    rota_id = make_rota(make_user("Cleo"), team=team, lieutenant=rule)
    assert troubles(rota_id) == [
        ("unreachable", "critical", "Cleo"),
        ("no_lieutenant", "warning", ""),
    ]


def test_person_in_two_rotas_is_found_from_either_of_them(ada: User, ben: User, team: Team) -> None:
    first = make_rota(ada, ben, team=team)
    second = make_rota(ada, team=make_team("Shop"), name="Shop")
    for rota_id in (first, second):
        assert troubles(rota_id) == [("two_rotas", "warning", "Ada")]


@pytest.mark.parametrize("count", [1, 3])
def test_troubles_need_the_same_number_of_questions_for_any_number_of_rotas(
    count: int, django_assert_num_queries: DjangoAssertNumQueries, ada: User, team: Team
) -> None:
    ids = [make_rota(ada, None, team=team, name=f"Rota {number}") for number in range(count)]
    shown = queries.rotas(ids)
    # whoever is on call by two at once is named
    names = 1 if count > 1 else 0
    with django_assert_num_queries(4 + names):
        queries.troubles_ahead(shown, now=NOW)
    with django_assert_num_queries(5 + names):
        queries.weeks_ahead(now=NOW)


def test_services_without_cover_are_told(ada: User, team: Team) -> None:
    covered, half, none = team, make_team("Half"), make_team("None")
    for one, name in ((covered, "Checkout"), (half, "Search"), (none, "Images")):
        make_service(team=one, name=name)
    make_rota(ada, team=covered)
    make_rota(ada, None, team=half, name="Half")
    told = {one.name: one.starts_at for one in queries.weeks_ahead(now=NOW).services}
    assert told == {"Images": None, "Search": datetime(2026, 3, 9, 8, 0, tzinfo=UTC)}


def test_service_is_covered_while_any_rota_of_its_team_is(ada: User, team: Team) -> None:
    make_service(team=team, name="Checkout")
    make_rota(ada, None, team=team)
    make_rota(None, ada, team=team, name="The other weeks")
    assert queries.weeks_ahead(now=NOW).services == []


def test_gaps_are_filled_with_one_person_and_nothing_is_taken(
    ada: User, ben: User, team: Team
) -> None:
    rota_id = make_rota(ada, None, team=team)
    made = actions.fill_gaps(rota_id=rota_id, user_id=ben.id, now=NOW, actor="system")
    assert len(made) == 3
    until = NOW + timedelta(weeks=6)
    assert queries.gaps(rota_id, starts_at=NOW, ends_at=until) == []
    spans = queries.final_schedule(rota_id, starts_at=NOW, ends_at=until)
    assert {span.user_id for span in spans} == {ada.id, ben.id}
    with pytest.raises(errors.NoGaps):
        actions.fill_gaps(rota_id=rota_id, user_id=ben.id, now=NOW, actor="system")


def test_form_shows_each_gap_before_it_fills_them(ada: User, ben: User, team: Team) -> None:
    rota_id = make_rota(ada, None, team=team, now=utc_now() - timedelta(weeks=3))
    client, address = signed_in(ada), reverse("oncall:fill_gaps", args=[rota_id])
    shown = client.get(address).content.decode()
    assert shown.count("the person above") >= 3
    assert shown.index(">Ben</option>") < shown.index(">Ada</option>"), "who carried least"
    answer = client.post(address, {"person": str(ben.id)})
    assert answer["Location"] == reverse("oncall:rota", args=[rota_id])
    assert b"No gaps" in client.get(address).content


def test_responder_may_fill_with_oneself_only(ada: User, ben: User, team: Team) -> None:
    rota_id = make_rota(ada, None, team=team, now=utc_now())
    client, address = signed_in(ben), reverse("oncall:fill_gaps", args=[rota_id])
    assert client.post(address, {"person": str(ada.id)}).status_code == 422
    api = f"/api/v1/rotas/{rota_id}/gaps/fill"
    refused = client.post(api, {"user_id": ada.id}, content_type="application/json")
    assert refused.status_code == 403
    filled = client.post(api, {"user_id": ben.id}, content_type="application/json")
    assert len(filled.json()["override_ids"]) >= 3


def test_page_offers_a_mend_for_each_trouble(ada: User, team: Team) -> None:
    rule = LieutenantRule(kind=LieutenantKind.NEXT)
    rota_id = make_rota(ada, None, team=team, now=utc_now(), lieutenant=rule)
    make_rota(make_user("Cleo"), team=team, name="Shop", now=utc_now())
    make_rota(ada, team=team, name="Ledger", now=utc_now())
    page = signed_in(ada).get(reverse("oncall:ahead")).content.decode()
    for words in (
        "A place in Payments is empty",
        f"/rotas/{rota_id}/gaps/fill/",
        "Payments has no lieutenant",
        "role=lieutenant",
        "Cleo cannot be reached",
        "Tell Cleo",
        "at once",
        "Find cover",
    ):
        assert words in page


def test_page_says_when_all_is_well(ada: User) -> None:
    assert b"All covered" in signed_in(ada).get(reverse("oncall:ahead")).content


def test_api_tells_troubles_and_services(ada: User, team: Team) -> None:
    make_service(team=make_team("None"), name="Images")
    make_rota(ada, None, team=team, now=utc_now())
    told = signed_in(ada).get("/api/v1/oncall/ahead").json()
    assert [one["trouble"] for one in told["troubles"]] == ["empty_shift"]
    assert len(told["troubles"][0]["times"]) >= 3
    assert [one["name"] for one in told["uncovered_services"]] == ["Images"]
    narrowed = signed_in(ada).get("/api/v1/oncall/ahead", {"team_id": team.id}).json()
    assert narrowed["uncovered_services"] == []
