from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_team, make_user, signed_in
from tests.factories.oncall import main_layer, make_override, make_rota

from evenfall.identity.models import Team, User
from evenfall.oncall import actions, queries
from evenfall.oncall.ports import LieutenantKind, LieutenantRule, OverrideKind
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user("Ada", role="manager")


@pytest.fixture
def ben() -> User:
    return make_user("Ben", role="responder")


@pytest.fixture
def team(ada: User, ben: User) -> Team:
    return make_team(members=[ada, ben])


@pytest.fixture
def rota_id(ada: User, ben: User, team: Team) -> int:
    """Ada has the running week, Ben the next one."""
    now = utc_now()
    monday = (now - timedelta(days=now.weekday())).date()
    layer = main_layer(ada, ben, starts_at=f"{monday - timedelta(weeks=2)} 00:00", zone="UTC")
    rule = LieutenantRule(kind=LieutenantKind.NEXT)
    return make_rota(layers=[layer], lieutenant=rule, team=team, now=now - timedelta(days=20))


def _text(client: Client, name: str, *args: object, **rest: Any) -> str:
    answer = client.get(reverse(f"oncall:{name}", args=args), **rest)
    assert answer.status_code == 200
    return answer.content.decode()


def test_on_call_now_says_who_until_when_and_why(rota_id: int, ben: User) -> None:
    page = _text(signed_in(ben), "now")
    assert "<strong>Ada</strong><br>until" in page
    assert "Ben is lieutenant" in page
    assert "Turn in layer Main, shift from Mon" in page
    assert "Take it for me until" in page
    assert page.count("csrfmiddlewaretoken") == page.count('id="take"') + 1, "one form for all rows"
    assert f'form="take" formaction="{reverse("oncall:take_pager", args=[rota_id])}"' in page
    assert "<html" in page


def test_whoever_is_on_call_sees_another_button_than_the_others(
    rota_id: int, ada: User, ben: User
) -> None:
    for reader, is_mine in ((ben, False), (ada, True), (ben, False)):
        page = _text(signed_in(reader), "now")
        assert (f'formaction="{reverse("oncall:ill")}"' in page) is is_mine
        assert ("Take it for me until" in page) is not is_mine


def test_on_call_now_gives_htmx_its_live_part_only(rota_id: int, ben: User) -> None:
    part = _text(signed_in(ben), "now", headers={"HX-Request": "true"})
    assert "<html" not in part
    assert 'data-live="oncall"' in part


def test_on_call_now_shows_own_teams_first_and_says_when_nobody_is(ben: User, team: Team) -> None:
    other = make_team("Aardvarks")
    make_rota(None, team=other, name="Empty")
    make_rota(ben, team=team, name="Mine")
    page = _text(signed_in(ben), "now")
    assert page.index("Mine") < page.index("Empty")
    assert "<strong>Nobody is on call.</strong> Empty place in layer Main" in page


def test_on_call_now_shows_some_teams_and_fetches_the_next(
    ada: User, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "TEAMS_SHOWN", 2)
    for name in ("Apes", "Bees", "Cats"):
        make_rota(make_user(), team=make_team(name), name=f"Rota of {name}")
    make_rota(ada, team=team, name="Mine")
    client = signed_in(ada)
    page = _text(client, "now")
    assert [name in page for name in ("Mine", "Apes", "Bees")] == [True, True, False]
    assert 'hx-get="/oncall/?from=2"' in page
    part = client.get("/oncall/?from=2", headers={"HX-Request": "true"}).content.decode()
    assert [name in part for name in ("Mine", "Apes", "Bees", "Cats")] == [False, False, True, True]
    assert 'id="on-call-2"' in part
    assert "?from=4" not in part
    assert "No rotas yet" not in client.get("/oncall/?from=9").content.decode()
    assert "Mine" in client.get("/oncall/?from=x").content.decode()
    page = _text(client, "rotas")
    assert [name in page for name in ("Mine", "Apes", "Bees")] == [True, True, False]
    assert 'hx-get="/rotas/?from=2"' in page
    part = client.get("/rotas/?from=2", headers={"HX-Request": "true"}).content.decode()
    assert [name in part for name in ("Mine", "Apes", "Bees", "Cats")] == [False, False, True, True]
    assert "<html" not in part


