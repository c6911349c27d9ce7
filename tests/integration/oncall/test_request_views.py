"""The pages of requests, as each of those concerned sees them."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_team, make_user, signed_in
from tests.factories.oncall import main_layer, make_rota

from evenfall.identity.models import Team, User
from evenfall.oncall import actions, forms, queries
from evenfall.oncall.logic.requests import RequestState, Way
from evenfall.oncall.ports import Role
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


@pytest.fixture
def ada() -> User:
    return make_user("Ada", role="manager")


@pytest.fixture
def ben() -> User:
    return make_user("Ben")


@pytest.fixture
def cat() -> User:
    return make_user("Cat")


@pytest.fixture
def team(ada: User, ben: User, cat: User) -> Team:
    return make_team(members=[ada, ben, cat])


@pytest.fixture
def monday() -> datetime:
    """The start of the running week."""
    now = utc_now()
    return (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.fixture
def rota_id(ada: User, ben: User, cat: User, team: Team, monday: datetime) -> int:
    """Ada has the running week, then Ben, then Cat."""
    layer = main_layer(ada, ben, cat, starts_at=f"{monday.date()} 00:00", zone="UTC")
    return make_rota(layers=[layer], team=team, now=monday)


@pytest.fixture
def request_id(rota_id: int, ben: User, cat: User, monday: datetime) -> int:
    """Ben asks Cat for his week."""
    return _ask(rota_id, ben, cat, monday)


def _ask(rota_id: int, ben: User, cat: User, monday: datetime) -> int:
    return actions.request_cover(
        rota_id=rota_id,
        asker_id=ben.id,
        shift_at=monday + WEEK,
        way=Way.PERSON,
        person_id=cat.id,
        note="wedding",
        now=utc_now(),
        actor=f"user:{ben.id}",
    )


def _shift(rota_id: int, user: User) -> str:
    shifts = queries.held_and_named(rota_id, now=utc_now())
    mine = [one for one in shifts if one.shift.user_id == user.id]
    return forms.key_of(next(one for one in mine if one.shift.role is Role.PRIMARY))


def _page(user: User, name: str, *args: object, query: str = "") -> str:
    answer = signed_in(user).get(reverse(f"oncall:{name}", args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def _post(user: User, name: str, *args: object, **data: object) -> int:
    return signed_in(user).post(reverse(f"oncall:{name}", args=args), data).status_code


def _state(request_id: int) -> RequestState:
    return queries.request(request_id).state


def test_the_list_shows_each_what_is_theirs(
    request_id: int, ada: User, ben: User, cat: User
) -> None:
    assert "Yours to answer" in _page(cat, "requests")
    assert "You asked" in _page(ben, "requests")
    assert "Your teams ask" in _page(ada, "requests")
    assert "Other teams ask" in _page(make_user("Dan"), "requests")
    assert "Ben asks for cover" in _page(ada, "requests")


def test_the_list_shows_what_was_agreed_and_what_is_history(
    request_id: int, rota_id: int, ben: User, cat: User, monday: datetime
) -> None:
    _post(cat, "accept_request", request_id)
    assert "Agreed and still to come" in _page(ben, "requests")
    _post(ben, "undo_request", request_id)
    _post(cat, "undo_request", request_id)
    page = _page(ben, "requests")
    assert ("History" in page, "Undone" in page) == (True, True)


def test_an_empty_list_says_what_it_is_for(ada: User) -> None:
    assert "Nobody asks for anything" in _page(ada, "requests")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_times(
    count: int,
    team: Team,
    ada: User,
    ben: User,
    cat: User,
    monday: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        layer = main_layer(ada, ben, cat, starts_at=f"{monday.date()} 00:00", zone="UTC")
        rota_id = make_rota(layers=[layer], team=team, name=f"Rota {number}", now=monday)
        actions.request_cover(
            rota_id=rota_id,
            asker_id=ben.id,
            shift_at=monday + WEEK,
            way=Way.PERSON,
            person_id=cat.id,
            insist=True,
            now=utc_now(),
            actor="system",
        )
    client = signed_in(cat)
    with django_assert_num_queries(10):
        client.get(reverse("oncall:requests"))


def test_the_form_starts_with_the_shift_that_the_address_names(
    rota_id: int, ben: User, monday: datetime
) -> None:
    starts = (monday + 4 * WEEK + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    page = _page(ben, "new_request", rota_id, query=f"?starts={starts}&role=primary")
    chosen = (monday + 4 * WEEK).isoformat()
    assert f'value="{rota_id} {ben.id} primary {chosen}" selected' in page
    assert "Ada, Mon" not in page.split('name="back"')[0]


@pytest.mark.parametrize("starts", ["x", "2026-13-45T00:00:00Z", "2026-01-01"])
def test_the_form_forgives_an_odd_address(rota_id: int, ben: User, starts: str) -> None:
    page = _page(ben, "new_request", rota_id, query=f"?starts={starts}")
    assert "Whom to ask" in page


def test_somebody_without_a_shift_is_told_so(rota_id: int) -> None:
    dan = make_user("Dan")
    assert "You have no shift here" in _page(dan, "new_request", rota_id)


def test_asking_makes_a_request_and_shows_it(rota_id: int, ben: User) -> None:
    filled = {"shift": _shift(rota_id, ben), "way": "one_by_one", "note": "wedding"}
    url = reverse("oncall:new_request", args=[rota_id])
    answer = signed_in(ben).post(url, filled)
    (made,) = queries.live_requests()
    assert answer.headers["Location"] == reverse("oncall:request", args=[made.id])
    assert (made.asker, made.way, made.note) == ("Ben", Way.ONE_BY_ONE, "wedding")


def test_asking_for_a_swap_names_the_shift_in_return(rota_id: int, ben: User, cat: User) -> None:
    filled = {"shift": _shift(rota_id, ben), "way": "swap", "back": _shift(rota_id, cat)}
    assert _post(ben, "new_request", rota_id, **filled) == 302
    (made,) = queries.live_requests()
    assert (made.kind, [offer.name for offer in made.offers]) == ("swap", ["Cat"])


def test_a_manager_asks_for_somebody_else(rota_id: int, ada: User, ben: User, cat: User) -> None:
    filled = {"shift": _shift(rota_id, ben), "way": "person", "person": cat.id}
    assert _post(ada, "new_request", rota_id, **filled) == 302
    assert _post(cat, "new_request", rota_id, **filled) == 422
    (made,) = queries.live_requests()
    assert (made.asker, made.created_by) == ("Ben", f"user:{ada.id}")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"way": "person"}, "Choose the person to ask."),
        ({"way": "swap"}, "Choose the shift that you take in return."),
        ({"shift": "nonsense"}, "Select a valid choice"),
        ({"part_ends_at": "2020-01-01T10:00"}, "inside of the shift"),
    ],
)
def test_the_form_says_what_is_wrong(
    change: dict[str, str], words: str, rota_id: int, ben: User
) -> None:
    filled = {"shift": _shift(rota_id, ben), "way": "one_by_one", **change}
    answer = signed_in(ben).post(reverse("oncall:new_request", args=[rota_id]), filled)
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize("by_htmx", [True, False])
def test_the_preview_shows_what_changes_and_who_is_asked(
    by_htmx: bool, rota_id: int, ben: User
) -> None:
    filled = {"shift": _shift(rota_id, ben), "way": "everybody"}
    headers = {"HX-Target": "preview"} if by_htmx else {}
    filled |= {} if by_htmx else {"preview": "1"}
    url = reverse("oncall:new_request", args=[rota_id])
    page = signed_in(ben).post(url, filled, headers=headers).content.decode()
    assert ("<html" in page) is not by_htmx
    assert "<strong>Whoever says yes</strong>" in page
    assert "<li>Cat</li>" in page
    assert queries.live_requests() == []


def test_the_preview_of_a_swap_shows_both_sides(rota_id: int, ben: User, cat: User) -> None:
    filled = {"shift": _shift(rota_id, ben), "way": "swap", "back": _shift(rota_id, cat)}
    url = reverse("oncall:new_request", args=[rota_id])
    page = signed_in(ben).post(url, filled, headers={"HX-Target": "preview"}).content.decode()
    assert "Ben → <strong>Cat</strong>" in page
    assert "Cat → <strong>Ben</strong>" in page


def test_whoever_is_asked_sees_what_a_yes_changes_and_says_yes(
    request_id: int, rota_id: int, ben: User, cat: User
) -> None:
    page = _page(cat, "request", request_id)
    for words in ("Yes, I take it", "No, I cannot", "wedding", "Ben → <strong>Cat</strong>"):
        assert words in page
    assert _post(cat, "accept_request", request_id) == 302
    page = _page(ben, "request", request_id)
    assert "Cat said yes" in page
    assert "Ask to undo it" in page
    assert "Yes, I take it" not in page


def test_a_no_is_told_with_its_note(request_id: int, cat: User, ben: User) -> None:
    assert _post(cat, "decline_request", request_id, note="Also at the wedding") == 302
    assert _state(request_id) is RequestState.DECLINED
    assert "Also at the wedding" in _page(ben, "request", request_id)


def test_a_manager_answers_for_others_and_the_trace_says_so(
    request_id: int, ada: User, ben: User, cat: User
) -> None:
    assert "Yes for Cat" in _page(ada, "request", request_id)
    assert _post(ben, "accept_request", request_id, user_id=cat.id) == 403
    assert _post(ada, "accept_request", request_id, user_id=cat.id) == 302
    assert "By Ada." in _page(ben, "request", request_id)


def test_only_the_asker_and_managers_withdraw(request_id: int, ben: User, cat: User) -> None:
    assert _post(cat, "withdraw_request", request_id) == 403
    assert _post(ben, "withdraw_request", request_id) == 302
    assert _state(request_id) is RequestState.WITHDRAWN
    assert _post(ben, "withdraw_request", request_id) == 409


def test_undo_is_for_the_two_and_for_managers(
    request_id: int, ada: User, ben: User, cat: User
) -> None:
    _post(cat, "accept_request", request_id)
    assert _post(make_user("Dan"), "undo_request", request_id) == 403
    assert _post(ben, "undo_request", request_id) == 302
    assert "Agree to undo it" in _page(cat, "request", request_id)
    assert "the other one has to agree" in _page(ben, "request", request_id)
    assert _post(ada, "undo_request", request_id) == 302
    assert _state(request_id) is RequestState.UNDONE


def test_observers_see_requests_and_change_nothing(request_id: int, rota_id: int) -> None:
    observer = make_user("Obi", role="observer")
    assert "Ben asks for cover" in _page(observer, "request", request_id)
    for name in ("accept_request", "decline_request", "withdraw_request", "undo_request"):
        assert _post(observer, name, request_id) == 403
    assert Client().get(reverse("oncall:requests")).status_code == 302
