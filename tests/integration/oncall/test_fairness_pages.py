from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_team, make_user, signed_in
from tests.factories.oncall import main_layer, make_override, make_rota

from evenfall.identity.models import Team, User
from evenfall.oncall import queries
from evenfall.oncall.models import AppliedProposal, ReliefOffer
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[User]:
    return [make_user(name) for name in ("Ada", "Ben", "Cem", "Dan")]


@pytest.fixture
def lead() -> User:
    return make_user("Lea", role="observer")


@pytest.fixture
def team(people: list[User], lead: User) -> Team:
    return make_team(members=people, leads=[lead])


@pytest.fixture
def rota_id(people: list[User], team: Team) -> int:
    """Four weeks old; Ada took over from the others again and again."""
    now = utc_now()
    monday = (now - timedelta(days=now.weekday())).date()
    layer = main_layer(*people, starts_at=f"{monday - timedelta(weeks=8)} 00:00", zone="UTC")
    then = now - timedelta(weeks=8)
    rota_id = make_rota(layers=[layer], team=team, now=then)
    for week in (1, 2, 3):
        starts_at = then + timedelta(weeks=week)
        make_override(rota_id, people[0], starts_at=starts_at, hours=160, now=then)
    return rota_id


def _get(user: User, name: str, *args: object, query: str = "") -> str:
    answer = signed_in(user).get(reverse(f"oncall:{name}", args=args) + query)
    assert answer.status_code == 200, answer.content
    return str(answer.content.decode())


def test_loads_of_a_team_are_shown_with_indices(
    team: Team, people: list[User], rota_id: int
) -> None:
    assert rota_id
    text = _get(people[0], "fairness", team.id, query="?weeks=12")
    assert "How even it is" in text
    assert "Pages by chance alone" in text
    for person in people:
        assert person.name in text
    assert text.count('class="load-bar"') == 4


def test_a_team_without_rotas_has_no_loads_yet(team: Team, people: list[User]) -> None:
    assert "Nobody was on call" in _get(people[0], "fairness", team.id)


def test_fewer_than_four_people_get_no_index() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    team = make_team(members=[ada, ben])
    make_rota(team=team, layers=[main_layer(ada, ben)], now=utc_now() - timedelta(weeks=4))
    text = _get(ada, "fairness", team.id)
    assert "an index says nothing" in text
    assert "How even it is" not in text


def test_loads_are_for_those_who_respond_in_the_team(team: Team) -> None:
    for name in ("fairness", "fairness_csv"):
        url = reverse(f"oncall:{name}", args=[team.id])
        for role in ("observer", "stakeholder"):
            assert signed_in(make_user("Out", role=role)).get(url).status_code == 403
        assert Client().get(url).status_code == 302


def test_a_strange_window_is_refused_and_says_which_there_are(
    team: Team, people: list[User]
) -> None:
    url = reverse("oncall:fairness", args=[team.id])
    answer = signed_in(people[0]).get(f"{url}?weeks=7")
    assert answer.status_code == 422
    assert "4, 12, 52" in answer.content.decode()
    assert signed_in(people[0]).get(f"{url}?weeks=x").status_code == 200


def test_the_table_is_there_as_csv(team: Team, people: list[User], rota_id: int) -> None:
    assert rota_id
    lines = _get(people[0], "fairness_csv", team.id, query="?weeks=4").splitlines()
    assert lines[0].startswith("person_id,name,share")
    assert len(lines) == 5


def test_a_person_sees_the_weeks_and_changes_the_own_profile(
    team: Team, people: list[User], rota_id: int
) -> None:
    assert rota_id
    ada, ben = people[:2]
    text = _get(ada, "fairness_person", team.id, ada.id, query="?weeks=4")
    assert text.count('class="load-bar"') == 4
    url = reverse("oncall:work_profile", args=[team.id, ada.id])
    answer = signed_in(ada).post(url, {"place": "DE/BY", "percent": "80"})
    assert answer.status_code == 302
    profile = queries.work_profiles([ada.id])[ada.id]
    assert (profile.country, profile.region, profile.percent) == ("DE", "BY", 80)
    assert signed_in(ben).post(url, {"place": "", "percent": "1"}).status_code == 403
    signed_in(ada).post(url, {"place": "DE/XX", "percent": "80"})
    assert queries.work_profiles([ada.id])[ada.id].region == "BY"