@pytest.mark.parametrize("page", ["now", "rotas"])
def test_an_empty_list_tells_what_to_do(page: str, ada: User) -> None:
    assert "Make the first rota" in _text(signed_in(ada), page)
    assert "A manager can make the first one." in _text(signed_in(make_user(role="observer")), page)


@pytest.mark.parametrize(("page", "questions"), [("now", 18), ("rotas", 9)])
@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_number_of_times(
    page: str,
    questions: int,
    count: int,
    team: Team,
    ada: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        make_rota(ada, make_user(), team=team, name=f"Rota {number}")
    client = signed_in(ada)
    with django_assert_num_queries(questions):
        _text(client, page)


def test_rota_shows_four_weeks_overrides_and_gaps(rota_id: int, ada: User, ben: User) -> None:
    now = utc_now()
    make_override(rota_id, ben, starts_at=now, hours=2, note="dentist", now=now)
    actions.add_override(
        rota_id=rota_id,
        kind=OverrideKind.REMOVE,
        starts_at=now + timedelta(days=8),
        ends_at=now + timedelta(days=9),
        now=now,
        actor="system",
    )
    page = _text(signed_in(ada), "rota", rota_id)
    assert page.count('class="week"') == 4
    for words in ("On call", "Lieutenant", "Overrides", "dentist", "bar-gap", "Whoever has it"):
        assert words in page
    assert "Nobody is on call for Payments" in page
    assert f"/rotas/{rota_id}/gaps/fill/" in page


def test_delete_rota_takes_it_off_the_list(rota_id: int, ada: User, team: Team) -> None:
    answer = signed_in(ada).post(reverse("oncall:delete_rota", args=[rota_id]), follow=True)
    assert "What it said about the past stays." in answer.content.decode()
    assert queries.rotas_of_team(team.id) == []


def test_take_puts_the_reader_on_call_until_the_shift_ends(rota_id: int, ben: User) -> None:
    before = queries.on_call_at([rota_id], at=utc_now())[rota_id].primary
    answer = signed_in(ben).post(reverse("oncall:take_pager", args=[rota_id]), follow=True)
    assert "You are on call for" in answer.content.decode()
    after = queries.on_call_at([rota_id], at=utc_now())[rota_id].primary
    assert before is not None
    assert after is not None
    assert (after.user_id, after.ends_at) == (ben.id, before.ends_at)
    again = signed_in(ben).post(reverse("oncall:take_pager", args=[rota_id]))
    assert again.status_code == 409


def test_take_covers_a_gap_until_the_next_shift(ada: User, ben: User, team: Team) -> None:
    now = utc_now()
    coming = main_layer(ada, starts_at=f"{(now + timedelta(days=9)).date()} 09:00", zone="UTC")
    rota_id = make_rota(layers=[coming], team=team, now=now)
    assert signed_in(ben).post(reverse("oncall:take_pager", args=[rota_id])).status_code == 302
    nobody = make_rota(None, team=team, name="Nobody", now=now)
    assert signed_in(ben).post(reverse("oncall:take_pager", args=[nobody])).status_code == 409


def _override(person: User, **rest: str) -> dict[str, str]:
    now = utc_now()
    return {
        "kind": "replace",
        "person": str(person.id),
        "role": "primary",
        "starts_at": f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "ends_at": f"{now + timedelta(hours=5):%Y-%m-%dT%H:%M}",
        **rest,
    }


def test_new_override_is_for_oneself_or_for_managers(rota_id: int, ada: User, ben: User) -> None:
    url = reverse("oncall:new_override", args=[rota_id])
    assert "The plan stays as it is." in _text(signed_in(ben), "new_override", rota_id)
    assert signed_in(ben).post(url, _override(ben)).status_code == 302
    assert signed_in(ben).post(url, _override(ada)).status_code == 422
    assert signed_in(ben).post(url, _override(ben, kind="remove")).status_code == 422
    assert signed_in(ada).post(url, _override(ben, kind="remove")).status_code == 302
    kinds = [one.kind for one in queries.coming_overrides(rota_id, now=utc_now())]
    assert kinds == ["replace", "remove"]


def test_new_override_shows_what_the_action_refuses(rota_id: int, ben: User) -> None:
    url = reverse("oncall:new_override", args=[rota_id])
    answer = signed_in(ben).post(url, _override(ben, ends_at="2020-01-01T10:00"))
    assert answer.status_code == 422
    assert "An override ends after it starts." in answer.content.decode()


def test_cancel_is_for_those_concerned(rota_id: int, ada: User, ben: User, team: Team) -> None:
    now = utc_now()
    cyd = make_user("Cyd", role="responder")
    first = make_override(rota_id, ben, starts_at=now, hours=5, now=now)
    second = make_override(rota_id, ben, starts_at=now + timedelta(days=14), now=now)
    assert _cancel(cyd, rota_id, first) == 403
    assert _cancel(ben, rota_id, first) == 302
    assert _cancel(ada, rota_id, second) == 302
    assert queries.coming_overrides(rota_id, now=utc_now()) == []


def _cancel(user: User, rota_id: int, override_id: int) -> int:
    url = reverse("oncall:cancel_override", args=[rota_id, override_id])
    return signed_in(user).post(url).status_code


def _guarded(rota_id: int) -> Iterator[str]:
    for name in ("edit_rota", "delete_rota", "take_pager", "new_override"):
        yield reverse(f"oncall:{name}", args=[rota_id])


def test_observers_change_nothing_and_managers_of_other_teams_neither(rota_id: int) -> None:
    observer = signed_in(make_user(role="observer"))
    stranger = make_user(role="observer")
    make_team("Others", leads=[stranger])
    for url in _guarded(rota_id):
        assert observer.post(url).status_code == 403
        assert signed_in(stranger).post(url).status_code == 403


@pytest.mark.parametrize("by_htmx", [True, False])
def test_new_override_shows_before_saving_what_it_changes(
    by_htmx: bool, rota_id: int, ada: User, ben: User
) -> None:
    url = reverse("oncall:new_override", args=[rota_id])
    start = utc_now() + timedelta(days=14)
    filled = _override(
        ben,
        starts_at=f"{start:%Y-%m-%dT%H:%M}",
        ends_at=f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}",
    )
    filled |= {} if by_htmx else {"preview": "1"}
    headers = {"HX-Target": "preview"} if by_htmx else {}
    page = signed_in(ben).post(url, filled, headers=headers).content.decode()
    assert "Ada → <strong>Ben</strong>" in page
    assert ("<html" in page) is not by_htmx
    assert queries.coming_overrides(rota_id, now=utc_now()) == []


def test_new_override_shows_no_change_while_it_is_not_filled_in(rota_id: int, ben: User) -> None:
    url = reverse("oncall:new_override", args=[rota_id])
    preview = {"HX-Target": "preview"}
    for filled in (
        {},
        _override(ben, ends_at="2020-01-01T10:00"),
        _override(ben, starts_at="2030-01-01T10:00", ends_at="2036-01-01T10:00"),
    ):
        page = signed_in(ben).post(url, filled, headers=preview).content.decode()
        assert "Fill in who and when" in page


def test_new_override_takes_over_only_from_the_one_named(
    rota_id: int, ada: User, ben: User
) -> None:
    url = reverse("oncall:new_override", args=[rota_id])
    start = utc_now() + timedelta(days=14)
    filled = _override(
        ben,
        instead_of=str(ben.id),
        starts_at=f"{start:%Y-%m-%dT%H:%M}",
        ends_at=f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}",
    )
    answer = signed_in(ben).post(url, filled)
    assert answer.status_code == 422
    assert "would change nothing: Ben is not on call then" in answer.content.decode()


def test_a_shadow_is_put_on_by_override_and_named_where_people_look(rota_id: int) -> None:
    cy = make_user("Cy", role="manager")
    start = utc_now()
    form = {
        "kind": "replace",
        "role": "shadow",
        "person": cy.id,
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "ends_at": f"{start + timedelta(hours=4):%Y-%m-%dT%H:%M}",
    }
    client = signed_in(cy)
    answer = client.post(reverse("oncall:new_override", args=[rota_id]), form)
    assert answer.status_code == 302
    assert "Cy is shadow" in _text(client, "now")
    page = _text(client, "rota", rota_id)
    assert "<dt>Shadow</dt><dd>Cy, who learns until" in page
    assert "Cy learns as shadow" in page