def test_a_manager_changes_profiles_of_the_own_team_only(
    team: Team, people: list[User], lead: User
) -> None:
    outsider = make_user("Out")
    for user, status in ((people[0], 302), (outsider, 404)):
        url = reverse("oncall:work_profile", args=[team.id, user.id])
        answer = signed_in(lead).post(url, {"place": "", "percent": "50"})
        assert answer.status_code == status
    assert queries.work_profiles([outsider.id])[outsider.id].percent == 100


def test_somebody_of_another_team_has_no_page_here(team: Team, people: list[User]) -> None:
    url = reverse("oncall:fairness_person", args=[team.id, make_user("Out").id])
    assert signed_in(people[0]).get(url).status_code == 404


def test_a_manager_says_what_counts(team: Team, people: list[User], lead: User) -> None:
    url = reverse("oncall:load_weights", args=[team.id])
    assert signed_in(people[0]).get(url).status_code == 403
    filled = {
        "standby_hour": "1",
        "lieutenant_hour": "0.5",
        "night_hour": "2",
        "weekend_hour": "3",
        "holiday_hour": "5",
        "page": "30",
        "night_page": "40",
        "active_minute": "0.5",
        "night_starts": "23:00",
        "night_ends": "06:30",
    }
    assert signed_in(lead).post(url, {**filled, "page": "-1"}).status_code == 422
    assert signed_in(lead).post(url, filled).status_code == 302
    weights = queries.load_weights(team.id).weights
    assert (weights.page, weights.night_starts, weights.night_ends) == (30, 1380, 390)


def test_the_planner_proposes_and_a_manager_applies_and_takes_back(
    people: list[User], lead: User, rota_id: int
) -> None:
    text = _get(people[0], "planner", rota_id)
    assert "A manager of the team can apply it." in text
    found = queries.plan_proposal(rota_id, weeks=8, now=utc_now())
    body = {"weeks": "8", "fingerprint": found.fingerprint}
    url = reverse("oncall:apply_proposal", args=[rota_id])
    assert signed_in(people[0]).post(url, body).status_code == 403
    assert signed_in(lead).post(url, {**body, "fingerprint": "old"}).status_code == 409
    assert signed_in(lead).post(url, body).status_code == 302
    assert "Nothing to change" in _get(lead, "planner", rota_id)
    row = AppliedProposal.objects.get()
    undo = reverse("oncall:undo_proposal", args=[rota_id, row.id])
    assert signed_in(people[0]).post(undo).status_code == 403
    assert signed_in(lead).post(undo).status_code == 302
    assert signed_in(lead).post(undo).status_code == 409


def test_the_planner_names_what_blocks_a_shift(lead: User) -> None:
    ada = make_user("Ada")
    team = make_team(members=[ada], leads=[lead])
    rota_id = make_rota(team=team, layers=[main_layer(ada)], now=utc_now())
    assert "would have two shifts one after the other" in _get(lead, "planner", rota_id)


def test_whoever_was_asked_takes_the_pager_with_one_button(
    people: list[User], rota_id: int
) -> None:
    now = utc_now()
    found = queries.on_call_at([rota_id], at=now)[rota_id]
    assert found.primary is not None
    busy = next(one for one in people if one.id == found.primary.user_id)
    second = next(one for one in people if one.id != busy.id)
    offer = ReliefOffer.objects.create(
        rota_id=rota_id,
        user=busy,
        lieutenant=second,
        reason="overload",
        why="3 pages of high urgency in twelve hours.",
        offered_at=now,
        expires_at=now + timedelta(hours=12),
    )
    assert "Take the pager" in _get(second, "relief", offer.id)
    assert "You stay on call" in _get(busy, "relief", offer.id)
    signed_in(second).post(reverse("oncall:take_pager", args=[rota_id]))
    assert "This is settled" in _get(second, "relief", offer.id)


def test_the_page_of_loads_asks_the_same_for_one_and_for_three_people(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for names in (("Ada",), ("Ben", "Cem", "Dan")):
        some = [make_user(name) for name in names]
        team = make_team(members=some)
        make_rota(team=team, layers=[main_layer(*some)], now=utc_now())
        client = signed_in(some[0])
        url = reverse("oncall:fairness", args=[team.id])
        client.get(url)
        with django_assert_num_queries(17):
            client.get(url)
